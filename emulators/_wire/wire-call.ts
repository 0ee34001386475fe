/** The `ApiCall` an operation gets, made from one HTTP exchange. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TraceContext } from '../../src/model/invocation.ts';
import type { ApiCall } from '../../src/model/service-api.ts';

/** One request with its body, and what every answer to it needs. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly body: Buffer;
  /** Without the query string, still encoded. */
  readonly path: string;
  /** The query string with its `?`, or empty. */
  readonly search: string;
  readonly requestId: string;
  readonly accessKeyId: string | undefined;
}

export interface Place {
  readonly region: string;
  readonly accountId: string;
  /** Base URL used when the caller sent no Host header. */
  readonly url: string;
}

export class WireCall implements ApiCall {
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  readonly origin: TraceContext;
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string | undefined;
  readonly #res: ServerResponse;
  #signal: AbortSignal | undefined;

  constructor(x: Exchange, place: Place, service: string, operation: string, origin: TraceContext) {
    this.service = service;
    this.operation = operation;
    this.requestId = x.requestId;
    this.origin = origin;
    const host = x.req.headers.host;
    this.endpoint = host ? `http://${host}` : place.url;
    this.region = place.region;
    this.accountId = place.accountId;
    this.accessKeyId = x.accessKeyId;
    this.#res = x.res;
  }

  /** Made when asked for: few operations wait, and a controller costs more than most of them. */
  get signal(): AbortSignal {
    this.#signal ??= whenHungUp(this.#res);
    return this.#signal;
  }
}

function whenHungUp(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    // HTTP/2 takes a torn answer for a finished one.
    if (!res.writableEnded || !res.writableFinished) controller.abort(new Error('the caller hung up'));
  });
  return controller.signal;
}
