/** Watches the files a project was loaded from and says when one changed. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openFolderWatch } from '../build/watch.ts';

export interface ProjectWatchOptions {
  /** Absolute project folder. */
  readonly root: string;
  readonly onChange: () => void;
  /** The system refuses more watches; said once. */
  readonly onLimit: (message: string) => void;
}

export interface ProjectWatch {
  /** Watches these files from now on instead. One that was written since `readAt` (epoch ms) counts as changed. */
  files(paths: readonly string[], readAt: number): void;
  close(): void;
}

/** A save empties the file and then writes it: what comes within this time is one change. */
const SAVING_MS = 20;

export function watchProject({ root, onChange, onLimit }: ProjectWatchOptions): ProjectWatch {
  let current: ReadonlySet<string> = new Set();
  let told = '';
  let telling: NodeJS.Timeout | undefined;
  const tell = () => {
    telling = undefined;
    const now = signatureOf(current);
    if (now === told) return;
    told = now;
    onChange();
  };
  const tellSoon = () => {
    telling ??= setTimeout(tell, SAVING_MS);
  };
  const watch = openFolderWatch({
    root,
    onChange: (path) => {
      if (current.has(path)) tellSoon();
    },
    onLimit,
  });
  return {
    files(paths, readAt) {
      current = new Set(paths);
      watch.want('project', new Set(paths.map((path) => dirname(path))));
      if (paths.some((path) => writtenAt(path) >= readAt)) return tellSoon();
      told = signatureOf(current);
    },
    close() {
      clearTimeout(telling);
      watch.close();
    },
  };
}

function signatureOf(paths: ReadonlySet<string>): string {
  return [...paths].map((path) => stampOf(path)).join(' ');
}

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.ino}:${stats.mtimeMs}:${stats.size}` : '-';
}

/** ctime: a file moved here keeps the time it was written. */
function writtenAt(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? Math.max(stats.mtimeMs, stats.ctimeMs) : 0;
}
