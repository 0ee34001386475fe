/** What the tables on disk offer: reading, committing, and the feed of what was committed. */
import type { TraceContext } from '../../src/model/invocation.ts';
import type { IndexWrite } from './index-writes.ts';
import type { KeyBounds } from './keys/layout.ts';
import type { StoredItem } from './stored-item.ts';
import type { Index, Table } from './tables/table.ts';
import type { TableRecord } from './tables/table-record.ts';
import type { Item } from './values/attribute-value.ts';
import type { ItemSizes } from './values/item-size.ts';

/** One item to be written (`after`) or removed (no `after`), seen with what it replaces. */
export interface ItemChange {
  readonly table: Table;
  readonly key: Uint8Array;
  readonly before: StoredItem | undefined;
  readonly after: Item | undefined;
  /** Of `after`, where it has been measured. */
  readonly sizes?: ItemSizes | undefined;
  /** The item as it is to lie in the store, where that is known; `after` has its keys at least. */
  readonly stored?: StoredItem | undefined;
}

export interface CommittedChange extends Omit<ItemChange, 'after' | 'sizes' | 'stored'> {
  readonly after: StoredItem | undefined;
  readonly indexWrites: readonly IndexWrite[];
}

/** Who made a change: a call (with its span), or the expiry of items. */
export type ChangeCause =
  | { readonly kind: 'call'; readonly origin: TraceContext }
  | { readonly kind: 'expiry' };

export type ChangeListener = (changes: readonly CommittedChange[], cause: ChangeCause) => void;

export interface PageOptions extends KeyBounds {
  readonly reverse?: boolean;
}

export interface Entry {
  readonly key: Uint8Array;
  readonly stored: StoredItem;
}

/** What a place in a table shall hold; no item = nothing. */
export interface ItemState {
  readonly key: Uint8Array;
  readonly stored: StoredItem | undefined;
}

export interface TableStore {
  /** Writes the index entries of tables that were made by an earlier build anew, where those were keyed otherwise. */
  renewEntries(): void;
  /** Sorted. */
  names(): readonly string[];
  find(name: string): Table | undefined;
  /** Makes the table's maps ready for use within a transaction, if there is such a table. */
  open(name: string): void;
  create(record: TableRecord): Table;
  /** Changes the definition. New indexes are filled, gone ones removed, in one transaction with the definition. */
  update(record: TableRecord): Table;
  remove(table: Table): void;
  get(table: Table, key: Uint8Array): StoredItem | undefined;
  /** Items of the table or entries of `index`, read lazily. */
  range(table: Table, index: Index | undefined, options: PageOptions): Iterable<Entry>;
  /** Writes all changes and their index entries in one transaction, then tells the listeners. */
  commit(changes: readonly ItemChange[], cause: ChangeCause): readonly CommittedChange[];
  /** Writes items of a copy one after the other, in one transaction. Nobody is told. */
  load(table: Table, batch: readonly ItemState[]): void;
  /**
   * Adds up to `limit` items to an index that is backfilling, behind those added before; writes keep up what was added.
   * True when it holds all items.
   */
  backfill(table: Table, index: Index, limit: number): boolean;
  itemCount(table: Table, index?: Index): number;
  sizeBytes(table: Table, index?: Index): number;
  /** Epoch seconds of the item that expires first, from `since` on. */
  nextExpiry(table: Table, since: number): number | undefined;
  /** Up to `limit` items whose time lies between `since` and `until`, both included. */
  expired(table: Table, since: number, until: number, limit: number): readonly Entry[];
  /** The store holds other tables than before. Who listens to definitions is told. */
  reload(): void;
  /** Called after each commit, with what was committed. Returns the way to stop it. */
  onChange(listener: ChangeListener): () => void;
  /** Called after a table was created or removed, or its definition changed. Returns the way to stop it. */
  onDefinition(listener: () => void): () => void;
}
