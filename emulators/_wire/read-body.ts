/** Reads a request's body whole, up to a limit. */
import type { IncomingMessage } from 'node:http';

const EMPTY = Buffer.alloc(0);

/** Calls `done` once: with the body, or with undefined when it is longer than `maxBytes`. Not called when the caller hangs up first. */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
  done: (body: Buffer | undefined) => void,
): void {
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let sizeBytes = 0;
  let over = false;

  req.on('data', (chunk: Buffer) => {
    if (over) return;
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      over = true;
      chunks = undefined;
      return done(undefined);
    }
    if (first === undefined) first = chunk;
    else if (chunks) chunks.push(chunk);
    else chunks = [first, chunk];
  });
  req.on('end', () => {
    if (!over) done(chunks ? Buffer.concat(chunks, sizeBytes) : (first ?? EMPTY));
  });
}
