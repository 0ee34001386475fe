/** Cuts a byte stream into frames; a frame that lies within one chunk is handed on without copying. */
import { HEADER_BYTES } from './protocol.ts';

/** More than any payload a function may answer; a longer frame means that the other side is not ours. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

const NOTHING: Buffer = Buffer.alloc(0);

/** `onFrame` may keep `body`. Throws on a frame that cannot be. */
export function makeFrameReader(onFrame: (type: number, body: Buffer) => void): (chunk: Buffer) => void {
  /** A frame of which only the first `filled` bytes have come. */
  let open: Buffer | undefined;
  let openType = 0;
  let filled = 0;
  /** Bytes of a header that is not whole yet. */
  let rest: Buffer = NOTHING;

  return (bytes) => {
    let chunk = bytes;
    let at = 0;
    if (rest.length > 0) {
      chunk = Buffer.concat([rest, bytes]);
      rest = NOTHING;
    }
    if (open) {
      at = chunk.copy(open, filled);
      filled += at;
      if (filled < open.length) return;
      const body = open;
      open = undefined;
      onFrame(openType, body);
    }
    while (chunk.length - at >= HEADER_BYTES) {
      const length = chunk.readUInt32BE(at);
      const type = chunk.readUInt8(at + 4);
      if (length > MAX_FRAME_BYTES) throw new Error(`a frame of ${length} bytes cannot be`);
      at += HEADER_BYTES;
      if (chunk.length - at < length) {
        open = Buffer.allocUnsafeSlow(length);
        openType = type;
        filled = chunk.copy(open, 0, at);
        return;
      }
      onFrame(type, chunk.subarray(at, at + length));
      at += length;
    }
    if (at < chunk.length) rest = chunk.subarray(at);
  };
}
