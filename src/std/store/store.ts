/** The embedded store on lmdb: ordered maps in one memory-mapped file, one writer, many readers; its whole content can be copied and replaced while it is in use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ending, MapOptions, Store } from '../../model/platform.ts';
import { transactionFailure } from '../disk-full.ts';
import { BugError, SlsError } from '../errors.ts';
import {
  assertStore,
  copyStore,
  flushFolder,
  flushStore,
  openStoreFile,
  type StoreFile,
  type StoreOptions,
  settleLog,
  storeBytes,
} from './store-file.ts';
import { folderInForce, makeNextFolder, putInForce, removeStore, sweepFolder } from './store-folder.ts';
import { makeAwaitedMap, makeMap, type Slot } from './store-map.ts';
import type { Table } from './store-writer.ts';

/** A store whose content as a whole can be copied and exchanged. */
export interface FileStore extends Store {
  /**
   * Copies what is committed now into `folder`, which then can be opened as a store. Reading and writing go on meanwhile.
   * Throws `SlsError` `disk-full` or `store-not-copied`, leaving nothing behind.
   */
  copyTo(folder: string): Promise<void>;
  /**
   * Takes a copy of the store in `folder` (which nobody writes) in place of its own content, for good once this resolves. Maps
   * handed out before go on with the new content. `adopt` is called in the same turn of the event loop as the change, so that
   * nobody sees the new content together with what was remembered of the old. A kill leaves the one or the other.
   * Throws `SlsError` `disk-full`, `store-not-copied` or `store-unusable`; the content is then as it was.
   */
  replaceBy(folder: string, adopt: () => void): Promise<void>;
}

interface NamedSlot extends Slot {
  readonly options: MapOptions;
}

/** Opens the store in `folder`, creating it. Throws `SlsError` when the folder cannot be used. */
export function openStore(folder: string, options: StoreOptions = {}): FileStore {
  let file = options.readOnly ? openToRead(folder, options) : openToWrite(folder, options);
  const slots = new Map<string, NamedSlot>();
  let depth = 0;
  let busy: Promise<unknown> = Promise.resolve();

  /** Undefined only in a read-only store whose writer has not made the map yet. */
  const find = (name: string, mapOptions: MapOptions): Slot | undefined => {
    const known = slots.get(name);
    if (known) return known;
    const table = file.table(name, mapOptions);
    if (!table) return undefined;
    const slot = { table, writer: file.writer, options: mapOptions };
    slots.set(name, slot);
    return slot;
  };

  /** Set while several works share a transaction. */
  let shared: Sharing | undefined;

  const write = <T>(work: () => T): T => {
    if (shared) return writeShared(shared, work);
    file.touch();
    depth++;
    try {
      return file.writer.transact(work);
    } catch (failure) {
      throw transactionFailure(failure);
    } finally {
      depth--;
    }
  };

  const writeAll = <T>(works: readonly (() => T)[]): readonly Ending<T>[] => {
    if (works.length < 2 || depth > 0) return works.map(endingOf);
    const sharing: Sharing = { spoiled: false };
    try {
      return write(() => {
        shared = sharing;
        try {
          return allOrSpoiled(works, sharing);
        } finally {
          shared = undefined;
        }
      });
    } catch {
      // Nothing of it was written. Each by itself fails, or not, by itself.
      return works.map(endingOf);
    }
  };

  /** One change needs no transaction of its own within another: a nested one costs as much as the change itself. */
  const change = (work: () => unknown): void => {
    if (depth > 0) work();
    else write(work);
  };

  /** Copying and closing work on memory in other threads: one after the other. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const run = busy.then(work);
    busy = run.catch(() => {});
    return run;
  };

  /** Every map handed out, opened in the file that is to come. One transaction for all: each of its own costs a commit. */
  const openedIn = (next: StoreFile) =>
    next.root.transactionSync(() => {
      const opened: [NamedSlot, Table][] = [];
      for (const [name, slot] of slots) {
        const table = next.table(name, slot.options);
        if (table) opened.push([slot, table]);
      }
      return opened;
    }, TOGETHER);

  const replaceBy = async (source: string, adopt: () => void): Promise<void> => {
    if (options.readOnly) throw new BugError('a read-only store was written to');
    const next = await openCopy(source, folder, options);
    const old = file;
    try {
      const opened = openedIn(next);
      putInForce(folder, next.folder);
      file = next;
      for (const [slot, table] of opened) {
        slot.table = table;
        slot.writer = next.writer;
      }
    } catch (failure) {
      await next.close();
      await rm(next.folder, { recursive: true, force: true });
      throw failure;
    }
    next.touch();
    busy = busy.then(() => retire(old, folder)).catch(() => {});
    adopt();
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
      file.drop(name);
      slots.delete(name);
    },
    names: () => file.names(),
    write,
    writeAll,
    copyTo: (target) =>
      alone(async () => {
        await file.copyTo(target);
        if (options.durability === 'power') await flushStore(target);
      }),
    replaceBy: (source, adopt) =>
      alone(async () => {
        await replaceBy(source, adopt);
        if (options.durability === 'power') await flushFolder(folder);
      }),
    close: () => alone(() => file.close()),
  };
}

