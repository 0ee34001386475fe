/** What functions load or read when they run, besides what they are built of: which folders that is, and which changes there matter. */
import { realpathSync, type Stats } from 'node:fs';
import { basename, dirname, extname, relative, sep } from 'node:path';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact } from '../model/runtime.ts';
import { isSkipped } from './source-tree.ts';

/** A folder that functions see, with all in it. */
export interface SeenRoot {
  readonly folder: string;
  /** Packages installed inside the code are looked at by themselves, those inside a layer are its content. */
  readonly kind: 'code' | 'package' | 'layer';
}

export interface Sight {
  readonly roots: readonly SeenRoot[];
  readonly loadsByName: boolean;
}

export const sightOfNothing: Sight = { roots: [], loadsByName: false };

/** What tests and coverage leave behind, and what only tests see. */
const OF_TESTS = new Set(['coverage', 'htmlcov', '__tests__']);
/** Logs and databases. */
const WRITTEN_BY_FUNCTIONS = /\.(?:log|db|sqlite3?)(?:-(?:wal|shm|journal))?$/;
/** What no Node.js loads as it is: other languages, types, records of compilers. */
const NEVER_LOADED =
  /(?:\.(?:py|pyc|rb|java|class|kts?|scala|groovy|gradle|go|rs|cs|csproj|map|tsbuildinfo)|\.d\.[cm]?ts|\.(?:test|spec)\.[cm]?[jt]sx?)$/;
const TYPED = /\.(?:[cm]?ts|[jt]sx)$/;
const SCRIPT = /^\.[cm]?js$/;

export function sightOf({ sees = [], loadsByName = false }: Artifact, { layers }: FunctionSpec): Sight {
  return {
    roots: [
      ...sees.map((folder) => ({ folder, kind: isPackage(folder) ? 'package' : 'code' }) as const),
      ...layers.flatMap(realPathOf).map((folder) => ({ folder, kind: 'layer' }) as const),
    ],
    loadsByName,
  };
}

/** Whether an entry of a folder of this root, and all below it, is nothing that functions see. */
export function isHidden(name: string, { kind }: SeenRoot): boolean {
  if (kind === 'layer') return isSkipped(name) && name !== 'node_modules';
  return isSkipped(name) || name.startsWith('.') || OF_TESTS.has(name);
}

/** Whether this is a folder of the root that functions see, or itself. */
export function isBelow(folder: string, root: SeenRoot): boolean {
  if (folder === root.folder) return true;
  if (!folder.startsWith(root.folder + sep)) return false;
  return !relative(root.folder, folder)
    .split(sep)
    .some((name) => isHidden(name, root));
}

/** Whether this is the root, or a folder that it is in: all of it is another when that is replaced. */
export function isAbove(folder: string, root: SeenRoot): boolean {
  return folder === root.folder || root.folder.startsWith(folder + sep);
}

/** `isSource`: some function is built of the file. `stats`: undefined where it is not there any more. */
export function isInSight(
  { roots, loadsByName }: Sight,
  path: string,
  stats: Stats | undefined,
  isSource: boolean,
): boolean {
  return roots.some((root) => {
    if (isAbove(path, root)) return true;
    if (!isBelow(dirname(path), root)) return false;
    const name = basename(path);
    if (root.kind === 'layer') return !isHidden(name, root);
    return isSeenInCode(name, stats) && (loadsByName || isLoadedByOthers(name, isSource));
  });
}

function isSeenInCode(name: string, stats: Stats | undefined): boolean {
  if (isSkipped(name) || OF_TESTS.has(name)) return false;
  if (NEVER_LOADED.test(name) || WRITTEN_BY_FUNCTIONS.test(name)) return false;
  return !(name.startsWith('.') && stats?.isDirectory());
}

/** What a function is built of reaches it through its build, and what is to be compiled first is loaded by nobody else. */
function isLoadedByOthers(name: string, isSource: boolean): boolean {
  return !TYPED.test(name) && !(isSource && SCRIPT.test(extname(name)));
}

function isPackage(folder: string): boolean {
  return folder.includes(`${sep}node_modules${sep}`);
}

function realPathOf(folder: string): readonly string[] {
  try {
    return [realpathSync(folder)];
  } catch {
    return [];
  }
}
