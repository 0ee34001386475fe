/** The embedded store on lmdb: ordered maps in one memory-mapped file, one writer, many readers. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { MapOptions, RangeOptions, Store, StoreKey, StoreMap } from '../model/platform.ts';
import { BugError, messageOf, SlsError } from './errors.ts';

/**
 * What an acknowledged write survives.
 * `process`: a kill of this process (pages are in the kernel's cache; the file is synced every second).
 * `power`: a power loss (each transaction waits for the disk).
 */
export type Durability = 'process' | 'power';

export interface StoreOptions {
  readonly durability?: Durability;
  /** For another process's look at a running session. */
  readonly readOnly?: boolean;
}

const SYNC_EVERY_MS = 1000;
/** 8 KB pages allow keys of 4,026 bytes: a DynamoDB key is up to 2,048 + 1,024. */
const PAGE_BYTES = 8192;

/** Opens the store in `folder`, creating it. Throws `SlsError` when the folder cannot be used. */
export function openStore(folder: string, options: StoreOptions = {}): Store {
  const root = openRoot(folder, options);
  const maps = new Map<string, Database>();
  let dirty = false;
  let depth = 0;
  let syncTimer: NodeJS.Timeout | undefined;
  let syncing: Promise<void> | undefined;

  /** Undefined only in a read-only store whose writer has not made the map yet. */
  const find = (name: string, mapOptions: MapOptions): Database | undefined => {
    const known = maps.get(name);
    if (known) return known;
    const opened = root.openDB({
      name,
      keyEncoding: mapOptions.keys === 'bytes' ? 'binary' : 'ordered-binary',
      encoding: encodingOf(mapOptions),
    }) as Database | undefined;
    if (opened) maps.set(name, opened);
    return opened;
  };

  const write = <T>(work: () => T): T => {
    if (!dirty) {
      dirty = true;
      if (options.durability !== 'power') scheduleSync();
    }
    depth++;
    try {
      return root.transactionSync(work) as T;
    } finally {
      depth--;
    }
  };

  /** One change needs no transaction of its own within another: a nested one costs as much as the change itself. */
  const change = (work: () => unknown): void => {
    if (depth > 0) work();
    else write(work);
  };

  const scheduleSync = () => {
    syncTimer = setTimeout(() => {
      dirty = false;
      syncing = syncRoot(root);
    }, SYNC_EVERY_MS);
    syncTimer.unref();
  };

  return {
    map<V>(name: string, mapOptions: MapOptions = {}) {
      const found = find(name, mapOptions);
      if (found) return makeMap<V>(found, change);
      return makeAwaitedMap<V>(() => {
        const made = find(name, mapOptions);
        return made && makeMap<V>(made, change);
      });
    },
    drop(name) {
      find(name, {})?.dropSync();
      maps.delete(name);
    },
    names: () => [...root.getKeys()].filter((key): key is string => typeof key === 'string'),
    write,
    async close() {
      clearTimeout(syncTimer);
      // A flush still runs in another thread, on memory that closing takes away.
      await syncing;
      await root.close();
    },
  };
}

/** Folders of temporary stores still open; they go with the process at the latest. */
const temporary = new Set<string>();
let removesAtExit = false;

/** A store in a temporary folder that is removed on close, or when the process exits: for tests and throw-away sessions. */
export function openTemporaryStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-store-'));
  if (!removesAtExit) process.once('exit', removeTemporary);
  removesAtExit = true;
  temporary.add(folder);
  const store = openStore(folder);
  return {
    ...store,
    async close() {
      await store.close();
      temporary.delete(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function removeTemporary(): void {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
}

function openRoot(folder: string, options: StoreOptions): RootDatabase {
  try {
    if (!options.readOnly) mkdirSync(folder, { recursive: true });
    return open({
      path: join(folder, 'store.lmdb'),
      noSubdir: true,
      pageSize: PAGE_BYTES,
      maxDbs: 4096,
      // Commits return once the kernel has the pages; `power` waits for the disk instead.
      noSync: options.durability !== 'power',
      overlappingSync: false,
      readOnly: options.readOnly ?? false,
    });
  } catch (failure) {
    throw new SlsError(
      'store-unusable',
      `the data folder ${folder} cannot be opened: ${messageOf(failure)}`,
      {
        hint: 'check that the folder is writable; removing it loses local data only',
        cause: failure,
      },
    );
  }
}

function encodingOf(options: MapOptions): 'msgpack' | 'binary' | 'string' {
  if (options.values === 'bytes') return 'binary';
  return options.values === 'string' ? 'string' : 'msgpack';
}

/** Flushes to disk without blocking; lmdb's types leave `sync` out. */
function syncRoot(root: RootDatabase): Promise<void> {
  return new Promise((resolve) => {
    (root as unknown as { sync(done: () => void): void }).sync(() => resolve());
  });
}

function makeMap<V>(db: Database, change: (work: () => unknown) => void): StoreMap<V> {
  const lmdbKey = (key: StoreKey) => key as string;
  return {
    get: (key) => db.get(lmdbKey(key)) as V | undefined,
    has: (key) => db.doesExist(lmdbKey(key)),
    *range(options = {}) {
      for (const entry of db.getRange(rangeOf(options)))
        yield { key: entry.key as StoreKey, value: entry.value as V };
    },
    *keys(options = {}) {
      for (const key of db.getKeys(rangeOf(options))) yield key as StoreKey;
    },
    count: () => (db.getStats() as { entryCount: number }).entryCount,
    put: (key, value) => change(() => db.putSync(lmdbKey(key), value)),
    remove: (key) => change(() => db.removeSync(lmdbKey(key))),
    clear: () => change(() => db.clearSync()),
  };
}

/** A map that is empty until the writer, another process, makes it. */
function makeAwaitedMap<V>(find: () => StoreMap<V> | undefined): StoreMap<V> {
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
function rangeOf({ from, to, reverse, limit }: RangeOptions): Record<string, unknown> {
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
