/** Many transactions in one commit: until then they are in a log, which a kill of the process leaves behind. */
import { asBinary, bufferToKeyValue, keyValueToBuffer, type RootDatabase } from 'lmdb';
import type { StoreKey } from '../../model/platform.ts';
import { BugError } from '../errors.ts';
import type { CommitGate } from './commit-gate.ts';
import { makeOpenTransaction } from './open-transaction.ts';
import { makeWalks } from './store-walks.ts';
import type { StoreWriter, Table } from './store-writer.ts';
import { type KeyEncoding, type LoggedChange, loggedIn, type WriteLog } from './write-log.ts';

declare module 'lmdb' {
  // Its types leave these out.
  export function keyValueToBuffer(key: unknown): Buffer;
  export function bufferToKeyValue(bytes: Uint8Array): unknown;
  interface Database {
    readonly maxKeySize: number;
  }
}

/** Opens a map whose values are bytes. */
export type OpenTable = (name: string, keys: KeyEncoding) => Table | undefined;

/** The first change waits for its commit no longer than this … */
const COMMIT_AFTER_MS = 100;
/** … or until so much is logged, which takes room twice and the next start its time; lmdb keeps a page in memory for each change. */
const COMMIT_AT_BYTES = 8 * 1024 * 1024;
const COMMIT_AT_CHANGES = 1000;
/** What could not be committed is tried again after this. */
const RETRY_AFTER_MS = 1000;
/** So many changes at most wait for the moment when nobody waits for an answer. */
const MOST_PENDING = 64;

/** Under which the root keeps the generation of the log that is committed. Names of maps are strings. */
const GENERATION = 0;

/** The generation of the log whose changes the file does not hold yet. */
export function nextGeneration(root: RootDatabase): number {
  return (((root.get(GENERATION) as number | undefined) ?? 0) + 1) >>> 0;
}

interface Change {
  readonly kind: LoggedChange['kind'];
  readonly table: Table;
  readonly key: StoreKey;
  readonly value: Uint8Array | string;
}

/**
 * One transaction of lmdb is kept open over many of ours. A commit costs several times what a record of the log does, and pages that
 * one of ours has changed the next ones change in place. What is logged is put there when something reads, or a moment later.
 */
