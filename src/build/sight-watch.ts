/** Watches all folders that functions see, each tree once for all functions. */
import type { Stats } from 'node:fs';
import { makeContentHash } from './content-hash.ts';
import { foldersBelow } from './folder-tree.ts';
import { isAbove, isBelow, isHidden, type SeenRoot, type Sight } from './sight.ts';
import type { ChangeKind, FolderWatch } from './watch.ts';

export interface SightWatch {
  /** Watches what is not watched yet of what this function sees. Answers the folders that nobody had watched before. */
  add(sight: Sight): ReadonlySet<string>;
  /**
   * Whether what functions read there differs from what this last knew of it; follows new folders. Of a file that it does
   * not know yet every change is one.
   */
  isNews(path: string, kind: ChangeKind, stats: Stats | undefined): boolean;
}

/** Of one tree. A package is not edited in so many. */
const MOST_FOLDERS = { code: 1000, layer: 1000, package: 100 };

export function makeSightWatch(
  watch: FolderWatch,
  onTooMany: (root: string, most: number) => void,
): SightWatch {
  const trees = new Map<string, { readonly root: SeenRoot; readonly folders: Set<string> }>();
  const contents = new Map<string, string>();
  const hashOf = makeContentHash();

  const tryHash = (path: string, stats: Stats) => {
    try {
      return hashOf(path, stats);
    } catch {
      // It is gone again, or cannot be read.
      return undefined;
    }
  };

  const follow = (key: string, root: SeenRoot, folders: Set<string>, from = root.folder) => {
    const before = folders.size;
    const most = MOST_FOLDERS[root.kind];
    for (const folder of foldersBelow(from, (name) => isHidden(name, root), most - before))
      folders.add(folder);
    if (before < most && folders.size === most && root.kind !== 'package') onTooMany(root.folder, most);
    return watch.want(key, folders);
  };

  return {
    add({ roots }) {
      const fresh = new Set<string>();
      for (const root of roots) {
        const key = `seen ${root.kind} ${root.folder}`;
        if (trees.has(key)) continue;
        const folders = new Set<string>();
        trees.set(key, { root, folders });
        for (const folder of follow(key, root, folders)) fresh.add(folder);
      }
      return fresh;
    },
    isNews(path, kind, stats) {
      if (stats?.isDirectory()) {
        if (kind === 'content') return false;
        for (const [key, { root, folders }] of trees)
          if (isAbove(path, root)) follow(key, root, folders);
          else if (isBelow(path, root)) follow(key, root, folders, path);
        return true;
      }
      const before = contents.get(path);
      contents.delete(path);
      // It is being saved, or gone.
      if (!stats?.isFile() || stats.size === 0) return true;
      const content = tryHash(path, stats);
      if (content !== undefined) contents.set(path, content);
      return content === undefined || content !== before;
    },
  };
}
