/** Keeps V8's compiled code of functions: one file per function and build of Node.js, written whole or not at all. */
import { linkSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Artifact } from '../model/runtime.ts';

/** What an instance is told: where the files are, and whether it is to hand over its own code, and when. */
export interface CodeCacheTask {
  /** Absolute; the file inside is named by the build of Node.js and its flags. */
  readonly folder: string;
  /** After its first successful event, or as soon as it has loaded its code. */
  readonly record?: 'first-event' | 'ready';
}

export interface CodeCache {
  /** For one instance; undefined where the artifact has no folder for it. */
  open(artifact: Artifact): OpenCodeCache | undefined;
}

export interface OpenCodeCache {
  readonly task: CodeCacheTask;
  /** The instance's last word on it: the whole file, or no bytes where there is nothing new. */
  give(name: string, bytes: readonly Buffer[]): void;
  /** The instance is gone. Idempotent; also after `give`. */
  end(): void;
}

/** One folder holds files of so many builds of Node.js, the newest ones; sizes are limited by the bootstrap too. */
const MOST_FILES = 4;
export const MOST_CODE_BYTES = 33 * 1024 * 1024;
const NAME = /^v\d[\w.+-]*\.code$/;
let drafts = 0;

/** One instance of a function records at a time: a burst of starts would do the same work many times. */
export function makeCodeCache(record: CodeCacheTask['record'] = 'first-event'): CodeCache {
  const recording = new Set<string>();
  /** By folder, of the functions that ran in this session. */
  const externalsOf = new Map<string, readonly string[]>();
  return {
    open({ cacheDir: folder, externals = [] }) {
      if (folder === undefined) return undefined;
      if (externals.length > 0) {
        if (codeFilesIn(folder).length === 0) borrow(folder, externals, externalsOf);
        externalsOf.set(folder, externals);
      }
      const records = !recording.has(folder);
      if (records) recording.add(folder);
      let holds = records;
      const end = () => {
        if (holds) recording.delete(folder);
        holds = false;
      };
      return {
        task: { folder, ...(records ? { record } : {}) },
        give(name, bytes) {
          const mayWrite = holds;
          end();
          if (mayWrite && NAME.test(name) && bytes.length > 0) writeWhole(folder, name, bytes);
        },
        end,
      };
    },
  };
}

/** For instances that only use what is there. */
export function makeReadOnlyCodeCache(): CodeCache {
  return {
    open: ({ cacheDir: folder }) =>
      folder === undefined ? undefined : { task: { folder }, give: () => {}, end: () => {} },
  };
}

/**
 * A function that has not run yet takes the compiled code of the one it shares most packages with, and adds its own to it. Most
 * of what it takes must be of use to it: unused code makes a start slower.
 */
function borrow(
  folder: string,
  externals: readonly string[],
  externalsOf: ReadonlyMap<string, readonly string[]>,
): void {
  const wanted = new Set(externals);
  let best: { readonly files: readonly string[]; readonly shared: number } | undefined;
  for (const [other, theirs] of externalsOf) {
    const shared = theirs.filter((file) => wanted.has(file)).length;
    if (shared <= (best?.shared ?? 0) || shared < theirs.length / 2) continue;
    const files = codeFilesIn(other);
    if (files.length > 0) best = { files, shared };
  }
  for (const file of best?.files ?? [])
    try {
      linkSync(file, join(folder, basename(file)));
    } catch {
      // It compiles its code itself.
    }
}

function codeFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The cache is an extra: where it cannot be written, everything works without it. */
function writeWhole(folder: string, name: string, bytes: readonly Buffer[]): void {
  const draft = join(folder, `.draft-${process.pid}-${drafts++}`);
  try {
    writeFileSync(draft, Buffer.concat(bytes));
    renameSync(draft, join(folder, name));
    prune(folder);
  } catch {
    rmSync(draft, { force: true });
  }
}

/** What a killed session left half-written, and the files of builds of Node.js that were used longest ago. */
function prune(folder: string): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  const kept = files.filter(({ path }) => path.endsWith('.code')).slice(0, MOST_FILES);
  for (const file of files) if (!kept.includes(file)) rmSync(file.path, { force: true });
}
