/**
 * Keeps a store from being opened by one process while another one commits. lmdb 3.5 sets the number of the last transaction,
 * which all processes share, to what it has read a moment before; a commit in that moment is then lost, and with the next
 * one the file may be no tree any more. Both sides say what they are about to do before they look at the other.
 */
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import { isAlive, thisProcess } from '../process-identity.ts';
import { STORE_FILE } from './store-folder.ts';

/** Who says so for so long that he opens or commits has forgotten it: both take milliseconds. */
const PATIENCE_MS = 10_000;
const nap = new Int32Array(new SharedArrayBuffer(4));

/** A link: it is made with what it says, whose it is, and only if there is none, and needs no room on the disk. */
const OPENING = `${STORE_FILE}-opening`;
/** Files, one for each writer: whether it commits, in one character, and whose it is. To write that takes a tenth of making a link. */
const COMMITTING = `${STORE_FILE}-committing-`;
const YES = Buffer.from('1');
const NO = Buffer.from('0');

export interface CommitGate {
  /** Runs what ends with a commit, when nobody is opening the file. May be nested. */
  commit<T>(work: () => T): T;
  /** No commit follows. */
  close(): void;
}

let gates = 0;

/** Of a process that writes. Where there can be no file (a full disk), there is no gate. */
export function makeCommitGate(folder: string): CommitGate {
  const opening = join(folder, OPENING);
  const path = join(folder, `${COMMITTING}${process.pid}-${gates++}`);
  let file: number | undefined;
  let depth = 0;

  const say = (what: Buffer) => {
    try {
      file ??= begin(folder, path);
      writeSync(file, what, 0, 1, 0);
    } catch {
      // The disk is full.
    }
  };

  const close = () => {
    for (say(YES); isUp(opening); say(YES)) {
      say(NO);
      waitForOpening(opening);
    }
  };

  return {
    commit(work) {
      if (depth > 0) return work();
      close();
      depth++;
      try {
        return work();
      } finally {
        depth--;
        say(NO);
      }
    },
    close() {
      if (file === undefined) return;
      closeSync(file);
      file = undefined;
      remove(path);
    },
  };
}

/** Runs what opens the file, when nobody commits to it; where no link can be made, at once. */
export function openBetweenCommits<T>(folder: string, open: () => T): T {
  const opening = join(folder, OPENING);
  const isSigned = sign(opening);
  try {
    if (isSigned) for (const path of writersIn(folder)) waitWhile(() => isCommitting(path));
    return open();
  } finally {
    if (isSigned) remove(opening);
  }
}

/** Waits for another process that has it up. */
function sign(opening: string): boolean {
  for (;;) {
    try {
      symlinkSync(mine(), opening);
      return true;
    } catch (failure) {
      if (codeOf(failure) !== 'EEXIST') return false;
      waitForOpening(opening);
    }
  }
}

/** The file of a writer; those of killed ones go. */
function begin(folder: string, path: string): number {
  for (const other of writersIn(folder)) if (isLeft(other)) remove(other);
  const file = openSync(path, 'w');
  try {
    writeSync(file, `${NO}${mine()}`);
    return file;
  } catch (failure) {
    closeSync(file);
    remove(path);
    throw failure;
  }
}

function writersIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(COMMITTING));
  return names.map((name) => join(folder, name));
}

/** Another one: this process does one thing at a time. */
function isCommitting(path: string): boolean {
  const text = contentOf(path);
  const owner = text.slice(1);
  return text.startsWith('1') && owner !== mine() && isSomeones(owner);
}

/** One that is empty is being made. */
function isLeft(path: string): boolean {
  const text = contentOf(path);
  return text !== '' && !isSomeones(text.slice(1));
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** The link of a process that is gone is taken away, and one of this process, which does one thing at a time and has left it. */
function isOpening(opening: string): boolean {
  const owner = ownerOf(opening);
  if (owner === undefined) return false;
  if (owner !== mine() && isSomeones(owner)) return true;
  remove(opening);
  return false;
}

function ownerOf(opening: string): string | undefined {
  try {
    return readlinkSync(opening);
  } catch {
    return undefined;
  }
}

function isUp(opening: string): boolean {
  try {
    return lstatSync(opening, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function waitForOpening(opening: string): void {
  if (!waitWhile(() => isOpening(opening))) remove(opening);
}

/** False: there was no more patience. */
function waitWhile(isSo: () => boolean): boolean {
  const until = performance.now() + PATIENCE_MS;
  while (isSo()) {
    if (performance.now() > until) return false;
    Atomics.wait(nap, 0, 0, 1);
  }
  return true;
}

let mineText: string | undefined;

/** Tells this process from a later one that gets its number. */
function mine(): string {
  if (mineText === undefined) {
    const { pid, startedAt } = thisProcess();
    mineText = `${pid} ${startedAt}`;
  }
  return mineText;
}

function isSomeones(owner: string): boolean {
  const [pid = '', startedAt = ''] = owner.split(' ');
  return pid !== '' && isAlive({ pid: Number(pid), startedAt });
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or not ours to take.
  }
}
