/**
 * Keeps a store from being opened by one process while another one commits. lmdb 3.5 sets the number of the last transaction,
 * which all processes share, to what it has read a moment before; a commit in that moment is then lost, and with the next
 * one the file may be no tree any more. Both sides put a sign up before they look for the other's.
 */
import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import { STORE_FILE } from './store-folder.ts';

/** A sign that stands for so long is nobody's any more: opening and committing take milliseconds. */
const PATIENCE_MS = 10_000;
const nap = new Int32Array(new SharedArrayBuffer(4));

export interface CommitGate {
  /** Runs what ends with a commit, when nobody is opening the file. May be nested. */
  commit<T>(work: () => T): T;
}

/** Of a process that writes; there is one for each store. */
export function makeCommitGate(folder: string): CommitGate {
  const { committing, opening } = signsIn(folder);
  let depth = 0;

  /** Answers whether the sign is up. Where it cannot be (a full disk, a file system without links), there is no gate. */
  const close = (): boolean => {
    for (;;) {
      if (!putUp(committing)) return false;
      if (ownerOf(opening) === undefined) return true;
      takeDown(committing);
      waitWhileUp(opening);
    }
  };

  return {
    commit(work) {
      if (depth > 0) return work();
      const isUp = close();
      depth++;
      try {
        return work();
      } finally {
        depth--;
        if (isUp) takeDown(committing);
      }
    },
  };
}

/** Runs what opens the file, when nobody commits to it; where no sign can be put up, at once. */
export function openBetweenCommits<T>(folder: string, open: () => T): T {
  const { committing, opening } = signsIn(folder);
  const isUp = putUp(opening);
  try {
    if (isUp) waitWhileUp(committing);
    return open();
  } finally {
    if (isUp) takeDown(opening);
  }
}

/** Links, since these are made with what they hold, the process's number, and need no room on the disk. */
function signsIn(folder: string) {
  return {
    committing: join(folder, `${STORE_FILE}-committing`),
    opening: join(folder, `${STORE_FILE}-opening`),
  };
}

/** Waits for another process that has the same one up. */
function putUp(sign: string): boolean {
  for (;;) {
    try {
      symlinkSync(String(process.pid), sign);
      return true;
    } catch (failure) {
      if (codeOf(failure) !== 'EEXIST') return false;
      waitWhileUp(sign);
    }
  }
}

function takeDown(sign: string): void {
  rmSync(sign, { force: true });
}

/** One of a process that is gone is taken down, and one of this process, which does one thing at a time and has left it. */
function waitWhileUp(sign: string): void {
  const until = performance.now() + PATIENCE_MS;
  for (let owner = ownerOf(sign); owner !== undefined; owner = ownerOf(sign)) {
    const isLeft = owner === process.pid || !lives(owner) || performance.now() > until;
    if (isLeft) takeDown(sign);
    else Atomics.wait(nap, 0, 0, 1);
  }
}

function ownerOf(sign: string): number | undefined {
  try {
    return Number(readlinkSync(sign));
  } catch {
    return undefined;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return codeOf(failure) === 'EPERM';
  }
}
