/** Rows that wait for the store, encoded, in one reused piece of memory. */
import type { Place } from './encode-row.ts';
import { isIndexed } from './row-frames.ts';

export interface WaitingRow {
  readonly id: string;
  readonly frame: Buffer;
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

export const TRAY_BYTES = 4 * 1024 * 1024;

export function makeTray(): Tray {
  let ids: string[] = [];
  let ends: number[] = [];
  let replacing: boolean[] = [];
  let [first, last, indexed, replaced] = ['', '', false, false];
  // The memory comes with the first row: most commands only read.
  const place: Place = placeOf(Buffer.alloc(0));

  return {
    get rows() {
      return ids.length;
    },
    place,
    hasRoom: (bytes) => place.at + bytes <= place.bytes.length,
    enlarge(bytes) {
      if (bytes > place.bytes.length)
        Object.assign(place, placeOf(Buffer.allocUnsafeSlow(Math.max(bytes, TRAY_BYTES))));
    },
    add(id, length, replaces) {
      ids.push(id);
      if (first === '' || id < first) first = id;
      if (id > last) last = id;
      indexed ||= isIndexed(place.bytes, place.at);
      replaced ||= replaces;
      place.at += length;
      ends.push(place.at);
      replacing.push(replaces);
    },
    *[Symbol.iterator]() {
      let at = 0;
      for (const [index, id] of ids.entries()) {
        const end = ends[index] ?? at;
        yield { id, frame: place.bytes.subarray(at, end), replaces: replacing[index] ?? false };
        at = end;
      }
    },
    whole() {
      if (replaced || ids.length === 0) return undefined;
      return { frames: place.bytes.subarray(0, place.at), rows: ids.length, first, last, indexed };
    },
    empty() {
      ids = [];
      ends = [];
      replacing = [];
      [first, last, indexed, replaced] = ['', '', false, false];
      place.at = 0;
      if (place.bytes.length > TRAY_BYTES) Object.assign(place, placeOf(Buffer.alloc(0)));
    },
  };
}

function placeOf(bytes: Buffer): Place {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at: 0 };
}
