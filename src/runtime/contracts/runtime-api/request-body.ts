/** Reads the body of a runtime's POST: with a limit, without hanging up on a client that sends more; or as it comes. */
import type { IncomingMessage } from 'node:http';

export type RequestBody =
  | { readonly status: 'complete'; readonly bytes: Buffer }
  /** `sentBytes` is what the client sent in all. */
  | { readonly status: 'too-large'; readonly sentBytes: number }
  | { readonly status: 'truncated' };

/** Reads to the end in every case: a reply written before the client has finished sending would be lost to it. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<RequestBody> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let sentBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sentBytes += chunk.length;
      if (sentBytes > limitBytes) chunks = [];
      else chunks.push(chunk);
    });
    request.once('end', () => {
      if (sentBytes > limitBytes) return resolve({ status: 'too-large', sentBytes });
      const [first] = chunks;
      resolve({
        status: 'complete',
        bytes: chunks.length === 1 && first ? first : Buffer.concat(chunks, sentBytes),
      });
    });
    request.once('error', () => resolve({ status: 'truncated' }));
    request.once('close', () => resolve({ status: 'truncated' }));
  });
}

export type StreamEnd = 'complete' | 'truncated';

/** Hands the body on as it comes; a promise of `take` keeps the client from sending more until it settles. */
export function passBody(
  request: IncomingMessage,
  take: (bytes: Buffer) => void | Promise<void>,
): Promise<StreamEnd> {
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      const taking = take(chunk);
      if (!taking) return;
      request.pause();
      void taking.then(() => request.resume());
    });
    request.once('end', () => resolve('complete'));
    request.once('error', () => resolve('truncated'));
    request.once('close', () => resolve('truncated'));
  });
}
