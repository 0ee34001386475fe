/** How changes reach a store's file, and what reads it meanwhile. */
import type { Database, RootDatabase } from 'lmdb';
import type { StoreKey } from '../../model/platform.ts';
import type { CommitGate } from './commit-gate.ts';
import type { LoggedMap } from './write-log.ts';

/** A map of the file. */
export interface Table extends LoggedMap {
  readonly db: Database;
  /** A value as what the file holds: bytes, or text, which it holds in UTF-8. */
  encode(value: unknown): Uint8Array | string;
}

/** As lmdb takes it: `start` inclusive, `end` exclusive in the direction of travel, unless it says otherwise. */
export type Range = Readonly<Record<string, unknown>>;

export interface StoreWriter {
  /** Runs `work` as a transaction, which may lie within another. A throw undoes it and passes on. */
  transact<T>(work: () => T): T;
  /** These three within `transact` only. */
  put(table: Table, key: StoreKey, value: unknown): void;
  remove(table: Table, key: StoreKey): void;
  clear(table: Table): void;
  /** To be called before `table.db` is read. */
  catchUp(): void;
  /** Read lazily. */
  range(table: Table, range: Range): Iterable<{ key: unknown; value: unknown }>;
  keys(table: Table, range: Range): Iterable<unknown>;
  /** Commits what is not yet, for whoever reads the file itself or opens maps. Within a transaction: when that ends. */
  settle(): void;
  /** Each transaction that ends while `work` runs is committed by itself. */
  whileSettled<T>(work: () => Promise<T>): Promise<T>;
  /** Nothing is written any more. */
  close(): void;
}

/** Every transaction is a commit. */
export function makeDirectWriter(root: RootDatabase, gate: CommitGate): StoreWriter {
  return {
    transact: <T>(work: () => T) => gate.commit(() => root.transactionSync(work) as T),
    put: ({ db }, key, value) => db.putSync(key as string, value),
    remove: ({ db }, key) => db.removeSync(key as string),
    clear: ({ db }) => db.clearSync(),
    catchUp() {},
    range: ({ db }, range) => db.getRange(range),
    keys: ({ db }, range) => db.getKeys(range),
    settle() {},
    whileSettled: (work) => work(),
    close() {},
  };
}
