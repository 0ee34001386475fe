/** Compares two snapshots, or one with the state there is, whether or not a session runs. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Closers, makeClosers } from '../std/closers.ts';
import { SlsError } from '../std/errors.ts';
import { type FileStore, openStore } from '../std/store/store.ts';
import type { StoreOptions } from '../std/store/store-file.ts';
import { diffStates, type StateDiff } from './state-diff.ts';
import { dataFolderOf, runningSession, snapshotsFolderOf } from './state-folder.ts';
import { NOW, needSnapshot, snapshotFolder } from './state-snapshots.ts';

/** `path` is the state folder; a side is a snapshot's name or `now`. Throws `SlsError` `snapshot-unknown`, `snapshot-unreadable`, `no-state`. */
export async function compareStates(path: string, before: string, after: string): Promise<StateDiff> {
  const closers = makeClosers();
  try {
    return diffStates(await openSide(path, before, closers), await openSide(path, after, closers));
  } finally {
    await closers.close();
  }
}

async function openSide(path: string, name: string, closers: Closers): Promise<FileStore> {
  if (name === NOW) return openNow(path, closers);
  const snapshots = snapshotsFolderOf(path);
  needSnapshot(snapshots, name);
  return openToRead(snapshotFolder(snapshots, name), closers);
}

/** A running session goes on writing: a copy stands still. */
async function openNow(path: string, closers: Closers): Promise<FileStore> {
  const data = dataFolderOf(path);
  if (!existsSync(data))
    throw new SlsError('no-state', `there is no ${data}: nothing was stored in this project yet`, {
      hint: 'run sls-local dev here first, or name the project with --dir',
    });
  const isLeft = !runningSession(path);
  const store = openToRead(data, closers, { isLeft });
  if (isLeft) return store;
  const copy = mkdtempSync(join(tmpdir(), 'sls-local-state-'));
  closers.add(() => rmSync(copy, { recursive: true, force: true }));
  await store.copyTo(copy);
  return openToRead(copy, closers);
}

function openToRead(folder: string, closers: Closers, options: StoreOptions = {}): FileStore {
  const store = openStore(folder, { ...options, readOnly: true });
  closers.add(() => store.close());
  return store;
}
