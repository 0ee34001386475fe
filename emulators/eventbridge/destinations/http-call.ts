/** Makes one HTTP call and says what came of it. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '../../../src/model/platform.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { HttpRequest } from './request.ts';

export type HttpResult =
  | {
      readonly status: number;
      /** Of what it says in `Retry-After`, in seconds. */
      readonly retryAfterMs?: number;
      readonly body: string;
    }
  | { readonly status: 'timeout' | 'failed'; readonly reason: string };

/** Source: user guide, "API destinations": a call has five seconds. */
const TIMEOUT_MS = 5000;
/** The service asks for no more. */
const MOST_BYTES = 1024 * 1024;

/** Never rejects. */
export function callHttp(
  { method, url, headers, body }: HttpRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<HttpResult> {
  return new Promise((resolve) => {
    const target = new URL(url);
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const length = hasBody ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const sent = send(target, { method, signal, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MOST_BYTES) chunks.push(chunk);
      });
      const retryAfter = Number(response.headers['retry-after']);
      response.once('end', () =>
        end({
          status: response.statusCode ?? 0,
          ...(retryAfter > 0 && { retryAfterMs: retryAfter * 1000 }),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      response.once('error', (failure) => end({ status: 'failed', reason: messageOf(failure) }));
    });
    const timer = clock.after(TIMEOUT_MS, () => {
      end({ status: 'timeout', reason: `it did not answer in ${TIMEOUT_MS / 1000} seconds` });
      sent.destroy();
    });
    const end = (result: HttpResult) => {
      timer.cancel();
      resolve(result);
    };
    sent.once('error', (failure) => end({ status: 'failed', reason: messageOf(failure) }));
    sent.end(hasBody ? body : undefined);
  });
}
