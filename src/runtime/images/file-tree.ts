/** Collects what goes into a root file system: each path once, its parent folders before it, in one order. */
import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TarEntry } from './tar.ts';

export interface FileTree {
  directory(path: string, mode?: number): void;
  text(path: string, content: string): void;
  symlink(path: string, target: string): void;
  /**
   * Copies a file of this machine to `path` (default: the same path), following links; one that is there under another path is linked
   * to it. Does nothing when it is not there.
   */
  copy(source: string, path?: string): void;
  /** Copies a folder of this machine to the same path; `skip` is asked for each path in it. Links inside are kept. */
  copyFolder(source: string, skip: (path: string) => boolean): void;
  /** Sorted, parents first. */
  entries(): readonly TarEntry[];
}

export function makeFileTree(): FileTree {
  const byPath = new Map<string, TarEntry>();
  const placeOf = new Map<string, string>();

  const add = (entry: TarEntry) => {
    for (let parent = dirname(entry.path); parent !== '/'; parent = dirname(parent))
      if (!byPath.has(parent)) byPath.set(parent, { kind: 'directory', path: parent, mode: 0o755 });
    byPath.set(entry.path, entry);
  };

  const copy = (source: string, path = source) => {
    const stat = statSync(source, { throwIfNoEntry: false });
    if (!stat?.isFile() || byPath.has(path)) return;
    const real = realpathSync(source);
    const place = placeOf.get(real);
    if (place !== undefined) return add({ kind: 'symlink', path, target: place });
    placeOf.set(real, path);
    const mode = stat.mode & 0o111 ? 0o755 : 0o644;
    const modifiedAt = Math.floor(stat.mtimeMs / 1000);
    add({ kind: 'copy', path, mode, source: real, sizeBytes: stat.size, modifiedAt });
  };

  const copyFolder = (source: string, skip: (path: string) => boolean) => {
    for (const name of readdirSync(source)) {
      const path = join(source, name);
      if (skip(path)) continue;
      const stat = lstatSync(path);
      if (stat.isDirectory()) copyFolder(path, skip);
      else if (stat.isSymbolicLink()) add({ kind: 'symlink', path, target: readlinkSync(path) });
      else copy(path);
    }
  };

  return {
    directory: (path, mode = 0o755) => add({ kind: 'directory', path, mode }),
    text: (path, content) => add({ kind: 'file', path, mode: 0o644, content: Buffer.from(content, 'utf8') }),
    symlink: (path, target) => {
      if (!byPath.has(path)) add({ kind: 'symlink', path, target });
    },
    copy,
    copyFolder,
    entries: () => [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}
