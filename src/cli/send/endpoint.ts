/** Sends to a running session's AWS endpoint as a client does, each in a trace of its own. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { messageOf, SlsError } from '../../std/errors.ts';
import type { WireRequest } from './wire-request.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Endpoint {
  /** Rejects with `SlsError` `session-unreachable` when nothing answers. */
  send(wire: WireRequest, traceId: string): Promise<Answer>;
  close(): void;
}

export function openEndpoint(url: string): Endpoint {
  const agent = new Agent({ keepAlive: true });
  return {
    send: ({ method, path, headers, body }, traceId) =>
      new Promise((resolve, reject) => {
        const fail = (cause: unknown) =>
          reject(
            new SlsError(
              'session-unreachable',
              `the session at ${url} does not answer: ${messageOf(cause)}`,
              {
                hint: 'was it stopped? start it with: sls-local dev',
                cause,
              },
            ),
          );
        const sent = request(new URL(url), {
          ...{ method, path, agent },
          headers: {
            ...headers,
            'content-length': String(body.length),
            'x-amzn-trace-id': `Root=${traceId}`,
          },
        });
        sent.on('error', fail);
        sent.on('response', (response) => {
          buffer(response).then(
            (bytes) =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text: bytes.toString(),
              }),
            fail,
          );
        });
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
