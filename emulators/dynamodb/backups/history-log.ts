/** What items of one table were before each change, in the order of the changes. */
import type { RangeOptions, StoreMap } from '../../../src/model/platform.ts';
import { StoredItem } from '../stored-item.ts';

export interface PastChange {
  /** Its place in the log; places grow with time. */
  readonly position: Uint8Array;
  /** Epoch ms. */
  readonly at: number;
  /** The item's key in the table's map. */
  readonly key: Uint8Array;
  /** Undefined: there was no such item. */
  readonly before: StoredItem | undefined;
}

export interface HistoryLog {
  /** `at` is epoch ms. Belongs into the transaction of the change. */
  append(at: number, key: Uint8Array, before: StoredItem | undefined): void;
  /** The place behind everything written so far; later changes stand there or behind. */
  end(now: number): Uint8Array;
  /** By place; `from` inclusive, `to` exclusive. */
  read(options: RangeOptions): readonly PastChange[];
  /** Removes up to `limit` changes made before `until` (epoch ms). Answers how many went. */
  trim(until: number, limit: number): number;
}

/** 6 bytes of epoch ms, 4 that tell the changes of one millisecond apart. */
const PLACE_BYTES = 10;

/** The first place of a millisecond. */
export function placeAt(at: number, number = 0): Uint8Array {
  const place = Buffer.allocUnsafe(PLACE_BYTES);
  place.writeUIntBE(Math.max(0, Math.floor(at)), 0, 6);
  place.writeUInt32BE(number, 6);
  return place;
}

/** `map` has places as keys; its values are the item's key in base64, a comma, and the stored item if there was one. */
export function makeHistoryLog(map: StoreMap<string>): HistoryLog {
  let last: { at: number; number: number } | undefined;
  for (const key of map.keys({ reverse: true, limit: 1 })) last = readPlace(key as Uint8Array);

  /** A clock that went back, across a restart, must not put a change before an older one. */
  const next = (now: number) => {
    const at = Math.floor(now);
    return last && last.at >= at ? { at: last.at, number: last.number + 1 } : { at, number: 0 };
  };

  return {
    append(now, key, before) {
      last = next(now);
      map.put(placeAt(last.at, last.number), `${Buffer.from(key).toString('base64')},${before?.text ?? ''}`);
    },
    end(now) {
      const { at, number } = next(now);
      return placeAt(at, number);
    },
    read: (options) =>
      [...map.range(options)].map(({ key, value }) => {
        const position = key as Uint8Array;
        const comma = value.indexOf(',');
        const text = value.slice(comma + 1);
        return {
          position,
          at: readPlace(position).at,
          key: Buffer.from(value.slice(0, comma), 'base64'),
          before: text === '' ? undefined : StoredItem.read(text),
        };
      }),
    trim(until, limit) {
      const old = [...map.keys({ to: placeAt(until), limit })];
      for (const key of old) map.remove(key);
      return old.length;
    },
  };
}

function readPlace(place: Uint8Array): { at: number; number: number } {
  const bytes = Buffer.from(place);
  return { at: bytes.readUIntBE(0, 6), number: bytes.readUInt32BE(6) };
}
