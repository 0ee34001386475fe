/** Frames of the journal: where one begins and ends, and what is read of it without decoding it. */
import { decodeRow } from './decode-row.ts';
import { FLAGS_AT, GENERATION_AT, INDEXED, LENGTHS_AT, TEXTS_AT } from './row-layout.ts';
import { indexedTraces } from './trace-index.ts';

/** Of the record, without decoding the rest. */
export function idOf(frame: Uint8Array): string {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  return bytes.toString('latin1', TEXTS_AT, TEXTS_AT + bytes.readUInt32LE(LENGTHS_AT));
}

/** Whether the row whose frame begins at `at` has index entries; most have none. */
export function isIndexed(bytes: Uint8Array, at = 0): boolean {
  return ((bytes[at + FLAGS_AT] ?? 0) & INDEXED) !== 0;
}

/** Traces the row has an index entry for. */
export function indexedTracesOf(frame: Uint8Array): readonly string[] {
  return isIndexed(frame) ? indexedTraces(decodeRow(frame).record) : [];
}

/** The frames that lie one behind the other from the beginning on. A torn last one is left out. */
export function* framesIn(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + TEXTS_AT <= bytes.length; ) {
    const length = view.getUint32(at, true);
    if (length < TEXTS_AT || at + length > bytes.length) return;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** The frames of one generation at the beginning; what lies behind them is older. */
export function* framesOfOneGeneration(bytes: Uint8Array): Generator<Uint8Array> {
  let generation: number | undefined;
  for (const frame of framesIn(bytes)) {
    const own = new DataView(frame.buffer, frame.byteOffset).getUint32(GENERATION_AT, true);
    generation ??= own;
    if (own !== generation) return;
    yield frame;
  }
}
