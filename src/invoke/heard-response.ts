/** Stands between a function's streamed response and who listens to it: counts, and falls silent at the invocation's end. */
import { type ResponseListener, STREAM_KEPT_BYTES, type Streamed } from '../model/invocation.ts';

export interface HeardResponse {
  readonly listener: ResponseListener;
  /** The outcome is known: nothing is passed on any more. Undefined where there was no streamed response. */
  end(): Streamed | undefined;
}

export function hearResponse(to: ResponseListener): HeardResponse {
  let begun = false;
  let over = false;
  let sizeBytes = 0;
  return {
    listener: {
      begin(contentType) {
        if (over) return;
        begun = true;
        to.begin(contentType);
      },
      take(bytes) {
        if (over) return undefined;
        sizeBytes += bytes.length;
        return to.take(bytes);
      },
    },
    end() {
      over = true;
      if (!begun) return undefined;
      return {
        sizeBytes,
        ...(sizeBytes > STREAM_KEPT_BYTES ? { cut: true } : {}),
        ...(to.isGone?.() ? { hungUp: true } : {}),
      };
    },
  };
}
