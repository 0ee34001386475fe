/** A map as its users hold it: the file behind it may become another one when the store takes over another content. */
import type { RangeOptions, StoreKey, StoreMap } from '../../model/platform.ts';
import { BugError } from '../errors.ts';
import type { Range, StoreWriter, Table } from './store-writer.ts';

/** Where a map finds what it is of. */
export interface Slot {
  table: Table;
  writer: StoreWriter;
}

/** `change` runs one change as a transaction, or within the one there is. */
export function makeMap<V>(slot: Slot, change: (work: () => unknown) => void): StoreMap<V> {
  const lmdbKey = (key: StoreKey) => key as string;
  return {
    get(key) {
      slot.writer.catchUp();
      return slot.table.db.get(lmdbKey(key)) as V | undefined;
    },
    has(key) {
      slot.writer.catchUp();
      return slot.table.db.doesExist(lmdbKey(key));
    },
    range: (options = {}) =>
      slot.writer.range(slot.table, rangeOf(options)) as Iterable<{ key: StoreKey; value: V }>,
    keys: (options = {}) => slot.writer.keys(slot.table, rangeOf(options)) as Iterable<StoreKey>,
    count() {
      slot.writer.catchUp();
      return (slot.table.db.getStats() as { entryCount: number }).entryCount;
    },
    put: (key, value) => change(() => slot.writer.put(slot.table, key, value)),
    remove: (key) => change(() => slot.writer.remove(slot.table, key)),
    clear: () => change(() => slot.writer.clear(slot.table)),
  };
}

/** A map that is empty until the writer, another process, makes it. */
export function makeAwaitedMap<V>(find: () => StoreMap<V> | undefined): StoreMap<V> {
  let found: StoreMap<V> | undefined;
  const map = () => {
    found ??= find();
    return found;
  };
  const refuse = () => {
    throw new BugError('a read-only store was written to');
  };
  return {
    get: (key) => map()?.get(key),
    has: (key) => map()?.has(key) ?? false,
    *range(options) {
      yield* map()?.range(options) ?? [];
    },
    *keys(options) {
      yield* map()?.keys(options) ?? [];
    },
    count: () => map()?.count() ?? 0,
    put: refuse,
    remove: refuse,
    clear: refuse,
  };
}

/** Ours: `from` inclusive, `to` exclusive in key order. lmdb's: `start` inclusive, `end` exclusive in the direction of travel. */
function rangeOf({ from, to, reverse, limit }: RangeOptions): Range {
  const range: Record<string, unknown> = { snapshot: false };
  if (limit !== undefined) range.limit = limit;
  if (!reverse) {
    if (from !== undefined) range.start = from;
    if (to !== undefined) range.end = to;
    return range;
  }
  range.reverse = true;
  if (to !== undefined) {
    range.start = to;
    range.exclusiveStart = true;
  }
  if (from !== undefined) {
    range.end = from;
    range.inclusiveEnd = true;
  }
  return range;
}
