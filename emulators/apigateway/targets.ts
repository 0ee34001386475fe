/** What a request can be routed to: one compiled target per HTTP trigger. */
import type { RouteGuard } from '../../src/model/authorizers.ts';
import type { Cors } from '../../src/model/project.ts';
import type { CompiledMapping } from './mapping/compile.ts';
import type { CompiledCheck } from './request-check.ts';

export type HttpApiKind = 'http-api' | 'rest-api' | 'function-url';

/** Which event goes in and which answer is understood. */
export type PayloadFormat = 'http-2.0' | 'http-1.0' | 'rest' | 'url';

export interface Target {
  readonly api: HttpApiKind;
  readonly format: PayloadFormat;
  readonly functionId: string;
  /** `GET /orders/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  /** `/orders/{id}`: the path part of the route. */
  readonly resource: string;
  /** `$default`, or the first path segment of the deployed URL. */
  readonly stage: string;
  readonly apiId: string;
  /** When the gateway stops waiting; absent = the function's own timeout decides (function URLs). */
  readonly timeoutMs: number | undefined;
  readonly maximumBodyBytes: number;
  /** A streamed response is passed on as it comes (function URLs in mode RESPONSE_STREAM). */
  readonly streams?: boolean;
  /** Headers the platform adds and takes away; REST APIs leave that to the function. */
  readonly cors: Cors | undefined;
  /** Who may call it; absent = everybody. */
  readonly guard?: RouteGuard;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** REST: events and responses are made by templates; absent = they are passed through. */
  readonly mapping?: CompiledMapping;
  /** REST: it answers by itself; `functionId` is empty. */
  readonly isMock?: boolean;
  /** REST: what its requests are told they are. */
  readonly operationName?: string;
  /** REST: what its validator asks for. */
  readonly check?: CompiledCheck;
  /** REST: whether a body of this media type travels as base64. */
  readonly isBinary: (mediaType: string) => boolean;
}

/** HTTP and REST APIs take 10 MB, function URLs what the function can be given: 6 MB (both are mebibytes). */
export const GATEWAY_BODY_BYTES = 10 * 1024 * 1024;
export const FUNCTION_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** What it can be given without being waited for. */
export const ASYNC_PAYLOAD_BYTES = 1024 * 1024;
