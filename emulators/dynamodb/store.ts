/** The tables on disk: definitions, items, index entries, sizes, expiry times. Nothing else here touches storage. */
import type { Store, StoreMap } from '../../src/model/platform.ts';
import { makeBackfillProgress } from './backfill-progress.ts';
import { expirySeconds } from './expiry-time.ts';
import { entryOf, type IndexWrite, planIndexWrites } from './index-writes.ts';
import { type ItemMap, makeItemMap } from './item-map.ts';
import { expiryKey, expiryKeyItem, expiryKeySeconds } from './keys/expiry-key.ts';
import { makeRecentPages } from './recent-pages.ts';
import { StoredItem } from './stored-item.ts';
import type { ChangeListener, CommittedChange, Entry, ItemChange, TableStore } from './table-store.ts';
import { type Index, makeTable, sameEntries, type Table } from './tables/table.ts';
import type { TableRecord } from './tables/table-record.ts';

/** Keys are 8 bytes of epoch seconds and the item's key. */
type ExpiryMap = StoreMap<string>;

interface OpenTable {
  readonly table: Table;
  readonly items: ItemMap;
  readonly entries: ReadonlyMap<string, ItemMap>;
  readonly expiry: ExpiryMap | undefined;
}

const ROOT = 'dynamodb';
/** How the entries of a table's indexes are keyed. Those of earlier builds could be one for two items. */
const ENTRY_LAYOUT = 2;

