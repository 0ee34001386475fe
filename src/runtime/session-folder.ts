/** The session's short-lived folder: sockets and notes on running processes, by which a later session finds leftovers. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids } from '../model/platform.ts';
import { isAlive, type ProcessIdentity, thisProcess } from '../std/process-identity.ts';

const PREFIX = 'sls-local-';
const OWNER = 'owner.json';
/** On Linux, a file system in memory that everybody may write to. */
const MEMORY = '/dev/shm';

export interface SessionFolder {
  /** Absolute and short: socket paths have a limit of a hundred bytes. */
  readonly path: string;
  close(): void;
}

/** Creates `<parent>/sls-local-<8 hex>`, by default in the system's temporary folder. */
export function openSessionFolder(ids: Ids, parent = tmpdir()): SessionFolder {
  const name = `${PREFIX}${ids.hex(4)}`;
  const path = join(parent, name);
  // It appears with its owner's name on it, or another session could take it for a leftover.
  const unfinished = join(parent, `.${name}`);
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(join(unfinished, OWNER), JSON.stringify(thisProcess()));
  renameSync(unfinished, path);
  return { path, close: () => rmSync(path, { recursive: true, force: true }) };
}

/** One that lies in memory; undefined where the system has no place for it. What is written there waits for no disk. */
export function openMemoryFolder(ids: Ids): SessionFolder | undefined {
  try {
    return isUsable(MEMORY) ? openSessionFolder(ids, MEMORY) : undefined;
  } catch {
    // It is full.
    return undefined;
  }
}

/** Where there may be session folders. */
export function sessionParents(): readonly string[] {
  return isUsable(MEMORY) ? [tmpdir(), MEMORY] : [tmpdir()];
}

function isUsable(parent: string): boolean {
  try {
    accessSync(parent, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Session folders in `parent` whose session is dead. */
export function deadSessionFolders(parent: string): string[] {
  return readdirSync(parent)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(folder, OWNER)) && !ownerLives(folder));
}

function ownerLives(folder: string): boolean {
  const owner = readIdentity(join(folder, OWNER));
  return owner !== undefined && isAlive(owner);
}

/** What a note says; undefined where it is not whole. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isIdentity(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isIdentity(note: unknown): note is ProcessIdentity {
  return (
    typeof note === 'object' &&
    note !== null &&
    'pid' in note &&
    Number.isInteger(note.pid) &&
    'startedAt' in note &&
    typeof note.startedAt === 'string'
  );
}
