/** Watches the files a project was loaded from and says when one changed. */
import { statSync } from 'node:fs';
import { watch } from 'chokidar';

export interface ProjectWatch {
  /** Watches these files from now on instead. */
  files(paths: readonly string[]): void;
  close(): Promise<void>;
}

/** chokidar 5 swallows a second save of a file that comes within 50 ms of the first; so it is looked at once more after that. */
const LOOK_AGAIN_MS = 80;

export function watchProject(onChange: () => void): ProjectWatch {
  const watcher = watch([], { ignoreInitial: true });
  let current = new Set<string>();
  let told = '';
  let again: NodeJS.Timeout | undefined;
  const tell = () => {
    const now = signatureOf(current);
    if (now === told) return;
    told = now;
    onChange();
    clearTimeout(again);
    again = setTimeout(tell, LOOK_AGAIN_MS);
  };
  watcher.on('all', (_event, path) => {
    if (current.has(path)) tell();
  });
  return {
    files(paths) {
      const wanted = new Set(paths);
      watcher.unwatch([...current].filter((path) => !wanted.has(path)));
      watcher.add([...wanted].filter((path) => !current.has(path)));
      if (told === '' || !sameSet(wanted, current)) told = signatureOf(wanted);
      current = wanted;
    },
    close: () => {
      clearTimeout(again);
      return watcher.close();
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

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
