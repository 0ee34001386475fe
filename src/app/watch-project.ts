/** Watches the files a project was loaded from and says when one changed. */
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openFolderWatch } from '../build/watch.ts';
import { openPolledFiles } from './polled-files.ts';

export interface ProjectWatchOptions {
  /** The project's folder. */
  readonly root: string;
  readonly onChange: () => void;
  /** The system refuses more watches; said once. */
  readonly onLimit: (message: string) => void;
}

export interface ProjectWatch {
  /** Watches these files from now on instead, existing or not. One that was written since `readAt` (epoch ms) counts as changed. */
  files(paths: readonly string[], readAt: number): void;
  close(): void;
}

/** A save empties the file, or puts another in its place, and more may follow: what stays as it is for this time was saved. */
const SAVING_MS = 20;
/** Times in the file system are as coarse as the kernel's tick. */
const TICK_MS = 10;
/** macOS begins to tell of a folder some time after it was asked to. */
const OPENING_MS = 200;

/** What tells a file from what it was before. */
type Stamp = string;
const MISSING: Stamp = 'missing';
const WRITTEN_WHILE_READ: Stamp = 'written while it was read';

/**
 * What the folders tell is only the reason to look at the files: no event has to arrive for each save, nor to name its file.
 * Two looks have to agree before a change is told, so that a later save, however soon, gives the file another stamp.
 */
export function watchProject({ root, onChange, onLimit }: ProjectWatchOptions): ProjectWatch {
  /** The files as they were when the last change was told. */
  let told: ReadonlyMap<string, Stamp> = new Map();
  let nextLook: NodeJS.Timeout | undefined;
  let opening: NodeJS.Timeout | undefined;

  const look = (before: readonly Stamp[]) => {
    nextLook = undefined;
    const paths = [...told.keys()];
    const now = paths.map(stampOf);
    if (areEqual(now, [...told.values()])) return;
    if (!areEqual(now, before)) return lookAfter(SAVING_MS, now);
    told = new Map(paths.map((path, i) => [path, now[i] ?? MISSING]));
    onChange();
  };
  const lookAfter = (ms: number, before: readonly Stamp[]) => {
    nextLook = setTimeout(() => look(before), ms);
  };
  /** Once for all that is told at a time. */
  const lookSoon = () => {
    if (nextLook === undefined) lookAfter(0, []);
  };
  const watch = openFolderWatch({ root, onChange: lookSoon, onLimit });
  const polled = openPolledFiles(lookSoon);

  return {
    files(paths, readAt) {
      const fresh = watch.want('project', paths.flatMap(foldersOf));
      told = new Map(paths.map((path) => [path, told.get(path) ?? readStampOf(path, readAt)]));
      polled.files(paths);
      lookSoon();
      if (fresh.size === 0) return;
      clearTimeout(opening);
      opening = setTimeout(lookSoon, OPENING_MS);
    },
    close() {
      clearTimeout(nextLook);
      clearTimeout(opening);
      watch.close();
      polled.close();
    },
  };
}

/** The file's own, and that of the file it is a link to. */
function foldersOf(path: string): string[] {
  const folder = dirname(path);
  try {
    return [folder, dirname(realpathSync(path))];
  } catch {
    return [folder];
  }
}

/** Content is not read: a file that was written is another one. */
function stampOf(path: string): Stamp {
  const stats = statsOf(path);
  return stats ? `${stats.ino}:${stats.ctimeMs}:${stats.size}` : MISSING;
}

function readStampOf(path: string, readAt: number): Stamp {
  const stats = statsOf(path);
  return stats && stats.ctimeMs >= readAt - TICK_MS ? WRITTEN_WHILE_READ : stampOf(path);
}

/** Its ctime is what counts: a file moved here keeps the time it was written. */
function statsOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function areEqual(some: readonly Stamp[], others: readonly Stamp[]): boolean {
  return some.length === others.length && some.every((stamp, i) => stamp === others[i]);
}
