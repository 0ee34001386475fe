/** Servers on a port of ours: loopback by default, 0 allowed, a taken port explained. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { codeOf, SlsError } from './errors.ts';

export interface ListenOptions {
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  /** What the port is for, and the flag that changes it: used in the error for a taken port. */
  readonly purpose: string;
  readonly flag?: string;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Stops accepting, ends open connections, resolves when all are gone. */
  close(): Promise<void>;
}

export async function listen(server: Server | HttpServer, options: ListenOptions): Promise<Listening> {
  const host = options.host ?? '127.0.0.1';
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: options.port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((failure) => {
    throw explain(failure, host, options);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host,
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function explain(failure: unknown, host: string, { port, purpose, flag }: ListenOptions): unknown {
  const code = codeOf(failure);
  const change = flag
    ? `stop the other program or choose another port with ${flag} N (0 = any free port)`
    : 'stop the other program';
  if (code === 'EADDRINUSE')
    return new SlsError('port-taken', `port ${port} on ${host}, wanted for ${purpose}, is already in use`, {
      hint: change,
      cause: failure,
    });
  if (code === 'EACCES')
    return new SlsError(
      'port-denied',
      `this user may not listen on port ${port} on ${host} (wanted for ${purpose})`,
      { hint: `choose a port above 1023${flag ? ` with ${flag} N` : ''}`, cause: failure },
    );
  if (code === 'EADDRNOTAVAIL')
    return new SlsError('host-unknown', `${host} is not an address of this machine (wanted for ${purpose})`, {
      hint: 'use 127.0.0.1',
      cause: failure,
    });
  return failure;
}
