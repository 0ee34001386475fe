/** Writes built code into a folder of its own per content, and looks after the folders of older code. */
import { mkdirSync, readdirSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { codeOf } from '../std/errors.ts';
import type { Holds } from '../std/holds.ts';

export interface OutputFile {
  /** Without folder. */
  readonly name: string;
  readonly contents: Uint8Array;
}

/** Read by who waited for a build and has not begun yet, and by another session of the same project. */
const KEEP = 4;
/** Beside the folders of the builds: compiled code of what they share stays good. */
export const CACHE_FOLDER = 'code-cache';
let made = 0;

/** Absolute folders whose code is being started or run: old code may be loaded late, and its source maps too. */
export type InUse = Pick<Holds, 'has'>;

/**
 * The folder `<home>/<id>` with these files; made complete beside its place and renamed there, so that it is never seen
 * half-written, and not touched when it exists already.
 */
export async function writeArtifactFolder(
  home: string,
  id: string,
  files: readonly OutputFile[],
): Promise<string> {
  const folder = join(home, id);
  if (exists(folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }
  const draft = join(home, `.draft-${process.pid}-${made++}`);
  await mkdir(draft, { recursive: true });
  await Promise.all(files.map(({ name, contents }) => writeFile(join(draft, name), contents)));
  await rename(draft, folder).catch(async (failure) => {
    await rm(draft, { recursive: true, force: true });
    // Another session of the same project wrote the same content first.
    if (codeOf(failure) !== 'ENOTEMPTY' && codeOf(failure) !== 'EEXIST') throw failure;
  });
  return folder;
}

/** Takes the folder `draft`, complete, as `<home>/<id>`; one that is there already stays, and the draft is left to the caller. */
export async function adoptArtifactFolder(home: string, id: string, draft: string): Promise<string> {
  const folder = join(home, id);
  if (exists(folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }
  await rename(draft, folder).catch((failure) => {
    if (codeOf(failure) !== 'ENOTEMPTY' && codeOf(failure) !== 'EEXIST') throw failure;
  });
  return folder;
}

export interface Surroundings {
  /** Folders whose entries the code may read relative to itself or to its working directory; earlier ones win. */
  readonly besides: readonly string[];
  readonly nodeModules: string | undefined;
  /** Where built code is kept: never linked into itself. */
  readonly outDir: string;
}

/** Links what deployed code would find beside it: data files, templates, node_modules. What is there already stays. */
export function linkSurroundings(folder: string, { besides, nodeModules, outDir }: Surroundings): void {
  const taken = new Set(readdirSync(folder));
  const link = (name: string, target: string) => {
    if (taken.has(name)) return;
    taken.add(name);
    makeLink(target, join(folder, name));
  };
  if (nodeModules) link('node_modules', nodeModules);
  for (const beside of besides)
    for (const name of readdirSync(beside)) {
      const target = join(beside, name);
      if (isLinked(name) && target !== outDir && !outDir.startsWith(target + sep)) link(name, target);
    }
}

/** The folder below `home` for compiled code; it is made here, so that it can be mounted. */
export function makeCacheFolder(home: string): string {
  const folder = join(home, CACHE_FOLDER);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Removes all but the newest folders and those in use; failures are left for the next time. */
export async function pruneArtifactFolders(home: string, inUse: InUse): Promise<void> {
  const folders = readdirSync(home)
    .filter((name) => name !== CACHE_FOLDER)
    .map((name) => join(home, name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  const old = folders.slice(KEEP).filter(({ path }) => !inUse.has(path));
  await Promise.allSettled(old.map(({ path }) => rm(path, { recursive: true, force: true })));
}

/** `index` is what the runtime looks up; `node_modules` is linked once, by itself. */
function isLinked(name: string): boolean {
  return name !== 'node_modules' && name !== '.git' && !/^index(?:\.[^.]+)?$/.test(name);
}

function makeLink(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (failure) {
    if (codeOf(failure) !== 'EEXIST') throw failure;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
