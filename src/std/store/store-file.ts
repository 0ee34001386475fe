/** One lmdb file: opened, its maps, flushed by and by, copied while it is in use. */
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { copyFile, open as openFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { MapOptions } from '../../model/platform.ts';
import { transactionFailure } from '../disk-full.ts';
import { codeOf, messageOf, SlsError } from '../errors.ts';
import { type CommitGate, makeCommitGate, openBetweenCommits } from './commit-gate.ts';
import { commitLogged, makeLoggedWriter, nextGeneration, type OpenTable } from './logged-writer.ts';
import { STORE_FILE, STORE_LOG } from './store-folder.ts';
import { storeKind } from './store-header.ts';
import { makeDirectWriter, type StoreWriter, type Table } from './store-writer.ts';
import { openWriteLog } from './write-log.ts';

/**
 * What an acknowledged write survives.
 * `process`: a kill of this process (pages are in the kernel's cache; the file is synced every second).
 * `power`: a power loss (each transaction waits for the disk).
 */
export type Durability = 'process' | 'power';

export interface StoreOptions {
  readonly durability?: Durability;
  /** For another process's look at a running session: what that has committed, which may be a tenth of a second behind. */
  readonly readOnly?: boolean;
  /** With `readOnly`: no process writes, so that what a killed one has logged is committed first. */
  readonly isLeft?: boolean;
  /**
   * Another process reads while this one writes: each transaction is a commit of its own. Otherwise a transaction that has ended is in
   * a log, and committed within a tenth of a second together with others, which is far cheaper. With `durability: 'power'` each
   * is a commit anyway.
   */
  readonly isShared?: boolean;
}

export interface StoreFile {
  /** The folder it lies in. */
  readonly folder: string;
  readonly root: RootDatabase;
  readonly writer: StoreWriter;
  /** Opens (or creates) a map. Undefined only in a read-only file whose writer has not made the map yet. */
  table(name: string, options: MapOptions): Table | undefined;
  drop(name: string): void;
  names(): readonly string[];
  /** Something is being written: flushes the file within a second. */
  touch(): void;
  /** A consistent copy of what is committed now, into `folder`. Reading and writing go on meanwhile. */
  copyTo(folder: string): Promise<void>;
  close(): Promise<void>;
}

const SYNC_EVERY_MS = 1000;
/** 8 KB pages allow keys of 4,026 bytes: a DynamoDB key is up to 2,048 + 1,024. */
const PAGE_BYTES = 8192;

/** Throws `SlsError` code `store-unusable`. */
export function openStoreFile(folder: string, options: StoreOptions): StoreFile {
  const root = openRoot(folder, options);
  const gate = options.readOnly ? noGate : makeCommitGate(folder);
  const tables = new Map<string, Table>();
  let dirty = false;
  let syncTimer: NodeJS.Timeout | undefined;
  let syncing: Promise<void> | undefined;

  const sync = () => {
    dirty = false;
    syncing = syncRoot(root);
  };

  const writer = openWriter(root, folder, options, gate);

  return {
    folder,
    root,
    writer,
    table(name, mapOptions) {
      const known = tables.get(name);
      if (known) return known;
      writer.settle();
      const table = openTable(root, name, mapOptions, gate);
      if (table) tables.set(name, table);
      return table;
    },
    drop(name) {
      writer.settle();
      gate.commit(() =>
        (tables.get(name)?.db ?? (root.openDB({ name }) as Database | undefined))?.dropSync(),
      );
      tables.delete(name);
    },
    names: () => namesIn(root),
    touch() {
      if (dirty || options.durability === 'power') return;
      dirty = true;
      syncTimer = setTimeout(sync, SYNC_EVERY_MS);
      syncTimer.unref();
    },
    copyTo: (to) => writer.whileSettled(() => copyRoot(root, tables, folder, to)),
    async close() {
      try {
        writer.close();
      } finally {
        gate.close();
      }
      if (logging.get(folder) === writer) logging.delete(folder);
      clearTimeout(syncTimer);
      // A flush still runs in another thread, on memory that closing takes away.
      await syncing;
      await root.close();
    },
  };
}

/** Bytes of the store's file in `folder`; 0 when there is none. */
export function storeBytes(folder: string): number {
  return statSync(join(folder, STORE_FILE), { throwIfNoEntry: false })?.size ?? 0;
}

/** Copies a store that nobody writes. Where the file system can, both share their blocks until one is written to. */
export async function copyStore(from: string, to: string): Promise<void> {
  const target = join(to, STORE_FILE);
  await copyFile(join(from, STORE_FILE), target, constants.COPYFILE_FICLONE).catch((failure) =>
    giveUp(target, failure),
  );
}

/** Waits until the copy in `folder` is on the disk. */
export async function flushStore(folder: string): Promise<void> {
  await flush(join(folder, STORE_FILE));
  await flushFolder(folder);
  await flushFolder(dirname(folder));
}

/** Waits until the names in the folder are on the disk. */
export const flushFolder = (folder: string): Promise<void> => flush(folder);

async function flush(path: string): Promise<void> {
  const file = await openFile(path, 'r');
  await file.sync().finally(() => file.close());
}

function openRoot(folder: string, options: StoreOptions): RootDatabase {
  try {
    prepareOpening(folder, options);
    return openBetweenCommits(folder, () =>
      open({
        path: join(folder, STORE_FILE),
        noSubdir: true,
        pageSize: PAGE_BYTES,
        maxDbs: 4096,
        // Commits return once the kernel has the pages; `power` waits for the disk instead.
        noSync: options.durability !== 'power',
        overlappingSync: false,
        readOnly: options.readOnly ?? false,
      }),
    );
  } catch (failure) {
    throw unusable(folder, messageOf(failure), failure);
  }
}

/** What makes opening fail is found here: when lmdb finds it, it may take the process down. */
function prepareOpening(folder: string, { readOnly }: StoreOptions): void {
  if (!readOnly) mkdirSync(folder, { recursive: true });
  const kind = storeKind(folder);
  if (kind === 'other') throw new Error(`${STORE_FILE} is no store`);
  if (kind === 'none' && readOnly) throw new Error('there is no store');
  if (readOnly) return;
  accessSync(folder, constants.W_OK);
  if (kind === 'store') accessSync(join(folder, STORE_FILE), constants.W_OK);
}

/** Files written by this process whose changes are logged, by their folders. */
const logging = new Map<string, StoreWriter>();

/** Commits what is logged, for a reader who sees what is committed only: of this process, or of a killed one (`isLeft`). */
export function settleLog(folder: string, isLeft: boolean): void {
  const path = join(folder, STORE_LOG);
  try {
    const own = logging.get(folder);
    if (own) own.settle();
    else if (isLeft && existsSync(path)) {
      const root = openRoot(folder, {});
      const gate = makeCommitGate(folder);
      try {
        gate.commit(() => commitLogged(root, path, logged(root, gate)));
      } finally {
        gate.close();
      }
      void root.close();
    }
  } catch {
    // Who may not write there, or has no room, reads what is committed.
  }
}

function openWriter(
  root: RootDatabase,
  folder: string,
  options: StoreOptions,
  gate: CommitGate,
): StoreWriter {
  if (options.readOnly) return makeDirectWriter(root, gate);
  const path = join(folder, STORE_LOG);
  try {
    gate.commit(() => commitLogged(root, path, logged(root, gate)));
    if (options.isShared || options.durability === 'power') {
      rmSync(path, { force: true });
      return makeDirectWriter(root, gate);
    }
    const log = openWriteLog(path, nextGeneration(root));
    const writer = makeLoggedWriter(root, log, logged(root, gate), gate);
    logging.set(folder, writer);
    return writer;
  } catch (failure) {
    gate.close();
    void root.close();
    throw unusable(folder, messageOf(transactionFailure(failure)), failure);
  }
}

/** Nothing is committed. */
const noGate: CommitGate = { commit: (work) => work(), close() {} };

const logged =
  (root: RootDatabase, gate: CommitGate): OpenTable =>
  (name, keys) =>
    openTable(root, name, { keys, values: 'bytes' }, gate);

function openTable(
  root: RootDatabase,
  name: string,
  { keys = 'ordered', values = 'structured' }: MapOptions,
  gate: CommitGate,
): Table | undefined {
  // One that is not there is made, which is a commit.
  const db = gate.commit(() =>
    root.openDB({
      name,
      keyEncoding: keys === 'bytes' ? 'binary' : 'ordered-binary',
      encoding: ENCODINGS[values],
    }),
  ) as (Database & { encoder: Encoder }) | undefined;
  return db && { db, name: Buffer.from(name), keys, encode: encoderOf(db, values) };
}

const ENCODINGS = { structured: 'msgpack', bytes: 'binary', string: 'string' } as const;

interface Encoder {
  encode(value: unknown): Uint8Array;
}

function encoderOf(db: { encoder: Encoder }, values: MapOptions['values']): Table['encode'] {
  return values === 'structured'
    ? (value) => db.encoder.encode(value)
    : (value) => value as Uint8Array | string;
}

/** Flushes to disk without blocking; lmdb's types leave `sync` out. */
function syncRoot(root: RootDatabase): Promise<void> {
  return new Promise((resolve) => {
    (root as unknown as { sync(done: () => void): void }).sync(() => resolve());
  });
}

/**
 * A clone of the file is that of one moment, and lmdb writes a commit so that every moment is a whole state. Where the file
 * system cannot clone, lmdb copies the pages of one commit, which it keeps unchanged until it is done.
 */
async function copyRoot(
  root: RootDatabase,
  tables: ReadonlyMap<string, Table>,
  from: string,
  to: string,
): Promise<void> {
  const target = join(to, STORE_FILE);
  if (await isCloned(join(from, STORE_FILE), target)) return;
  if (isMostlyFree(root, tables) && (await isCompacted(root, target))) return;
  await root.backup(target, false).catch((failure) => giveUp(target, failure));
}

async function isCloned(from: string, target: string): Promise<boolean> {
  try {
    await copyFile(from, target, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    await rm(target, { force: true });
    return false;
  }
}

/** Leaving free pages out costs more time per page: only worth it where they are the most of the file. */
async function isCompacted(root: RootDatabase, target: string): Promise<boolean> {
  try {
    await root.backup(target, true);
    return true;
  } catch {
    await rm(target, { force: true });
    return false;
  }
}

interface Pages {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/** Are most of the pages those of removed data? Files do not shrink. */
function isMostlyFree(root: RootDatabase, tables: ReadonlyMap<string, Table>): boolean {
  let used = 0;
  for (const name of namesIn(root)) {
    const db = tables.get(name)?.db ?? (root.openDB({ name }) as Database | undefined);
    if (db) used += pagesOf(db.getStats() as Pages);
  }
  return used < (root.getStats() as { lastPageNumber: number }).lastPageNumber / 2;
}

function pagesOf({ treeBranchPageCount, treeLeafPageCount, overflowPages }: Pages): number {
  return treeBranchPageCount + treeLeafPageCount + overflowPages;
}

function namesIn(root: RootDatabase): string[] {
  return [...root.getKeys()].filter((key): key is string => typeof key === 'string');
}

/** Leaves nothing half written behind. */
async function giveUp(target: string, failure: unknown): Promise<never> {
  await rm(target, { force: true });
  const isFull = codeOf(failure) === 'ENOSPC' || /no space left/i.test(messageOf(failure));
  throw new SlsError(
    isFull ? 'disk-full' : 'store-not-copied',
    isFull
      ? `the disk is full: there is no room for a copy of the state at ${target}`
      : `the state cannot be copied to ${target}: ${messageOf(failure)}`,
    {
      hint: isFull
        ? 'nothing was changed; make room, for example with: sls-local state rm NAME'
        : 'nothing was changed',
      cause: failure,
      exitCode: 1,
    },
  );
}

/** Throws `SlsError` code `store-unusable` when there is no store to be read: lmdb would make an empty one. */
export function assertStore(folder: string): void {
  const kind = storeKind(folder);
  if (kind !== 'store') throw unusable(folder, kind === 'none' ? 'there is no store' : 'it is no store');
}

function unusable(folder: string, reason: string, cause?: unknown): SlsError {
  return new SlsError('store-unusable', `the data folder ${folder} cannot be opened: ${reason}`, {
    hint: 'check that the folder is writable; removing it loses local data only',
    cause,
  });
}
