/** Watches the files a project was loaded from and says when one changed. */
import { watch } from 'chokidar';

export interface ProjectWatch {
  /** Watches these files from now on instead. */
  files(paths: readonly string[]): void;
  close(): Promise<void>;
}

export function watchProject(onChange: () => void): ProjectWatch {
  const watcher = watch([], { ignoreInitial: true });
  let current = new Set<string>();
  watcher.on('all', (_event, path) => {
    if (current.has(path)) onChange();
  });
  return {
    files(paths) {
      const wanted = new Set(paths);
      watcher.unwatch([...current].filter((path) => !wanted.has(path)));
      watcher.add([...wanted].filter((path) => !current.has(path)));
      current = wanted;
    },
    close: () => watcher.close(),
  };
}
