/** The project's `.sls-local/` folder: data, snapshots, journal, builds, and the note that says a session is running here. */
import { existsSync, type FSWatcher, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, SlsError } from '../std/errors.ts';
import { type ProcessIdentity, thisProcess } from '../std/process-identity.ts';
import { isOthers, readNote, type SessionNote, takeNote } from './session-note.ts';

export type { SessionNote } from './session-note.ts';

export interface StateFolder {
  readonly path: string;
  /** The store of the emulated state: what a snapshot covers. */
  readonly data: string;
  /** The store of what sls-local remembers for itself: the journal, since when schedules are known. */
  readonly journal: string;
  /** Bodies too large for the store. */
  readonly bodies: string;
  readonly builds: string;
  /** Tells other commands where this session listens. */
  announce(note: Omit<SessionNote, keyof ProcessIdentity>): void;
  /** Takes the note back. */
  release(): void;
}

const NOTE = 'session.json';
/** Most commands that work in the folder without a session take less. */
const PATIENCE_MS = 10_000;

/** The state folder of a project, by default `<root>/.sls-local`. */
export function stateFolderOf(root: string, chosen?: string): string {
  return chosen ?? join(root, '.sls-local');
}

/** The store of the emulated state in a state folder. */
export function dataFolderOf(path: string): string {
  return join(path, 'data');
}

/** Bodies too large for the store, in a state folder. */
export function bodiesFolderOf(path: string): string {
  return join(path, 'objects');
}

/** The store of the journal in a state folder. */
export function journalFolderOf(path: string): string {
  return join(path, 'journal');
}

/** The snapshots in a state folder, a folder each. */
export function snapshotsFolderOf(path: string): string {
  return join(path, 'snapshots');
}

/**
 * Creates the folder and claims it. Waits a little for a command that works in it and for a session that is starting.
 * Rejects with `SlsError` code `session-running` when a live session owns it.
 */
export async function claimStateFolder(path: string, patienceMs = PATIENCE_MS): Promise<StateFolder> {
  const builds = join(path, 'builds');
  try {
    mkdirSync(builds, { recursive: true });
    writeFileSync(join(path, '.gitignore'), '*\n');
  } catch (failure) {
    throw new SlsError(
      'state-folder',
      `the folder ${path} cannot be written (${codeOf(failure) ?? 'unknown reason'})`,
      {
        hint: 'choose another with --state-folder DIR',
        cause: failure,
      },
    );
  }
  const note = join(path, NOTE);
  const until = performance.now() + patienceMs;
  for (let owner = takeNote(note); owner; owner = takeNote(note)) {
    const left = until - performance.now();
    if (owner.aws !== '' || left <= 0) throw occupied(owner);
    await noteChange(path, left);
  }
  return {
    path,
    data: dataFolderOf(path),
    journal: journalFolderOf(path),
    bodies: bodiesFolderOf(path),
    builds,
    announce: (told) => writeFileSync(note, JSON.stringify({ ...thisProcess(), ...told }, null, 2)),
    release: () => rmSync(note, { force: true }),
  };
}

function occupied({ pid, aws }: SessionNote): SlsError {
  return new SlsError(
    'session-running',
    aws === ''
      ? `another command is working in this folder (process ${pid})`
      : `a session is already running in this folder (process ${pid}, ${aws})`,
    {
      hint:
        aws === ''
          ? 'run this again when it has ended'
          : 'stop it with Ctrl-C, or give this one its own data with --state-folder DIR and its own ports',
    },
  );
}

/** Resolves when the note comes, goes or changes, or after `ms`. */
function noteChange(path: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      watcher?.close();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const watcher = watchFolder(path, (name) => name?.startsWith(NOTE) !== false && end());
    // It may have gone before anybody watched.
    if (!existsSync(join(path, NOTE))) end();
  });
}

/** Undefined where the system cannot watch; then only the time counts. */
function watchFolder(path: string, onChange: (name: string | null) => void): FSWatcher | undefined {
  try {
    return watch(path, (_event, name) => onChange(name)).on('error', () => {});
  } catch {
    return undefined;
  }
}

/** The live session that owns the folder, if there is one. A note whose process is gone counts for nothing. */
export function runningSession(path: string): SessionNote | undefined {
  const note = readNote(join(path, NOTE));
  return note && isOthers(note) ? note : undefined;
}
