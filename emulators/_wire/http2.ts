/** HTTP/2 without TLS: the SDKs speak it to Kinesis unless told otherwise. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Http2Server, type Http2ServerRequest } from 'node:http2';

/** A server that is given its connections, on which `handler` serves requests as if they were of HTTP/1. */
export function makeHttp2(handler: (req: IncomingMessage, res: ServerResponse) => void): Http2Server {
  const http2 = createServer((req, res) => handler(asHttp1(req), res as unknown as ServerResponse));
  http2.on('sessionError', () => {});
  return http2;
}

/** Node's own compatibility layer, and the one header it does not translate. */
function asHttp1(req: Http2ServerRequest): IncomingMessage {
  const authority = req.headers[':authority'];
  if (req.headers.host === undefined && authority !== undefined) req.headers.host = authority;
  return req as unknown as IncomingMessage;
}
