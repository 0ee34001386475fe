/** An HTTP endpoint as users subscribe it: keeps what it is sent, and answers as it is told. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Posted {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface EndpointUnderTest {
  readonly url: string;
  /** The next request, in the order they come; waits for it. */
  next(): Promise<Posted>;
  /** Status of each answer from now on; 0 = it never answers. */
  status: number;
  close(): Promise<void>;
}

export async function startEndpointUnderTest(): Promise<EndpointUnderTest> {
  const arrived: Posted[] = [];
  const waiting: ((posted: Posted) => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const posted = { method, path, headers, body: Buffer.concat(chunks).toString() };
      const waiter = waiting.shift();
      if (waiter) waiter(posted);
      else arrived.push(posted);
      if (endpoint.status > 0) response.writeHead(endpoint.status).end('answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint: EndpointUnderTest = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    status: 200,
    next() {
      const posted = arrived.shift();
      if (posted) return Promise.resolve(posted);
      return new Promise((resolve) => waiting.push(resolve));
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return endpoint;
}
