/** What to watch for a function, and whether it changed while it was not yet watched. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact } from '../model/runtime.ts';
import { SlsError } from '../std/errors.ts';
import { packageNameOf } from './code-frame.ts';
import type { Footprint } from './concern.ts';
import { foldersBelow } from './folder-tree.ts';
import { type Sight, sightOf, sightOfNothing } from './sight.ts';
import { isSkipped } from './source-tree.ts';

export interface Watched extends Footprint {
  /** Folders to watch for it. */
  readonly watch: ReadonlySet<string>;
  /** Of its newest build that did not fail. */
  readonly sight: Sight;
}

/** Source folders looked through for the file that mends a failed build. */
const MOST_FOLDERS = 1000;
/** Times in the file system are as coarse as the kernel's tick. */
const TICK_MS = 10;

export function footprintOf(artifact: Artifact, fn: FunctionSpec): Watched {
  const folders = new Set(artifact.folders);
  return {
    inputs: new Set(artifact.inputs),
    folders,
    failed: false,
    watch: new Set([...artifact.inputs.map((file) => dirname(file)), ...folders]),
    sight: sightOf(artifact, fn),
  };
}

/** Of a failed build: what the last good one read, the file at fault, and every source folder of the project. */
export function footprintOfFailure(
  failure: unknown,
  fn: FunctionSpec,
  root: string,
  before: Watched | undefined,
): Watched {
  const inputs = new Set(before?.inputs);
  const watch = new Set(before?.watch);
  if (failure instanceof SlsError && failure.file && failure.code === 'build-failed') {
    inputs.add(failure.file);
    watch.add(dirname(failure.file));
    addMissing(failure.message, failure.file, watch);
  }
  for (const folder of new Set([fn.codeRoot, root])) addSourceFolders(folder, watch);
  return { inputs, folders: new Set(), failed: true, watch, sight: before?.sight ?? sightOfNothing };
}

/** Whether any of these files or folders was written at or after `since` (epoch ms), where `counts` says so of its folder. */
export function writtenSince(
  { inputs, watch, failed }: Watched,
  counts: (folder: string) => boolean,
  since: number,
) {
  const files = [...inputs].filter((file) => counts(dirname(file)));
  const folders = failed ? [...watch].filter(counts) : [];
  return [...files, ...folders].some((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    // ctime: a file moved here keeps the time it was written.
    return stats !== undefined && Math.max(stats.mtimeMs, stats.ctimeMs) >= since - TICK_MS;
  });
}

/** An import of a file or package that is not there yet, possibly outside the project. */
function addMissing(message: string, importer: string, watch: Set<string>): void {
  const folder = dirname(importer);
  for (const [, path = ''] of message.matchAll(/Could not resolve "([^"/][^"]*)"/g))
    if (path.startsWith('.')) watch.add(dirname(join(folder, path)));
    else for (const place of placesOf(packageNameOf(path), folder)) watch.add(place);
}

/** Where an install may put a package: beside the project, or hoisted to the root of a workspace; its scope may be new too. */
function placesOf(name: string, folder: string): readonly string[] {
  const isRoot = ['package.json', 'node_modules'].some((entry) => existsSync(join(folder, entry)));
  const places = isRoot ? [join(folder, 'node_modules', name)] : [];
  const scopes = name.startsWith('@') ? places.map((place) => dirname(place)) : [];
  const above = dirname(folder);
  return [...places, ...scopes, ...(above === folder ? [] : placesOf(name, above))];
}

/** Packages are not looked through, but an install makes entries where they lie. */
function addSourceFolders(root: string, found: Set<string>): void {
  const isLeftOut = (name: string) => isSkipped(name) || name.startsWith('.');
  for (const folder of foldersBelow(root, isLeftOut, MOST_FOLDERS)) {
    found.add(folder);
    const packages = join(folder, 'node_modules');
    if (statSync(packages, { throwIfNoEntry: false })?.isDirectory()) found.add(packages);
  }
}
