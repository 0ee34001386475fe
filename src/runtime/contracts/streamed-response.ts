/** One event's streamed response on its way through a contract: passed on as it comes, its first part kept for the outcome. */
import { type Outcome, type ResponseListener, STREAM_KEPT_BYTES } from '../../model/invocation.ts';
import { payloadOfStream } from './streamed-payload.ts';

/** What Lambda's runtime API takes of a response in one piece: 6 MiB and 100 bytes. */
export const MAX_RESPONSE_BYTES = 6_291_556;
/** Largest streamed response. Not emulated: the bandwidth limit after its first 6 MB. */
export const MAX_STREAMED_BYTES = 200 * 1024 * 1024;

export interface StreamedResponse {
  /** A promise while the listener is behind. */
  add(bytes: Buffer): void | Promise<void>;
  /** The function has written all of it. */
  end(): Outcome;
}

/** Without a listener the whole response is kept, and may be no larger than one in one piece. `event`: the event's JSON text. */
export function makeStreamedResponse(
  contentType: string,
  event: string,
  listener: ResponseListener | undefined,
): StreamedResponse {
  const limit = listener ? MAX_STREAMED_BYTES : MAX_RESPONSE_BYTES;
  const keep = listener ? STREAM_KEPT_BYTES : MAX_RESPONSE_BYTES;
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let sizeBytes = 0;
  listener?.begin(contentType);

  return {
    add(bytes) {
      const room = limit - sizeBytes;
      sizeBytes += bytes.length;
      if (keptBytes < keep) {
        // A copy: a part would hold on to all that was read with it.
        const part = Buffer.from(bytes.subarray(0, keep - keptBytes));
        kept.push(part);
        keptBytes += part.length;
      }
      if (!listener || room <= 0) return undefined;
      return listener.take(bytes.length > room ? bytes.subarray(0, room) : bytes);
    },
    end() {
      if (sizeBytes > limit) return tooLarge(sizeBytes, limit);
      const bytes = Buffer.concat(kept, keptBytes);
      const whole = sizeBytes > keptBytes ? withoutTornCharacter(bytes) : bytes;
      return { status: 'ok', payload: payloadOfStream(contentType, whole, event) };
    },
  };
}

const TOO_LARGE = 'Function.ResponseSizeTooLarge';

export function isTooLarge(outcome: Outcome): boolean {
  return outcome.status === 'error' && outcome.error.errorType === TOO_LARGE;
}

export function tooLarge(sizeBytes: number, limitBytes: number): Extract<Outcome, { status: 'error' }> {
  return {
    status: 'error',
    phase: 'invoke',
    error: {
      errorType: TOO_LARGE,
      errorMessage: `Response payload size (${sizeBytes} bytes) exceeded maximum allowed payload size (${limitBytes} bytes).`,
    },
  };
}

/** Bytes that were cut anywhere, up to the last whole character if they are text. */
function withoutTornCharacter(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 3 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  const lead = bytes[end - 1] ?? 0;
  const wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - end + 1 < wanted ? bytes.subarray(0, end - 1) : bytes;
}
