/** Writes the bytes of an object, or a range of them, to whoever reads: never more of it in memory than a piece. */
import type { BodyFiles } from '../../../src/model/platform.ts';
import type { Segment } from '../model.ts';

type Write = (bytes: Buffer) => void | Promise<void>;

const PIECE_BYTES = 256 * 1024;

export async function sendSegments(
  files: BodyFiles,
  segments: readonly Segment[],
  write: Write,
): Promise<void> {
  for (const segment of segments) await sendSegment(files, segment, write);
}

async function sendSegment(
  files: BodyFiles,
  { file, offset = 0, sizeBytes }: Segment,
  write: Write,
): Promise<void> {
  const reader = await files.open(file);
  try {
    const end = offset + sizeBytes;
    for (let at = offset; at < end; ) {
      // A piece belongs to the socket until it is sent, so each is a buffer of its own.
      const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, end - at));
      const read = await reader.read(piece, at);
      if (read === 0) throw new Error(`the file ${file} is shorter than it was`);
      at += read;
      const waits = write(read === piece.length ? piece : piece.subarray(0, read));
      if (waits) await waits;
    }
  } finally {
    await reader.close();
  }
}

/** The segments that hold `length` bytes from `start` on. */
export function sliceSegments(segments: readonly Segment[], start: number, length: number): Segment[] {
  const sliced: Segment[] = [];
  let skip = start;
  let left = length;
  for (const { file, offset = 0, sizeBytes } of segments) {
    if (left === 0) break;
    if (skip >= sizeBytes) {
      skip -= sizeBytes;
      continue;
    }
    const taken = Math.min(sizeBytes - skip, left);
    sliced.push({ file, offset: offset + skip, sizeBytes: taken });
    left -= taken;
    skip = 0;
  }
  return sliced;
}

export function filesOf(segments: readonly Segment[]): string[] {
  return segments.map(({ file }) => file);
}
