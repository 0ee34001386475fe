/** The note by which processes know who works in a state folder; whoever writes it first owns the folder. */
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from '../std/errors.ts';
import { isAlive, type ProcessIdentity, thisProcess } from '../std/process-identity.ts';

/** What `session.json` tells other commands about a running session. */
export interface SessionNote extends ProcessIdentity {
  /** Base URL of the AWS endpoint, which carries the control API. Empty while there is none: a session that starts, a command without one. */
  readonly aws: string;
  readonly http: string | null;
  readonly inspect?: string;
}

/** Undefined where there is none or it says nothing. */
export function readNote(file: string): SessionNote | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SessionNote;
  } catch {
    return undefined;
  }
}

/** Whether it belongs to another process that lives. */
export function isOthers(note: SessionNote): boolean {
  return note.pid !== process.pid && isAlive(note);
}

/** Puts this process's note there, whole and only if no other live process has one; else answers whose it is. */
export function takeNote(file: string): SessionNote | undefined {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ ...thisProcess(), aws: '', http: null }));
  try {
    while (!isLinked(own, file)) {
      const owner = readNote(file);
      if (owner && isOthers(owner)) return owner;
      setAside(file);
    }
    return undefined;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes the note of a process that is gone. Another process may have put its own there since it was read: that one comes back. */
function setAside(file: string): void {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch (failure) {
    if (codeOf(failure) === 'ENOENT') return;
    throw failure;
  }
  const moved = readNote(aside);
  if (moved && isOthers(moved)) isLinked(aside, file);
  rmSync(aside, { force: true });
}

/** False when there is a file of that name already. */
function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (failure) {
    if (codeOf(failure) === 'EEXIST') return false;
    // Some mounted file systems have no links.
    return isCopied(from, to);
  }
}

function isCopied(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (failure) {
    if (codeOf(failure) === 'EEXIST') return false;
    throw failure;
  }
}