export function makeLoggedWriter(
  root: RootDatabase,
  log: WriteLog,
  openTable: OpenTable,
  gate: CommitGate,
): StoreWriter {
  const walks = makeWalks(() => catchUp());
  const open = makeOpenTransaction(root, walks.detach);
  const start = log.mark();
  /** Changes that readers do not see yet; those of the transaction under way are not logged yet either. */
  let pending: Change[] = [];
  /** So many of them are of transactions that have ended. */
  let ended = 0;
  let isCatchingUp = false;
  let depth = 0;
  /** Do readers see a change of the transaction under way? */
  let isSeen = false;
  /** What became of showing it to them, whoever caught that. */
  let fault: { readonly failure: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  /** Readers do not see all that is logged. */
  let isBehind = false;
  let settlers = 0;
  /** Made since the last commit. */
  let made = 0;

  const isMuch = () => made > COMMIT_AT_CHANGES || log.bytes() > COMMIT_AT_BYTES;

  const begin = (commitAfterMs = COMMIT_AFTER_MS) => {
    open.begin();
    clearTimeout(timer);
    timer = setTimeout(commitByTime, commitAfterMs);
    timer.unref();
  };

  const catchUp = () => {
    if (pending.length === 0) return;
    const changes = pending;
    if (changes.length > ended) isSeen = true;
    pending = [];
    ended = 0;
    try {
      if (!open.isOpen()) begin();
      for (const change of changes) apply(change);
    } catch (failure) {
      if (depth > 0) fault = { failure };
      restore();
      throw failure;
    }
  };

  /** Once whoever waits is answered. */
  const catchUpSoon = () => {
    if (isCatchingUp) return;
    isCatchingUp = true;
    setImmediate(() => {
      isCatchingUp = false;
      try {
        catchUp();
      } catch {
        isDue = true;
      }
    });
  };

  /** Makes the open transaction anew, of what is logged. */
  const restore = () => {
    isBehind = true;
    pending = [];
    ended = 0;
    open.abort();
    begin(RETRY_AFTER_MS);
    // Looked for anew: a map may have been dropped since, and made again.
    const tableOf = makeFinder(openTable);
    if (log.bytes() > 0) for (const change of log.changes()) apply(changeOf(tableOf(change), change));
    isBehind = false;
  };

  const commit = () => {
    if (isBehind) restore();
    catchUp();
    if (!open.isOpen()) return;
    try {
      root.putSync(GENERATION, log.generation());
      gate.commit(open.commit);
    } catch (failure) {
      restore();
      throw failure;
    }
    clearTimeout(timer);
    isDue = false;
    made = 0;
    log.restart();
  };

  /** For whom nobody waits: what is logged stays, and the next change tries it again. */
  const commitByTime = () => {
    try {
      commit();
    } catch {
      isDue = true;
    }
  };

  const undo = () => {
    log.discard(start);
    if (isSeen) restore();
    else pending.length = ended;
  };

  const outermost = <T>(work: () => T): T => {
    if (isDue || isBehind) commit();
    ended = pending.length;
    isSeen = false;
    fault = undefined;
    depth++;
    try {
      const result = work();
      if (fault) throw (fault as { failure: unknown }).failure;
      log.write();
      return result;
    } catch (failure) {
      undo();
      throw failure;
    } finally {
      depth--;
    }
  };

  /** A transaction within one. lmdb undoes it by itself, so it sees its changes at once. */
  const inner = <T>(work: () => T): T => {
    catchUp();
    if (!open.isOpen()) begin();
    isSeen = true;
    const mark = log.mark();
    depth++;
    try {
      return root.transactionSync(work) as T;
    } catch (failure) {
      log.discard(mark);
      throw failure;
    } finally {
      depth--;
    }
  };

  const make = (change: Change) => {
    made++;
    if (depth > 1) {
      apply(change);
      return;
    }
    pending.push(change);
    if (pending.length >= MOST_PENDING) catchUp();
  };

  return {
    transact(work) {
      if (depth > 0) return inner(work);
      const result = outermost(work);
      if (isDue || settlers > 0 || isMuch()) commitByTime();
      else if (pending.length > 0) catchUpSoon();
      return result;
    },
    put(table, key, value) {
      const bytes = table.encode(value);
      log.put(table, keyBytesOf(table, key), bytes);
      make({ kind: 'put', table, key: kept(key), value: bytes });
    },
    remove(table, key) {
      log.remove(table, keyBytesOf(table, key));
      make({ kind: 'remove', table, key: kept(key), value: '' });
    },
    clear(table) {
      log.clear(table);
      make({ kind: 'clear', table, key: '', value: '' });
    },
    catchUp,
    range: walks.range,
    keys: walks.keys,
    settle() {
      if (depth > 0) isDue = true;
      else commit();
    },
    async whileSettled(work) {
      settlers++;
      try {
        commit();
        return await work();
      } finally {
        settlers--;
      }
    },
    close() {
      clearTimeout(timer);
      try {
        commit();
      } finally {
        clearTimeout(timer);
        open.abort();
        log.close();
      }
    },
  };
}

function apply({ kind, table: { db }, key, value }: Change): void {
  if (kind === 'clear') db.clearSync();
  else if (kind === 'remove') db.removeSync(key as string);
  else db.putSync(key as string, typeof value === 'string' ? value : asBinary(value));
}

function changeOf(table: Table, { kind, key, value }: LoggedChange): Change {
  return { kind, table, key: table.keys === 'bytes' ? key : (bufferToKeyValue(key) as StoreKey), value };
}

/** Throws what the file would refuse: what is logged must be possible to make, also by the next process. */
function keyBytesOf({ keys, db }: Table, key: StoreKey): Uint8Array {
  const bytes = keys === 'bytes' ? (key as Uint8Array) : keyValueToBuffer(key);
  if (bytes.length === 0 || bytes.length > db.maxKeySize)
    throw new BugError(`a key of ${bytes.length} bytes: it can have 1 to ${db.maxKeySize}`);
  return bytes;
}

/** Who made the key may use its memory again. */
function kept(key: StoreKey): StoreKey {
  return key instanceof Uint8Array ? Buffer.from(key) : key;
}

type Finder = (change: LoggedChange) => Table;

function makeFinder(openTable: OpenTable): Finder {
  const known = new Map<string, Table>();
  return ({ map, keys }) => {
    const table = known.get(map) ?? openTable(map, keys);
    if (!table) throw new BugError(`the map ${map} cannot be opened`);
    known.set(map, table);
    return table;
  };
}

/** Commits what the log at `path` holds and the file does not. Should two processes do so at once, the second one finds it done. */
export function commitLogged(root: RootDatabase, path: string, openTable: OpenTable): void {
  const generation = nextGeneration(root);
  const found = loggedIn(path, generation);
  if (found.length === 0) return;
  const tableOf = makeFinder(openTable);
  // A map opened within a transaction is gone when that is not committed.
  for (const change of found) tableOf(change);
  root.transactionSync(() => {
    if (nextGeneration(root) !== generation) return;
    for (const change of found) apply(changeOf(tableOf(change), change));
    root.putSync(GENERATION, generation);
  });
}
