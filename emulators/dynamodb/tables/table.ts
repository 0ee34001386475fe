/** A table ready for use: its definition with everything item operations look up worked out. */
import type { AttributeType, KeySchema } from '../../../src/model/resources.ts';
import { namesOf } from '../../../src/std/key-names.ts';
import { type IndexLayout, makeIndexLayout, makeTableLayout, type TableLayout } from '../keys/layout.ts';
import type { IndexRecord, TableRecord } from './table-record.ts';

export interface Index {
  readonly name: string;
  readonly kind: 'local' | 'global';
  readonly record: IndexRecord;
  readonly key: KeySchema;
  readonly layout: IndexLayout;
  /** Names an entry holds; undefined = all of the item. */
  readonly projected: ReadonlySet<string> | undefined;
}

export interface Table {
  readonly name: string;
  readonly record: TableRecord;
  readonly key: KeySchema;
  /** Hash key, then range key if there is one. */
  readonly keyNames: readonly string[];
  /** With those of its indexes. */
  readonly allKeyNames: readonly string[];
  readonly layout: TableLayout;
  readonly indexes: readonly Index[];
  index(name: string): Index | undefined;
  /** The type the schema gives a key attribute of the table or an index. */
  typeOfKey(name: string): AttributeType;
}

export function makeTable(record: TableRecord): Table {
  const { key } = record;
  const indexes = [
    ...record.localIndexes.map((index) => makeIndex('local', index, key)),
    ...record.globalIndexes.map((index) => makeIndex('global', index, key)),
  ];
  const byName = new Map(indexes.map((index) => [index.name, index]));
  return {
    name: record.name,
    record,
    key,
    keyNames: namesOf(key),
    allKeyNames: [...new Set([key, ...indexes.map((index) => index.key)].flatMap(namesOf))],
    layout: makeTableLayout(key),
    indexes,
    index: (name) => byName.get(name),
    typeOfKey: (name) => record.attributes[name] ?? 'S',
  };
}

/** Has the index the same entries under both definitions? Capacity and the like may change without them. */
export function sameEntries(old: Table, table: Table, indexName: string): boolean {
  const essence = (each: Table) => {
    const index = each.index(indexName);
    const types = index && namesOf(index.key).map((name) => each.record.attributes[name]);
    return JSON.stringify([index?.key, index?.record.projection, types]);
  };
  return essence(old) === essence(table);
}

function makeIndex(kind: Index['kind'], record: IndexRecord, tableKey: KeySchema): Index {
  const { type, nonKeyAttributes } = record.projection;
  const keys = [...namesOf(record.key), ...namesOf(tableKey)];
  return {
    name: record.name,
    kind,
    record,
    key: record.key,
    layout: makeIndexLayout(record.key, tableKey),
    projected:
      type === 'ALL' ? undefined : new Set(type === 'INCLUDE' ? [...keys, ...nonKeyAttributes] : keys),
  };
}
