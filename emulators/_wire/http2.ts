/** HTTP/2 without TLS on the port of an HTTP/1 server: the SDKs speak it to Kinesis unless told otherwise. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, type Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** The first bytes of every connection that speaks it (RFC 9113, 3.4); no HTTP/1 method begins with them. */
const PREFACE = 'PRI';

/** Looks at the first bytes of each connection and hands it to the one or the other. */
export function acceptHttp2(server: Server, handler: Handler): void {
  const http2 = createServer((req, res) => handler(asHttp1(req), res as unknown as ServerResponse));
  http2.on('sessionError', () => {});
  const listeners = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const drop = () => void socket.destroy();
    socket.once('error', drop);
    socket.once('data', (first: Buffer) => {
      socket.off('error', drop);
      socket.pause();
      socket.unshift(first);
      // Its session reads what is buffered by itself.
      if (first.toString('latin1', 0, PREFACE.length) === PREFACE)
        return void http2.emit('connection', socket);
      for (const listener of listeners) listener.call(server, socket);
      socket.resume();
    });
  });
}

/** Node's own compatibility layer, and the one header it does not translate. */
function asHttp1(req: Http2ServerRequest): IncomingMessage {
  const authority = req.headers[':authority'];
  if (req.headers.host === undefined && authority !== undefined) req.headers.host = authority;
  return req as unknown as IncomingMessage;
}
