/** What a change of an item means for the table's indexes: entries to remove and to put, and what that consumes. */

import { namesOf } from '../../src/std/key-names.ts';
import type { StoredItem } from './stored-item.ts';
import { isKeySized } from './tables/check-keys.ts';
import type { Index, Table } from './tables/table.ts';
import { attributeOf, type Item, keyText, typeOf } from './values/attribute-value.ts';

export interface IndexEntry {
  readonly key: Uint8Array;
  readonly stored: StoredItem;
}

export interface IndexWrite {
  readonly index: Index;
  readonly removed?: IndexEntry;
  readonly put?: IndexEntry;
  /** Write units this consumes. */
  readonly units: number;
}

export function planIndexWrites(
  table: Table,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): readonly IndexWrite[] {
  const writes: IndexWrite[] = [];
  for (const index of table.indexes) {
    const write = planWrite(
      index,
      before && entryOf(table, index, before),
      after && entryOf(table, index, after),
    );
    if (write) writes.push(write);
  }
  return writes;
}

/** The entry `stored` has in `index`; undefined when the index leaves it out. */
export function entryOf(table: Table, index: Index, stored: StoredItem): IndexEntry | undefined {
  if (!hasKeyOf(table, index, stored.item)) return undefined;
  const key = index.layout.entryKeyOf(stored.item);
  return key && { key, stored: stored.projected(index.projected, index.key.range) };
}

/** A change of key is a delete and a put; an entry that stays as it is costs nothing. */
function planWrite(
  index: Index,
  before: IndexEntry | undefined,
  after: IndexEntry | undefined,
): IndexWrite | undefined {
  if (!before && !after) return undefined;
  if (!before || !after) {
    const units = writeUnits((before ?? after)?.stored.size ?? 0);
    return before ? { index, removed: before, units } : after && { index, put: after, units };
  }
  if (Buffer.compare(before.key, after.key) !== 0)
    return {
      index,
      removed: before,
      put: after,
      units: writeUnits(before.stored.size) + writeUnits(after.stored.size),
    };
  if (before.stored.json === after.stored.json) return undefined;
  const size = Math.max(before.stored.size, after.stored.size);
  return { index, removed: before, put: after, units: writeUnits(size) };
}

/** Items older than the index may have anything in the place of its keys; those are left out. */
function hasKeyOf(table: Table, index: Index, item: Item): boolean {
  const fits = namesOf(index.key).every((name) => {
    const value = attributeOf(item, name);
    return value !== undefined && typeOf(value) === table.typeOfKey(name) && keyText(value) !== '';
  });
  return fits && isKeySized(item, index.key);
}

function writeUnits(size: number): number {
  return Math.max(1, Math.ceil(size / 1024));
}
