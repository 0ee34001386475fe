/** Rows that wait for the store, encoded, in one reused piece of memory. */
import type { Place } from './encode-row.ts';
import { framesIn, idOf, isIndexed } from './row-frames.ts';

export interface WaitingRow {
  readonly id: string;
  readonly frame: Uint8Array;
  /** The store may hold an older version of it. */
  readonly replaces: boolean;
}

/** Rows whose ids nothing else has, one behind the other. */
export interface Whole {
  readonly frames: Buffer;
  readonly rows: number;
  /** Least and greatest id. */
  readonly first: string;
  readonly last: string;
  /** Whether some row has index entries. */
  readonly indexed: boolean;
}

export interface Tray {
  readonly rows: number;
  readonly place: Place;
  /** Whether so many bytes still fit behind the rows. */
  hasRoom(bytes: number): boolean;
  /** Room for so many bytes in an empty tray. */
  enlarge(bytes: number): void;
  /** The frame just written behind the others belongs to this row. */
  add(id: string, length: number, replaces: boolean): void;
  [Symbol.iterator](): Iterator<WaitingRow>;
  /** All of it as one piece, unless a row replaces another. Valid until the tray is emptied. */
  whole(): Whole | undefined;
  empty(): void;
}

export const TRAY_BYTES = 8 * 1024 * 1024;

export function makeTray(): Tray {
  let [rows, first, last, indexed] = [0, '', '', false];
  /** Their places among the rows. */
  const replacing = new Set<number>();
  // The memory comes with the first row: most commands only read.
  const place: Place = placeOf(Buffer.alloc(0));

  return {
    get rows() {
      return rows;
    },
    place,
    hasRoom: (bytes) => place.at + bytes <= place.bytes.length,
    enlarge(bytes) {
      if (bytes > place.bytes.length)
        Object.assign(place, placeOf(Buffer.allocUnsafeSlow(Math.max(bytes, TRAY_BYTES))));
    },
    add(id, length, replaces) {
      if (first === '' || id < first) first = id;
      if (id > last) last = id;
      indexed ||= isIndexed(place.bytes, place.at);
      if (replaces) replacing.add(rows);
      place.at += length;
      rows++;
    },
    *[Symbol.iterator]() {
      let row = 0;
      for (const frame of framesIn(place.bytes.subarray(0, place.at)))
        yield { id: idOf(frame), frame, replaces: replacing.has(row++) };
    },
    whole() {
      if (replacing.size > 0 || rows === 0) return undefined;
      return { frames: place.bytes.subarray(0, place.at), rows, first, last, indexed };
    },
    empty() {
      [rows, first, last, indexed] = [0, '', '', false];
      replacing.clear();
      place.at = 0;
      if (place.bytes.length > TRAY_BYTES) Object.assign(place, placeOf(Buffer.alloc(0)));
    },
  };
}

function placeOf(bytes: Buffer): Place {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at: 0 };
}