interface Sharing {
  /** A write among others failed half-way. */
  spoiled: boolean;
}

/** A transaction within the shared one would cost as much as one of its own. */
function writeShared<T>(shared: Sharing, work: () => T): T {
  try {
    return work();
  } catch (failure) {
    shared.spoiled = true;
    throw failure;
  }
}

function allOrSpoiled<T>(works: readonly (() => T)[], sharing: Sharing): readonly Ending<T>[] {
  const endings = works.map(endingOf);
  if (sharing.spoiled) throw new Error('a write failed half-way');
  return endings;
}

function endingOf<T>(work: () => T): Ending<T> {
  try {
    return { value: work() };
  } catch (failure) {
    return { failure };
  }
}

/** lmdb's flag for a transaction that is not flushed by itself, and within which further ones are none of their own. */
const TOGETHER = 2;

function openToWrite(folder: string, options: StoreOptions): StoreFile {
  sweepFolder(folder);
  const inForce = folderInForce(folder);
  if (inForce !== folder) assertStore(inForce);
  return openStoreFile(inForce, options);
}

/** The writer may replace the content at this very moment: then what is in force now is there to be read. */
function openToRead(folder: string, options: StoreOptions): StoreFile {
  const inForce = folderInForce(folder);
  settleLog(inForce, options.isLeft ?? false);
  try {
    return openStoreFile(inForce, options);
  } catch (failure) {
    const now = folderInForce(folder);
    if (now === inForce) throw failure;
    return openStoreFile(now, options);
  }
}

async function openCopy(source: string, folder: string, options: StoreOptions): Promise<StoreFile> {
  const from = folderInForce(source);
  assertStore(from);
  const next = makeNextFolder(folder);
  try {
    await copyStore(from, next);
    if (storeBytes(next) !== storeBytes(from))
      throw new SlsError('store-not-copied', `the copy of ${from} is not whole`, { exitCode: 1 });
    if (options.durability === 'power') await flushStore(next);
    return openStoreFile(next, options);
  } catch (failure) {
    await rm(next, { recursive: true, force: true });
    throw failure;
  }
}

/** Whoever waits for the new content is answered first. What cannot be removed now is swept at the next start. */
async function retire(old: StoreFile, folder: string): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  await old.close();
  if (old.folder === folder) removeStore(folder);
  else await rm(old.folder, { recursive: true, force: true }).catch(() => {});
}

/** Folders of temporary stores still open; they go with the process at the latest. */
const temporary = new Set<string>();
let removesAtExit = false;

/** A store in a temporary folder that is removed on close, or when the process exits: for tests and throw-away sessions. */
export function openTemporaryStore(): FileStore {
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
