/** Files that decide how a bundle comes out without being in it: tsconfig, package.json, the record of installed packages. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { packageNameOf } from './code-frame.ts';

/** What package managers rewrite at the end of each install: npm, yarn (berry, classic), pnpm. */
const INSTALL_RECORDS = ['.package-lock.json', '.yarn-state.yml', '.yarn-integrity', '.modules.yaml'];

/** The nearest tsconfig.json (with all it extends) and package.json above each of these source files, and the one that is named. */
export function configFilesOf(sources: Iterable<string>, named?: string): readonly string[] {
  const found = new Set(named === undefined ? [] : [named]);
  if (named !== undefined) addExtended(named, found);
  const seen = new Set<string>();
  for (const source of sources) {
    const folder = dirname(source);
    if (seen.has(folder)) continue;
    seen.add(folder);
    addNearest(folder, 'package.json', found);
    const tsconfig = addNearest(folder, 'tsconfig.json', found);
    if (tsconfig) addExtended(tsconfig, found);
  }
  return [...found];
}

/** The node_modules folders these package files are in, outermost part: `/repo/node_modules`. */
export function packageFoldersOf(files: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const file of files) {
    const end = file.indexOf('/node_modules/');
    if (end >= 0) folders.add(file.slice(0, end + '/node_modules'.length));
  }
  return [...folders];
}

/** The folders of the packages themselves that these files belong to: `/repo/node_modules/@scope/name`. */
export function packageFoldersWithName(files: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const file of files) {
    const start = file.lastIndexOf('/node_modules/') + '/node_modules/'.length;
    if (start >= '/node_modules/'.length)
      folders.add(file.slice(0, start) + packageNameOf(file.slice(start)));
  }
  return [...folders];
}

/** Install records of these node_modules folders; npm's is named even when it does not exist yet. */
export function installRecordsOf(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    INSTALL_RECORDS.map((name, index) => ({ path: join(folder, name), always: index === 0 }))
      .filter(({ path, always }) => always || existsSync(path))
      .map(({ path }) => path),
  );
}

/** The nearest node_modules folder at or above `folder`. */
export function nearestNodeModules(folder: string): string | undefined {
  const path = join(folder, 'node_modules');
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  return folder === dirname(folder) ? undefined : nearestNodeModules(dirname(folder));
}

function addNearest(folder: string, name: string, found: Set<string>): string | undefined {
  const path = join(folder, name);
  if (found.has(path) || existsSync(path)) {
    const isNew = !found.has(path);
    found.add(path);
    return isNew ? path : undefined;
  }
  return folder === dirname(folder) ? undefined : addNearest(dirname(folder), name, found);
}

function addExtended(tsconfig: string, found: Set<string>): void {
  for (const name of extendsOf(tsconfig)) {
    const file = resolveExtended(name, tsconfig);
    if (!file || found.has(file)) continue;
    found.add(file);
    addExtended(file, found);
  }
}

/** The file is JSON with comments; the bundler parses it and reports what is wrong, here one key is enough. */
function extendsOf(tsconfig: string): readonly string[] {
  const value = /"extends"\s*:\s*("(?:[^"\\]|\\.)*"|\[[^\]]*\])/.exec(readText(tsconfig))?.[1] ?? '';
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function resolveExtended(name: string, from: string): string | undefined {
  if (!name.startsWith('.') && !name.startsWith('/')) return resolveInPackages(name, from);
  const path = resolve(dirname(from), name);
  return [path, `${path}.json`, join(path, 'tsconfig.json')].find(
    (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
  );
}

function resolveInPackages(name: string, from: string): string | undefined {
  const { resolve: find } = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`])
    try {
      return find(candidate);
    } catch {
      // The next form, or none: the bundler reports an "extends" that leads nowhere.
    }
  return undefined;
}
