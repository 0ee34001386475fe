/** Watches the files a project was loaded from and says when one changed. */
import { statSync } from 'node:fs';
import type { FSWatcher } from 'chokidar';

export interface ProjectWatchOptions {
  readonly onChange: () => void;
  /** The files cannot be watched. */
  readonly onFailure: (failure: unknown) => void;
}

export interface ProjectWatch {
  /** Watches these files from now on instead. One that was written since `readAt` (epoch ms) counts as changed. */
  files(paths: readonly string[], readAt: number): void;
  /** Settles when the system tells of changes. */
  readonly opened: Promise<void>;
  close(): Promise<void>;
}

/** A save empties the file and then writes it: what comes within this time is one change. */
const SAVING_MS = 20;
/** chokidar is silent about a second change within 50 ms of the first: the files are looked at once more after that. */
const SECOND_LOOK_MS = 80;
/** The watch opens when the session has started; what changes meanwhile shows by its time. */
const OPEN_AFTER_MS = 200;

export function watchProject({ onChange, onFailure }: ProjectWatchOptions): ProjectWatch {
  let current: readonly string[] = [];
  let told = '';
  let opening: NodeJS.Timeout | undefined;
  let watching: FSWatcher | undefined;
  let closed = false;
  let isOpen: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    isOpen = resolve;
  });
  const looks = new Set<NodeJS.Timeout>();

  const look = () => {
    const now = signatureOf(current);
    if (closed || now === told) return;
    told = now;
    onChange();
  };
  const lookAfter = (ms: number) => {
    const timer = setTimeout(() => {
      looks.delete(timer);
      look();
    }, ms);
    looks.add(timer);
  };
  const onEvent = () => {
    lookAfter(SAVING_MS);
    lookAfter(SECOND_LOOK_MS);
  };

  const open = async () => {
    const { watch } = await import('chokidar');
    if (closed) return;
    watching = watch([...current], { ignoreInitial: true, persistent: false });
    watching.on('all', onEvent).on('error', onFailure);
    // What changed before it was watched.
    watching.on('ready', () => {
      look();
      isOpen();
    });
  };

  return {
    opened,
    files(paths, readAt) {
      const before = current;
      current = paths;
      told = signatureOf(paths);
      if (paths.some((path) => writtenAt(path) >= readAt)) {
        told = '';
        lookAfter(SAVING_MS);
      }
      watching?.add(paths.filter((path) => !before.includes(path)));
      watching?.unwatch(before.filter((path) => !paths.includes(path)));
      // What changes while new files are taken up is not told.
      if (watching) lookAfter(OPEN_AFTER_MS);
      opening ??= setTimeout(() => open().catch(onFailure), OPEN_AFTER_MS);
    },
    async close() {
      closed = true;
      clearTimeout(opening);
      for (const timer of looks) clearTimeout(timer);
      await watching?.close();
    },
  };
}

/** Content is not read: a file that was written is another one. */
function signatureOf(paths: readonly string[]): string {
  return paths.map((path) => stampOf(path)).join(' ');
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
