/** Looks at the first bytes of each connection and hands it to whoever speaks that: plain requests, HTTP/2 where that is served, or Node's HTTP/1 server. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { makeHttp2 } from './http2.ts';
import { type PlainHandler, servePlainly } from './plain-requests.ts';

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** The first bytes of every connection that speaks HTTP/2 (RFC 9113, 3.4); no HTTP/1 method begins with them. */
const PREFACE = 'PRI';

export function shareConnections(server: Server, plain: PlainHandler, onHttp2?: Handler): void {
  const http2 = onHttp2 && makeHttp2(onHttp2);
  const listeners = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners('connection');

  const toHttp1 = (socket: Socket, read: Buffer) => {
    socket.pause();
    if (read.length > 0) socket.unshift(read);
    for (const listener of listeners) listener.call(server, socket);
    socket.resume();
  };

  server.on('connection', (socket: Socket) => {
    const drop = () => void socket.destroy();
    socket.once('error', drop);
    socket.once('data', (first: Buffer) => {
      socket.off('error', drop);
      if (!http2 || first.toString('latin1', 0, PREFACE.length) !== PREFACE)
        return servePlainly(socket, first, plain, (rest) => toHttp1(socket, rest));
      socket.pause();
      // Its session reads what is buffered by itself.
      socket.unshift(first);
      http2.emit('connection', socket);
    });
  });
}
