/**
 * Project files as chokidar tells of them, besides what their folders tell: it can poll, where the system is silent about
 * changes (a folder of another machine, CHOKIDAR_USEPOLLING=1).
 */
import type { FSWatcher } from 'chokidar';

export interface PolledFiles {
  /** Tells of these files from now on instead, existing or not. */
  files(paths: readonly string[]): void;
  close(): void;
}

/** The session starts without it. */
const OPEN_AFTER_MS = 200;

/** `onEvent`: any of them may have changed. */
export function openPolledFiles(onEvent: () => void): PolledFiles {
  let current: readonly string[] = [];
  let opening: NodeJS.Timeout | undefined;
  let watching: FSWatcher | undefined;
  let closed = false;

  const open = async () => {
    const { watch } = await import('chokidar');
    if (closed) return;
    watching = watch([...current], { ignoreInitial: true, persistent: false });
    // What it cannot watch, the folders tell of.
    watching.on('all', onEvent).on('ready', onEvent).on('error', onEvent);
  };

  return {
    files(paths) {
      watching?.add(paths.filter((path) => !current.includes(path)));
      watching?.unwatch(current.filter((path) => !paths.includes(path)));
      current = paths;
      opening ??= setTimeout(() => open().catch(() => {}), OPEN_AFTER_MS).unref();
    },
    close() {
      closed = true;
      clearTimeout(opening);
      void watching?.close();
    },
  };
}
