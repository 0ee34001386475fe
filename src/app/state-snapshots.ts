/** Snapshots of the emulated state: a folder each, which holds a copy of the store and a note of what is in it. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { savedBodies } from '../../emulators/s3/saved-buckets.ts';
import type { BodyFolder } from '../std/body-files.ts';
import { bodiesIn, linkBodies } from '../std/body-snapshots.ts';
import { codeOf, messageOf, SlsError } from '../std/errors.ts';
import { type FileStore, openStore } from '../std/store/store.ts';
import { flushStore, storeBytes } from '../std/store/store-file.ts';
import { folderInForce, makeNextFolder, putInForce, sweepFolder } from '../std/store/store-folder.ts';
import { readContents, type StateContents } from './state-contents.ts';

export interface Snapshot extends StateContents {
  readonly name: string;
  /** Epoch ms. */
  readonly savedAt: number;
  readonly sizeBytes: number;
}

const NOTE = 'snapshot.json';
const BODIES = 'objects';
/** What a comparison calls the state there is. */
export const NOW = 'now';
const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** Throws `SlsError` code `snapshot-name`. */
export function checkSnapshotName(name: string): void {
  const hint = 'letters, digits, ".", "_" and "-", at most 100, the first a letter or digit';
  if (!NAME.test(name))
    throw new SlsError('snapshot-name', `"${name}" cannot be a snapshot's name`, { hint });
  if (name === NOW)
    throw new SlsError('snapshot-name', `"${NOW}" means the state there is; a snapshot needs another name`);
}

/** Newest first. Those that cannot be read are left out. */
export function listSnapshots(folder: string): Snapshot[] {
  return namesIn(folder)
    .map((name) => noteOf(folder, name))
    .filter((snapshot) => snapshot !== undefined)
    .sort((a, b) => b.savedAt - a.savedAt || (a.name < b.name ? -1 : 1));
}

/** Throws `SlsError` code `snapshot-unknown`, naming those there are, or `snapshot-unreadable` when it is not whole. */
export function needSnapshot(folder: string, name: string): Snapshot {
  checkSnapshotName(name);
  const snapshot = noteOf(folder, name);
  if (!snapshot)
    throw namesIn(folder).includes(name) ? unreadable(name, 'its note is missing') : unknown(folder, name);
  const found = storeBytes(folderInForce(join(folder, name)));
  if (found !== snapshot.sizeBytes)
    throw unreadable(name, `its store has ${found} bytes instead of ${snapshot.sizeBytes}`);
  return snapshot;
}

/** The folder to open the snapshot's store in. */
export function snapshotFolder(folder: string, name: string): string {
  return join(folder, name);
}

export interface SaveOptions {
  /** Epoch ms. */
  readonly at: number;
  /** In place of a snapshot of that name, which stays until the new one is whole. */
  readonly replace: boolean;
  /** Bodies the store names. */
  readonly bodies: BodyFolder;
}

/** Throws `SlsError` `snapshot-exists`, `snapshot-name`, `disk-full` and what else `copyTo` throws. On the disk when it resolves. */
export async function saveSnapshot(
  folder: string,
  name: string,
  store: FileStore,
  { at, replace, bodies }: SaveOptions,
): Promise<Snapshot> {
  checkSnapshotName(name);
  const exists = namesIn(folder).includes(name);
  if (exists && !replace) throw taken(name, noteOf(folder, name));
  const home = join(folder, name);
  const hold = bodies.hold();
  try {
    const next = makeNextFolder(home);
    await store.copyTo(next);
    await saveBodies(next, bodies);
    await flushStore(next);
    const snapshot = { name, savedAt: at, sizeBytes: storeBytes(next), ...(await readContents(next)) };
    writeFileSync(join(next, NOTE), JSON.stringify(snapshot, null, 2));
    putInForce(home, next);
    return snapshot;
  } catch (failure) {
    throw explain(failure, home);
  } finally {
    hold.release();
    sweep(home);
  }
}

/** Every file the copied store names, linked into the snapshot. */
async function saveBodies(next: string, bodies: BodyFolder): Promise<void> {
  const copy = openStore(next, { readOnly: true });
  try {
    await linkBodies(bodies.folder, join(next, BODIES), savedBodies(copy));
  } finally {
    await copy.close();
  }
}

/** Brings the files of a snapshot back where they are missing. */
export async function restoreBodies(folder: string, name: string, bodies: BodyFolder): Promise<void> {
  const saved = join(folderInForce(join(folder, name)), BODIES);
  await linkBodies(saved, bodies.folder, bodiesIn(saved));
}

/** Throws `SlsError` code `snapshot-unknown`. */
export function removeSnapshot(folder: string, name: string): void {
  checkSnapshotName(name);
  if (!namesIn(folder).includes(name)) throw unknown(folder, name);
  rmSync(join(folder, name), { recursive: true, force: true });
}

/** Those ever finished: what a killed save left behind is no snapshot. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name) && folderInForce(join(folder, name)) !== join(folder, name))
      .sort();
  } catch {
    return [];
  }
}

function noteOf(folder: string, name: string): Snapshot | undefined {
  try {
    const note = readFileSync(join(folderInForce(join(folder, name)), NOTE), 'utf8');
    // The folder may have been renamed since.
    return { ...(JSON.parse(note) as Snapshot), name };
  } catch {
    return undefined;
  }
}

/** Leaves the snapshot in force, or nothing where there is none. */
function sweep(home: string): void {
  if (folderInForce(home) === home) rmSync(home, { recursive: true, force: true });
  else sweepFolder(home);
}

function unknown(folder: string, name: string): SlsError {
  const known = namesIn(folder).join(', ');
  return new SlsError('snapshot-unknown', `there is no snapshot "${name}"`, {
    hint: known === '' ? 'none was saved yet: sls-local state save NAME' : `there is: ${known}`,
  });
}

function unreadable(name: string, reason: string): SlsError {
  return new SlsError('snapshot-unreadable', `the snapshot "${name}" cannot be read: ${reason}`, {
    hint: 'nothing was changed; save it again, or remove it with: sls-local state rm',
    exitCode: 1,
  });
}

function taken(name: string, snapshot: Snapshot | undefined): SlsError {
  const when = snapshot ? ` (${new Date(snapshot.savedAt).toISOString()})` : '';
  return new SlsError('snapshot-exists', `there is a snapshot "${name}" already${when}`, {
    hint: 'choose another name, or replace it with --force',
  });
}

/** The file system's own refusals, in words. */
function explain(failure: unknown, home: string): unknown {
  const code = codeOf(failure);
  if (failure instanceof SlsError || code === undefined) return failure;
  return new SlsError(
    'snapshot-not-saved',
    `the snapshot cannot be saved in ${home}: ${messageOf(failure)}`,
    {
      hint: 'nothing was changed; check that the folder is writable and the disk has room',
      cause: failure,
      exitCode: 1,
    },
  );
}
