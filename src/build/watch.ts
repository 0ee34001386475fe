/**
 * Watches folders (not trees, not files) and reports every change of an entry at once.
 *
 * Watching the folder survives editors that save by writing a new file and renaming it. It is done with `fs.watch` itself:
 * chokidar 5 drops a second change of a file within 50 ms of the first (measured: 40 of 40 lost at 3–40 ms), which is
 * what an editor does that formats after saving, and the function would keep running the first text.
 */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { codeOf } from '../std/errors.ts';

/** `entry`: it appeared, vanished or was replaced; `content`: it was written to. */
export type ChangeKind = 'entry' | 'content';

export interface FolderWatchOptions {
  /** Ancestors of a folder are watched with it, up to this one: a folder can be replaced as a whole. */
  readonly root: string;
  readonly onChange: (path: string, kind: ChangeKind) => void;
  /** The system refuses more watches; said once. */
  readonly onLimit: (message: string) => void;
}

export interface FolderWatch {
  /** Replaces the folders that `owner` wants watched, existing or not. Answers those nobody had wanted before. */
  want(owner: string, folders: Iterable<string>): ReadonlySet<string>;
  close(): void;
}

/** How far above a folder outside the root to look, at least: up to one that exists. */
const LEVELS_OUTSIDE = 2;

export function openFolderWatch(options: FolderWatchOptions): FolderWatch {
  const wanted = new Map<string, ReadonlySet<string>>();
  const owners = new Map<string, number>();
  const open = new Map<string, FSWatcher>();
  let refused = false;
  let closed = false;

  const start = (folder: string) => {
    if (closed || open.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        const path = name === null ? folder : join(folder, name);
        const kind = event === 'rename' ? 'entry' : 'content';
        if (kind === 'entry') reopenBelow(path);
        options.onChange(path, kind);
      });
      watcher.on('error', () => stop(folder));
      open.set(folder, watcher);
    } catch (failure) {
      explain(codeOf(failure));
    }
  };

  const stop = (folder: string) => {
    open.get(folder)?.close();
    open.delete(folder);
  };

  /** A folder that was replaced is another folder: the old watch would follow the one that was moved away. */
  const reopenBelow = (path: string) => {
    for (const folder of outermostFirst(owners.keys()))
      if (folder === path || folder.startsWith(path + sep)) {
        stop(folder);
        start(folder);
      }
  };

  const explain = (code: string | undefined) => {
    if (refused || (code !== 'ENOSPC' && code !== 'EMFILE')) return;
    refused = true;
    options.onLimit(
      code === 'ENOSPC'
        ? 'the system allows no more file watches, some changes will not be seen: raise fs.inotify.max_user_watches'
        : 'this process may open no more files, some changes will not be seen: raise the limit (ulimit -n)',
    );
  };

  return {
    want(owner, folders) {
      const before = wanted.get(owner) ?? new Set();
      const now = new Set(outermostFirst(withAncestors(folders, options.root)));
      const fresh = new Set<string>();
      for (const folder of now) {
        if (before.has(folder)) continue;
        const count = owners.get(folder) ?? 0;
        owners.set(folder, count + 1);
        if (count > 0) continue;
        fresh.add(folder);
        start(folder);
      }
      for (const folder of before) {
        if (now.has(folder)) continue;
        const count = (owners.get(folder) ?? 1) - 1;
        owners.set(folder, count);
        if (count > 0) continue;
        owners.delete(folder);
        stop(folder);
      }
      wanted.set(owner, now);
      return fresh;
    },
    close() {
      closed = true;
      for (const watcher of open.values()) watcher.close();
      open.clear();
      owners.clear();
    },
  };
}

function withAncestors(folders: Iterable<string>, root: string): ReadonlySet<string> {
  const all = new Set<string>();
  for (const folder of folders) {
    const inside = folder.startsWith(root + sep);
    let left = LEVELS_OUTSIDE;
    for (let path = folder; !all.has(path); path = dirname(path)) {
      all.add(path);
      if (path === root || path === dirname(path)) break;
      if (!inside && left-- <= 0 && existsSync(path)) break;
    }
  }
  return all;
}

/** A folder that is made while its own is not yet watched is told by none. */
function outermostFirst(folders: Iterable<string>): string[] {
  return [...folders].sort((one, other) => one.length - other.length);
}
