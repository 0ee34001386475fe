/** The project's `.sls-local/` folder: data, snapshots, journal, builds, and the note that says a session is running here. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, SlsError } from '../std/errors.ts';
import { isAlive, type ProcessIdentity, thisProcess } from '../std/process-identity.ts';

/** What `session.json` tells other commands about a running session. */
export interface SessionNote extends ProcessIdentity {
  /** Base URL of the AWS endpoint, which carries the control API. */
  readonly aws: string;
  readonly http: string | null;
  readonly inspect?: string;
}

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

/** Creates the folder and claims it. Throws `SlsError` code `session-running` when a live session owns it. */
export function claimStateFolder(path: string): StateFolder {
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
  const note = join(path, 'session.json');
  const running = runningSession(path);
  if (running)
    throw new SlsError(
      'session-running',
      `a session is already running in this folder (${[`process ${running.pid}`, running.aws].filter(Boolean).join(', ')})`,
      {
        hint: 'stop it with Ctrl-C, or give this one its own data with --state-folder DIR and its own ports',
      },
    );
  writeFileSync(note, JSON.stringify({ ...thisProcess(), aws: '', http: null }));
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

/** The live session that owns the folder, if there is one. A note whose process is gone counts for nothing. */
export function runningSession(path: string): SessionNote | undefined {
  try {
    const note = JSON.parse(readFileSync(join(path, 'session.json'), 'utf8')) as SessionNote;
    return isAlive(note) && note.pid !== process.pid ? note : undefined;
  } catch {
    return undefined;
  }
}
