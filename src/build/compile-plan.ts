/** How a function is compiled: declared in the project file, or seen by what lies in its folder. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { BuildMethod, FunctionSpec } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';

export interface CompilePlan {
  readonly method: BuildMethod;
  /** Absolute folder with the sources: of the Go module, the Cargo package, the Makefile, pom.xml or build.gradle. */
  readonly root: string;
  /** Go: the package to build, relative to the root (`./cmd/create`). Rust: the binary, if named. Makefile: the target. */
  readonly target: string | undefined;
  /** Names of files and folders in the root that are no sources. */
  readonly skips: (name: string) => boolean;
}

const JAVA_OUTPUT = new Set([
  'target',
  'build',
  'bin',
  '.gradle',
  '.idea',
  '.settings',
  '.classpath',
  '.project',
]);

/** Interpreted languages are built from their source however the project would do it: their code reloads in milliseconds. */
export function isCompiled(fn: FunctionSpec): boolean {
  if (fn.image !== undefined || /^(nodejs|python|ruby)/.test(fn.runtime)) return false;
  return methodOf(fn) !== undefined;
}

/** Throws `SlsError` `code-not-found`. */
export function planCompile(fn: FunctionSpec): CompilePlan {
  const method = methodOf(fn);
  switch (method) {
    case 'go':
      return goPlan(fn);
    case 'rust':
      return {
        method,
        root: folderWith('Cargo.toml', fn),
        target: fn.build?.binary,
        skips: (name) => name === 'target',
      };
    case 'maven':
    case 'gradle':
      // Where the tools put what they make, and what they keep.
      return { method, root: fn.codeRoot, target: undefined, skips: (name) => JAVA_OUTPUT.has(name) };
    case 'dotnet':
      return { method, root: fn.codeRoot, target: undefined, skips: (name) => /^(bin|obj|\.vs)$/.test(name) };
    default:
      return {
        method: 'makefile',
        root: folderWith('Makefile', fn),
        target: fn.build?.target ?? `build-${fn.id}`,
        skips: (name) => name === 'target',
      };
  }
}

function methodOf(fn: FunctionSpec): BuildMethod | undefined {
  if (fn.build) return fn.build.method;
  if (fn.runtime.startsWith('java')) return fn.archive === undefined ? javaMethod(fn.codeRoot) : undefined;
  if (fn.runtime.startsWith('dotnet')) return hasProjectFile(fn) ? 'dotnet' : undefined;
  if (!fn.runtime.startsWith('provided') || existsSync(join(fn.codeRoot, 'bootstrap'))) return undefined;
  if (goFolder(fn) !== undefined) return 'go';
  return existsSync(join(fn.codeRoot, 'Cargo.toml')) ? 'rust' : undefined;
}

function javaMethod(root: string): BuildMethod | undefined {
  if (existsSync(join(root, 'pom.xml'))) return 'maven';
  return ['build.gradle', 'build.gradle.kts'].some((name) => existsSync(join(root, name)))
    ? 'gradle'
    : undefined;
}

/** What was published lies without it. */
function hasProjectFile({ archive, codeRoot }: FunctionSpec): boolean {
  if (archive !== undefined || !statSync(codeRoot, { throwIfNoEntry: false })?.isDirectory()) return false;
  return readdirSync(codeRoot).some((name) => /\.(cs|fs|vb)proj$/.test(name));
}

function goPlan(fn: FunctionSpec): CompilePlan {
  const folder = goFolder(fn) ?? fn.codeRoot;
  const root = nearestWith('go.mod', folder) ?? folder;
  const path = relative(root, folder);
  return { method: 'go', root, target: path === '' ? '.' : `./${path}`, skips: (name) => name === 'bin' };
}

/** The handler may name the folder or file of the program (`cmd/create`, `cmd/create/main.go`); else it is the code folder. */
function goFolder({ codeRoot, handler }: FunctionSpec): string | undefined {
  const named = join(codeRoot, handler);
  return [named.endsWith('.go') ? dirname(named) : named, codeRoot].find(
    (folder) =>
      statSync(folder, { throwIfNoEntry: false })?.isDirectory() &&
      readdirSync(folder).some((name) => name.endsWith('.go')),
  );
}

function folderWith(name: string, fn: FunctionSpec): string {
  if (existsSync(join(fn.codeRoot, name))) return fn.codeRoot;
  throw new SlsError('code-not-found', `function ${fn.id} has no ${name} in ${fn.codeRoot}`, {
    hint: `its build needs the ${name} in its code folder`,
    ...fn.place,
  });
}

function nearestWith(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
