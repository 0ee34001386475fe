/** Finds the source file behind a handler string such as `src/create.handler`. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { layerLookups } from '../model/layer-folders.ts';
import type { FunctionSpec } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';
import { nearNames } from '../std/near-name.ts';

export interface HandlerFile {
  /** Absolute path of the source file. */
  readonly file: string;
  /** What follows the file: `handler`, or `nested.handler`. */
  readonly exportPath: string;
}

const NODE_ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx'];

/** Folders of compiled code whose source is usually beside them, without the folder or below `src`. */
const OUTPUT_FOLDERS = /^(?:\.webpack\/[^/]+|\.webpack|\.esbuild\/\.build|\.build|dist|build|out|lib)\//;

/**
 * The source of a Node function. The provider cuts the handler's last path segment at its *first* dot.
 * Throws `SlsError` `handler-not-found` (listing what was looked for) or `handler-malformed`, at the function's place.
 */
export function findNodeHandler(fn: FunctionSpec): HandlerFile {
  const { stem, exportPath } = split(fn, basename(fn.handler).indexOf('.'));
  if (fn.bundle?.entry !== undefined) return { file: entryFile(fn, fn.bundle.entry), exportPath };
  const stems = [stem, ...sourceStems(stem)];
  for (const candidate of stems) {
    const file = firstFile(fn.codeRoot, candidatesOf(candidate, NODE_ENDINGS));
    if (file) return { file, exportPath };
  }
  throw notFound(fn, stem, NODE_ENDINGS);
}

/** The source of a Python function: `package/module.function`, or `package.module.function`, cut at the *last* dot. */
export function findPythonHandler(fn: FunctionSpec): HandlerFile {
  const { stem, exportPath } = split(fn, basename(fn.handler).lastIndexOf('.'));
  const path = stem.replaceAll('.', '/');
  const file = inCodeOrLayers(fn, [`${path}.py`, `${path}/__init__.py`]);
  if (file) return { file, exportPath };
  throw notFound(fn, path, ['.py']);
}

/** The source of a Ruby function: `file.method` or `file.Module::Class.method`. */
export function findRubyHandler(fn: FunctionSpec): HandlerFile {
  const { stem, exportPath } = split(fn, basename(fn.handler).indexOf('.'));
  const file = inCodeOrLayers(fn, [`${stem}.rb`]);
  if (file) return { file, exportPath };
  throw notFound(fn, stem, ['.rb']);
}

/** Throws `SlsError` `handler-not-found` where the program that is the handler is not in the code folder. */
export function findProgramHandler(fn: FunctionSpec): void {
  if (isFile(join(fn.codeRoot, fn.handler))) return;
  const folder = dirname(join(fn.codeRoot, fn.handler));
  const near = nearNames(basename(fn.handler), namesIn(folder)).map((name) =>
    join(dirname(fn.handler), name),
  );
  throw new SlsError(
    'handler-not-found',
    `the handler "${fn.handler}" of function ${fn.id} is no file in ${fn.codeRoot}`,
    {
      hint:
        near.length > 0
          ? didYouMean(near)
          : 'with AWS_LAMBDA_EXEC_WRAPPER it is a program, relative to the code folder, that the wrapper starts',
      ...placeOf(fn),
    },
  );
}

function split(fn: FunctionSpec, dot: number): { stem: string; exportPath: string } {
  const folder = fn.handler.slice(0, fn.handler.length - basename(fn.handler).length);
  const name = basename(fn.handler);
  const exportPath = name.slice(dot + 1);
  if (dot < 1 || exportPath === '' || fn.handler.includes('..'))
    throw new SlsError(
      'handler-malformed',
      `the handler "${fn.handler}" of function ${fn.id} is not of the form path/to/file.export`,
      { hint: 'write it relative to the code folder, without "..": src/create.handler', ...placeOf(fn) },
    );
  return { stem: (folder + name.slice(0, dot)).replace(/^\.?\/+/, ''), exportPath };
}

/** `dist/a/b` → `a/b`, `src/a/b`: the compiled file is not there, its source may be. */
function sourceStems(stem: string): readonly string[] {
  const rest = stem.replace(OUTPUT_FOLDERS, '');
  return rest === stem ? [] : [rest, `src/${rest}`];
}

/** The source the project's own build makes the handler's file of. */
function entryFile(fn: FunctionSpec, entry: string): string {
  const file = [entry, `${entry}.ts`, `${entry}.js`].find(isFile);
  if (file !== undefined) return file;
  throw new SlsError(
    'handler-not-found',
    `the entry point ${relative(fn.codeRoot, entry)} of function ${fn.id} is not a file in ${fn.codeRoot}`,
    { hint: 'entry points are relative to the code folder (CodeUri)', ...(fn.bundle?.place ?? placeOf(fn)) },
  );
}

function candidatesOf(stem: string, endings: readonly string[]): readonly string[] {
  return [
    ...endings.map((ending) => stem + ending),
    ...endings.map((ending) => `${stem}/index${ending}`),
    stem,
  ];
}

function inCodeOrLayers({ codeRoot, layers, runtime }: FunctionSpec, names: readonly string[]) {
  for (const folder of [codeRoot, ...layerLookups(layers, runtime)]) {
    const file = firstFile(folder, names);
    if (file) return file;
  }
  return undefined;
}

function firstFile(root: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(root, name)).find(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function notFound(fn: FunctionSpec, stem: string, endings: readonly string[]): SlsError {
  const folder = dirname(join(fn.codeRoot, stem));
  const there = codeNamesIn(folder, endings);
  const near = nearNames(basename(stem), there);
  const exportPath = fn.handler.slice(fn.handler.lastIndexOf('.') + 1);
  const shown = near.map((name) => join(dirname(stem), `${name}.${exportPath}`));
  return new SlsError(
    'handler-not-found',
    `the handler "${fn.handler}" of function ${fn.id} has no source file: looked for ${stem}${braces(endings)} in ${fn.codeRoot}`,
    { hint: hintFor(shown, there, relative(fn.codeRoot, folder) || '.'), ...placeOf(fn) },
  );
}

function hintFor(near: readonly string[], there: readonly string[], folder: string): string {
  if (near.length > 0) return didYouMean(near);
  if (there.length === 0)
    return `there is no source file in the folder ${folder}; is the path relative to the right code folder?`;
  return `the folder ${folder} has ${there.slice(0, 5).join(', ')}${there.length > 5 ? ', …' : ''}`;
}

function didYouMean(names: readonly string[]): string {
  return `did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`;
}

function braces(endings: readonly string[]): string {
  return endings.length === 1 ? endings.join('') : `{${endings.join(',')}}`;
}

/** Stems of the source files in a folder: what could stand before the dot of a handler. */
function codeNamesIn(folder: string, endings: readonly string[]): readonly string[] {
  const names = namesIn(folder).flatMap((name) => {
    const ending = endings.find((e) => name.endsWith(e));
    return ending && !name.endsWith('.d.ts') ? [name.slice(0, -ending.length)] : [];
  });
  return [...new Set(names)];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function placeOf(fn: FunctionSpec): { file?: string; line?: number; column?: number } {
  return { ...fn.place };
}
