/** Methods and cross-origin rules of HTTP routes. */

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'ANY';

export interface Cors {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds?: number;
}

/** The path of a route below the stage its API names: `/v1/orders/{id}`. */
export function deployedPath({ stage, path }: { readonly stage?: string; readonly path: string }): string {
  return stage === undefined ? path : `/${stage}${path.startsWith('/') ? path : `/${path}`}`;
}
