/** Reads a request body up to a limit; what is beyond is drained, so that the client gets to see the refusal. */
import type { IncomingMessage } from 'node:http';

/** How much of a body that is refused anyway is read before the connection is cut. */
const DRAIN_BYTES = 256 * 1024 * 1024;

export type BodyRead = { readonly body: Buffer | undefined } | 'too-large' | 'aborted';

export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return (
    (headers['content-length'] !== undefined && headers['content-length'] !== '0') ||
    headers['transfer-encoding'] !== undefined
  );
}

/** Calls back once: the whole body, or why there is none. */
export function readRequestBody(
  request: IncomingMessage,
  maximumBytes: number,
  done: (read: BodyRead) => void,
): void {
  let chunks: Buffer[] = [];
  let sizeBytes = 0;
  let settled = false;
  const settle = (read: BodyRead) => {
    if (settled) return;
    settled = true;
    done(read);
  };
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= maximumBytes) return void chunks.push(chunk);
    chunks = [];
    if (sizeBytes <= DRAIN_BYTES) return;
    settle('too-large');
    request.destroy();
  });
  request.on('end', () => {
    if (sizeBytes > maximumBytes) return settle('too-large');
    settle({ body: sizeBytes === 0 ? undefined : joined(chunks) });
  });
  request.on('close', () => settle('aborted'));
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}
