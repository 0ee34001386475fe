/** Folders outside of the project that its functions read, as links lead there: what is prepared for a runtime sees them. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';

export interface LinkedFolders {
  /** Those there are now; absolute. */
  all(): readonly string[];
  add(folder: string): void;
  delete(folder: string): void;
  clear(): void;
}

/** More would be mounts that nobody needs any more. */
const MOST = 32;

/** `file` keeps them for later sessions; absent, or where it cannot be read or written: they are known for this one only. */
export function openLinkedFolders(file?: string): LinkedFolders {
  const folders = new Set(file === undefined ? [] : readFolders(file));

  const keep = () => {
    if (file === undefined) return;
    try {
      if (folders.size === 0) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify([...folders], undefined, 2)}\n`);
    } catch {
      // The next session learns them again.
    }
  };

  return {
    all: () => [...folders].filter(isFolder),
    add(folder) {
      if (folders.has(folder)) return;
      for (const known of [...folders]) if (folders.size >= MOST) folders.delete(known);
      folders.add(folder);
      keep();
    },
    delete(folder) {
      if (folders.delete(folder)) keep();
    },
    clear() {
      folders.clear();
      keep();
    },
  };
}

function readFolders(file: string): string[] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const isOne = (path: unknown) => typeof path === 'string' && isAbsolute(path) && isFolder(path);
    return Array.isArray(read) ? read.filter(isOne) : [];
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