/** `alongside` is called within the transaction of each commit. */
export function openTableStore(store: Store, alongside?: ChangeListener): TableStore {
  const records = store.map<TableRecord>(`${ROOT}.tables`);
  const sizes = store.map<number>(`${ROOT}.sizes`);
  const layouts = store.map<number>(`${ROOT}.layouts`);
  const tables = new Map<string, Table>();
  const opened = new Map<string, OpenTable>();
  const listeners = new Set<ChangeListener>();
  const definitionListeners = new Set<() => void>();
  const backfills = makeBackfillProgress();

  const makeShelf = makeRecentPages();
  const textMap = (table: Table, suffix: string) =>
    store.map<string>(`${ROOT}/${table.record.id}/${suffix}`, { keys: 'bytes', values: 'string' });
  const itemMap = (table: Table, suffix: string) => makeItemMap(textMap(table, suffix), makeShelf());

  /** Maps must be open before a transaction begins. */
  const open = (table: Table): OpenTable => {
    const known = opened.get(table.record.id);
    if (known?.table === table) return known;
    const handle: OpenTable = {
      table,
      items: itemMap(table, 'items'),
      entries: new Map(table.indexes.map((index) => [index.name, itemMap(table, `index/${index.name}`)])),
      expiry: table.record.ttlAttribute === undefined ? undefined : textMap(table, 'expiry'),
    };
    opened.set(table.record.id, handle);
    return handle;
  };

  const mapOf = (table: Table, index: Index | undefined): ItemMap => {
    const { items, entries } = open(table);
    return (index && entries.get(index.name)) ?? items;
  };

  const addSize = (table: Table, indexName: string, delta: number) => {
    if (delta === 0) return;
    const key = [table.record.id, indexName];
    sizes.put(key, (sizes.get(key) ?? 0) + delta);
  };

  const writeEntries = (
    { table, entries }: OpenTable,
    key: Uint8Array,
    indexWrites: readonly IndexWrite[],
  ) => {
    for (const { index, removed, put } of indexWrites) {
      if (!backfills.covers(table, index, key)) continue;
      const map = entries.get(index.name);
      if (removed) map?.remove(removed.key);
      if (put) map?.put(put.key, put.stored);
      addSize(table, index.name, (put?.stored.size ?? 0) - (removed?.stored.size ?? 0));
    }
  };

  const writeExpiry = (
    { table, expiry }: OpenTable,
    key: Uint8Array,
    before?: StoredItem,
    after?: StoredItem,
  ) => {
    const { ttlAttribute } = table.record;
    if (!expiry || ttlAttribute === undefined) return;
    const was = before && expirySeconds(before.item, ttlAttribute);
    const is = after && expirySeconds(after.item, ttlAttribute);
    if (was === is) return;
    if (was !== undefined) expiry.remove(expiryKey(was, key));
    if (is !== undefined) expiry.put(expiryKey(is, key), '');
  };

  const writeChange = (change: CommittedChange) => {
    const { table, key, before, after } = change;
    const handle = open(table);
    if (after) handle.items.put(key, after);
    else if (before) handle.items.remove(key);
    addSize(table, '', (after?.size ?? 0) - (before?.size ?? 0));
    writeEntries(handle, key, change.indexWrites);
    writeExpiry(handle, key, before, after);
  };

  const remember = (record: TableRecord): Table => {
    const table = makeTable(record);
    tables.set(record.name, table);
    return table;
  };

  /** Makes an index's entries anew from the table's items. */
  const fill = ({ table, items, entries }: OpenTable, index: Index) => {
    const map = entries.get(index.name);
    if (!map) return;
    map.clear();
    let size = 0;
    for (const { stored } of items.all()) {
      const entry = entryOf(table, index, stored);
      if (!entry) continue;
      map.put(entry.key, entry.stored);
      size += entry.stored.size;
    }
    sizes.put([table.record.id, index.name], size);
  };

  const fillExpiry = ({ table, items, expiry }: OpenTable) => {
    const { ttlAttribute } = table.record;
    if (!expiry || ttlAttribute === undefined) return;
    expiry.clear();
    for (const { key, stored } of items.all()) {
      const at = expirySeconds(stored.item, ttlAttribute);
      if (at !== undefined) expiry.put(expiryKey(at, key), '');
    }
  };

  const dropMaps = (id: string, kept: ReadonlySet<string>) => {
    const prefix = `${ROOT}/${id}/`;
    for (const name of store.names())
      if (name.startsWith(prefix) && !kept.has(name.slice(prefix.length))) store.drop(name);
  };

  const announce = () => {
    for (const listener of definitionListeners) listener();
  };

  /** A kill between removing a definition and its data leaves maps nobody owns. */
  const dropOrphans = () => {
    const ids = new Set([...tables.values()].map((table) => table.record.id));
    for (const name of store.names()) {
      const [root, id] = name.split('/');
      if (root === ROOT && id !== undefined && !ids.has(id)) store.drop(name);
    }
  };

  const readDefinitions = () => {
    for (const { value } of records.range()) remember(value);
    dropOrphans();
  };
  readDefinitions();

  const renewEntries = () => {
    for (const table of tables.values()) {
      const { id } = table.record;
      if (layouts.get(id) === ENTRY_LAYOUT) continue;
      const handle = open(table);
      store.write(() => {
        for (const index of table.indexes) if (!index.record.backfilling) fill(handle, index);
        layouts.put(id, ENTRY_LAYOUT);
      });
    }
  };

  return {
    renewEntries,
    names: () => [...tables.keys()].sort(),
    find: (name) => tables.get(name),
    open(name) {
      const table = tables.get(name);
      if (table) open(table);
    },

    create(record) {
      store.write(() => {
        layouts.put(record.id, ENTRY_LAYOUT);
        records.put(record.name, record);
      });
      const table = remember(record);
      announce();
      return table;
    },

    update(record) {
      const old = tables.get(record.name);
      const table = makeTable(record);
      const stale = table.indexes.filter(
        (index) => !old || !sameEntries(old, table, index.name) || backfills.isCutShort(old, index),
      );
      const gone = old?.indexes.filter(({ name }) => !table.index(name)) ?? [];
      const handle = open(table);
      store.write(() => {
        records.put(record.name, record);
        for (const index of gone) sizes.remove([record.id, index.name]);
        for (const index of stale) {
          if (index.record.backfilling) backfills.forget(table, index);
          else fill(handle, index);
        }
        if (old?.record.ttlAttribute !== record.ttlAttribute) fillExpiry(handle);
      });
      tables.set(record.name, table);
      const kept = new Set(['items', 'expiry', ...table.indexes.map(({ name }) => `index/${name}`)]);
      if (record.ttlAttribute === undefined) kept.delete('expiry');
      dropMaps(record.id, kept);
      announce();
      return table;
    },

    remove(table) {
      const { id, name } = table.record;
      tables.delete(name);
      opened.delete(id);
      store.write(() => {
        records.remove(name);
        layouts.remove(id);
        for (const indexName of ['', ...table.indexes.map((index) => index.name)])
          sizes.remove([id, indexName]);
      });
      dropMaps(id, new Set());
      announce();
    },

    get(table, key) {
      return open(table).items.get(key);
    },

    range: (table, index, options) => mapOf(table, index).range(options),

    commit(changes, cause) {
      const committed = changes.map(plan);
      const effective = committed.filter(({ before, after }) => before ?? after);
      if (effective.length === 0) return committed;
      for (const { table } of effective) open(table);
      store.write(() => {
        effective.forEach(writeChange);
        alongside?.(effective, cause);
      });
      for (const listener of listeners) listener(effective, cause);
      return committed;
    },

    load(table, batch) {
      const { items } = open(table);
      store.write(() => {
        for (const { key, stored: after } of batch) {
          const before = items.get(key);
          writeChange({ table, key, before, after, indexWrites: planIndexWrites(table, before, after) });
        }
      });
    },

    backfill(table, index, limit) {
      const { items, entries } = open(table);
      const map = entries.get(index.name);
      const after = backfills.reached(table, index);
      const batch = items.batch(after, limit);
      store.write(() => {
        if (!after) map?.clear();
        let size = after ? (sizes.get([table.record.id, index.name]) ?? 0) : 0;
        for (const { stored } of batch) {
          const entry = entryOf(table, index, stored);
          if (entry) map?.put(entry.key, entry.stored);
          size += entry?.stored.size ?? 0;
        }
        sizes.put([table.record.id, index.name], size);
      });
      return backfills.reach(table, index, batch.length < limit ? undefined : batch.at(-1)?.key);
    },

    itemCount: (table, index) => mapOf(table, index).count(),
    sizeBytes: (table, index) => sizes.get([table.record.id, index?.name ?? '']) ?? 0,

    nextExpiry(table, since) {
      for (const key of open(table).expiry?.keys({ from: expiryKey(since), limit: 1 }) ?? [])
        return expiryKeySeconds(key as Uint8Array);
      return undefined;
    },

    expired(table, since, until, limit) {
      const { items, expiry } = open(table);
      const due: Entry[] = [];
      for (const found of expiry?.keys({ from: expiryKey(since), to: expiryKey(until + 1), limit }) ?? []) {
        const key = expiryKeyItem(found as Uint8Array);
        const stored = items.get(key);
        if (stored) due.push({ key, stored });
      }
      return due;
    },

    reload() {
      tables.clear();
      opened.clear();
      backfills.forgetAll();
      readDefinitions();
      renewEntries();
      announce();
    },

    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    onDefinition(listener) {
      definitionListeners.add(listener);
      return () => void definitionListeners.delete(listener);
    },
  };
}

function plan({ table, key, before, after: item, sizes, stored }: ItemChange): CommittedChange {
  const after = stored ?? (item && StoredItem.of(item, table.key.range, sizes));
  return { table, key, before, after, indexWrites: planIndexWrites(table, before, after) };
}
