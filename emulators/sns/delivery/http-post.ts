/** Posts one delivery to its endpoint and says what came of it. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '../../../src/model/platform.ts';
import { messageOf } from '../../../src/std/errors.ts';
import { formatTraceHeader } from '../../../src/std/trace-header.ts';
import type { HttpRequest } from './http-request.ts';

export type Posted =
  | { readonly status: 'ok' }
  /** May go well another time. */
  | { readonly status: 'failed'; readonly reason: string }
  /** Will not go well another time. */
  | { readonly status: 'refused'; readonly reason: string };

/** Source: SNS guide, "Fanout to HTTP/S endpoints": an endpoint has fifteen seconds. */
const TIMEOUT_MS = 15_000;

/** Never rejects. */
export function post(delivery: HttpRequest, clock: Clock, signal: AbortSignal): Promise<Posted> {
  return new Promise((resolve) => {
    const { url, headers, body, origin } = delivery;
    const target = new URL(url);
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = send(
      target,
      {
        method: 'POST',
        signal,
        headers: {
          ...headers,
          'content-length': Buffer.byteLength(body),
          ...(origin && { 'x-amzn-trace-id': formatTraceHeader(origin) }),
        },
      },
      (response) => {
        response.resume();
        response.once('end', () => end(judge(response.statusCode ?? 0)));
        response.once('error', (failure) => end({ status: 'failed', reason: messageOf(failure) }));
      },
    );
    const timer = clock.after(TIMEOUT_MS, () => {
      sent.destroy(new Error(`it did not answer in ${TIMEOUT_MS / 1000} seconds`));
    });
    const end = (posted: Posted) => {
      timer.cancel();
      resolve(posted);
    };
    sent.once('error', (failure) => end({ status: 'failed', reason: messageOf(failure) }));
    sent.end(body);
  });
}

/** The service tries again after server errors and throttling, not after what the client is told is its own fault. */
function judge(status: number): Posted {
  if (status >= 200 && status < 300) return { status: 'ok' };
  const reason = `it answered ${status}`;
  return status === 429 || status >= 500 ? { status: 'failed', reason } : { status: 'refused', reason };
}
