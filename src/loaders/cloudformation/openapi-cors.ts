/** CORS as an OpenAPI definition says it: an operation that answers by itself (REST), or an extension (HTTP). */
import type { Cors } from '../../model/project.ts';
import type { Operation } from './definitions.ts';
import { capital, listedCors, preflightHeaders } from './http.ts';
import { asText } from './plain-functions.ts';
import { isMap, mapOf } from './template.ts';

/** An OPTIONS operation that API Gateway answers, and allows other origins with. */
export function isPreflight(operation: Operation): boolean {
  const { method, integration } = operation;
  const isMock = method === 'OPTIONS' && asText(integration?.type).toLowerCase() === 'mock';
  return isMock && corsOfPreflight(operation).allowOrigins.length > 0;
}

/** What the OPTIONS operation answers. */
export function corsOfPreflight({ integration }: Operation): Cors {
  const responses = Object.values(mapOf(integration?.responses)).map(mapOf);
  return preflightHeaders(mapOf(responses[0]?.responseParameters));
}

/** `x-amazon-apigateway-cors` of an HTTP API. */
export function corsOfExtension(written: unknown): Cors | undefined {
  if (!isMap(written)) return undefined;
  const entries = Object.entries(written).map(([key, value]) => [capital(key), value]);
  return listedCors(Object.fromEntries(entries));
}
