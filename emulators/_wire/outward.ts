/** Makes HTTP calls to servers outside of the session, and says what came of each. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { CallOutside, OutwardAnswer } from '../../src/model/outward.ts';
import type { Clock } from '../../src/model/platform.ts';
import { messageOf } from '../../src/std/errors.ts';

const MOST_BYTES = 1024 * 1024;

/** `clock`: servers elsewhere take real time. */
export function makeCallOutside(clock: Pick<Clock, 'after'>): CallOutside {
  return ({ method, url, headers, body, timeoutMs }, signal) =>
    new Promise((resolve) => {
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
      const timer = clock.after(timeoutMs, () => {
        end({ status: 'timeout', reason: `it did not answer in ${timeoutMs / 1000} seconds` });
        sent.destroy();
      });
      const end = (answer: OutwardAnswer) => {
        timer.cancel();
        resolve(answer);
      };
      sent.once('error', (failure) => end({ status: 'failed', reason: messageOf(failure) }));
      sent.end(hasBody ? body : undefined);
    });
}
