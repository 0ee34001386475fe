/** How far the indexes are that are being filled while their tables are written to. Forgotten at a restart: filling begins anew. */
import type { StoreKey } from '../../src/model/platform.ts';
import type { Index, Table } from './tables/table.ts';

export interface BackfillProgress {
  /** Has the index taken in the item with that key, if there is one? Then its entry follows the item's changes. */
  covers(table: Table, index: Index, key: Uint8Array): boolean;
  /** Where to go on; undefined = at the beginning. */
  reached(table: Table, index: Index): Uint8Array | undefined;
  /** All up to `last` is taken in; undefined = all there is. Answers whether it is all. */
  reach(table: Table, index: Index, last: StoreKey | undefined): boolean;
  /** Filling begins anew. */
  forget(table: Table, index: Index): void;
  forgetAll(): void;
  /** Was the index being filled by its old definition, and is not by its new one, though it does not hold all? */
  isCutShort(old: Table, index: Index): boolean;
}

const ALL = 'all';

export function makeBackfillProgress(): BackfillProgress {
  const behind = new Map<string, Uint8Array | typeof ALL>();
  const nameOf = ({ record }: Table, { name }: Index) => `${record.id}/${name}`;

  return {
    covers(table, index, key) {
      if (!index.record.backfilling) return true;
      const end = behind.get(nameOf(table, index));
      return end === ALL || (end !== undefined && Buffer.compare(key, end) < 0);
    },
    reached(table, index) {
      const end = behind.get(nameOf(table, index));
      return end === ALL ? undefined : end;
    },
    reach(table, index, last) {
      const end = last === undefined ? ALL : Buffer.concat([last as Uint8Array, Buffer.alloc(1)]);
      behind.set(nameOf(table, index), end);
      return end === ALL;
    },
    forget: (table, index) => void behind.delete(nameOf(table, index)),
    forgetAll: () => behind.clear(),
    isCutShort: (old, index) =>
      old.index(index.name)?.record.backfilling === true &&
      !index.record.backfilling &&
      behind.get(nameOf(old, index)) !== ALL,
  };
}
