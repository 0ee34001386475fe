/** The tables in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import { segmentBounds } from './keys/layout.ts';
import { openTableStore } from './store.ts';
import type { Table } from './tables/table.ts';
import type { TableRecord } from './tables/table-record.ts';
import type { Item } from './values/attribute-value.ts';

export interface SavedItem {
  /** Unique in the table. Two tables of the same key schema have the same key for the same item. */
  readonly key: Uint8Array;
  /** JSON of the item with types. Equal texts are equal items; the reverse need not hold. */
  readonly json: string;
}

export interface SavedTable {
  readonly name: string;
  readonly items: number;
  /** Hash key, then range key if there is one. */
  readonly keyNames: readonly string[];
  /** What the user decided of it, by member: key, indexes, time to live and so on. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** By key, read lazily. */
  read(): Iterable<SavedItem>;
}

/** Sorted by name. Reads only: what a kill left behind in the store stays there. */
export function readSavedTables(store: Store): SavedTable[] {
  const tables = openTableStore({ ...store, names: () => [] });
  const read = function* (table: Table): Iterable<SavedItem> {
    for (const { key, stored } of tables.range(table, undefined, segmentBounds(0, 1)))
      yield { key, json: stored.json };
  };
  return tables.names().flatMap((name) => {
    const table = tables.find(name);
    if (!table) return [];
    return {
      name,
      items: tables.itemCount(table),
      keyNames: table.keyNames,
      definition: definitionOf(table.record),
      read: () => read(table),
    };
  });
}

/** Parses what `SavedItem` calls `json`. */
export function parseSavedItem(json: string): Item {
  return JSON.parse(json) as Item;
}

function definitionOf(record: TableRecord): SavedTable['definition'] {
  const { key, attributes, localIndexes, globalIndexes, ttlAttribute, stream, billingMode } = record;
  const { deletionProtection, tags } = record;
  return {
    key,
    attributes,
    localIndexes,
    globalIndexes,
    ttlAttribute,
    billingMode,
    stream: stream?.view,
    deletionProtection,
    tags,
  };
}
