/**
 * "Builds" functions that run as they are: Python, Ruby, and anything already compiled.
 *
 * Nothing is copied: the artifact's folder is the code folder itself, so that breakpoints, stack traces and files read at
 * run time are the author's own, and a folder with large vendored packages costs nothing. What makes hot swap safe is the
 * id, a hash of the contents: any change gives another id, and the pool retires instances of the old one. An instance
 * that loads a module for the first time while it finishes its last event may see the new text of that module.
 */
import { readdirSync, statSync } from 'node:fs';
import { isProgramHandler } from '../model/program-handler.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { Builder } from '../model/runtime.ts';
import { SlsError } from '../std/errors.ts';
import { findProgramHandler, findPythonHandler, findRubyHandler } from './handler-file.ts';
import { makeTreeReader } from './source-tree.ts';

/** Supports every runtime but `nodejs*`, and that too where the handler is a program. */
export function makeSourceBuilder(): Builder {
  const trees = makeTreeReader();
  return {
    name: 'source',
    supports: (fn) => !fn.runtime.startsWith('nodejs') || isProgramHandler(fn),
    async build(fn, signal) {
      signal.throwIfAborted();
      requireSource(fn);
      const { id, files, folders } = trees.read(fn.codeRoot);
      return {
        id,
        functionId: fn.id,
        dir: fn.codeRoot,
        handler: fn.handler,
        inputs: files,
        folders,
        reads: [fn.codeRoot],
      };
    },
    async close() {},
  };
}

/** Throws `SlsError` `code-not-found`, `handler-not-found` or `handler-malformed`. */
export function requireSource(fn: FunctionSpec): void {
  requireFolder(fn);
  requireHandler(fn);
}

function requireFolder(fn: FunctionSpec): void {
  if (statSync(fn.codeRoot, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new SlsError('code-not-found', `the code of function ${fn.id}, ${fn.codeRoot}, is not a folder`, {
    hint: 'name the folder with the source (or the unpacked build) of the function',
    ...fn.place,
  });
}

/** Languages whose handler names a source file; for the others the runtime itself decides what it means. */
function requireHandler(fn: FunctionSpec): void {
  if (isProgramHandler(fn)) findProgramHandler(fn);
  else if (fn.runtime.startsWith('python')) findPythonHandler(fn);
  else if (fn.runtime.startsWith('ruby')) findRubyHandler(fn);
  if (fn.runtime.startsWith('java')) requireJavaCode(fn);
}

/** Classes, or archives in `lib`: what the handler's class is among them, the runtime finds out. */
function requireJavaCode(fn: FunctionSpec): void {
  const entries = readdirSync(fn.codeRoot, { withFileTypes: true });
  const isCode = (name: string) => name.endsWith('.class') || ['classes', 'lib'].includes(name);
  const folder = fn.handler.split('.')[0];
  if (entries.some(({ name }) => isCode(name) || name === folder) || fn.layers.length > 0) return;
  throw new SlsError(
    'code-not-found',
    `function ${fn.id}: there is no compiled Java code in ${fn.codeRoot}: looked for classes, lib and ${folder}`,
    {
      hint: 'name the jar or zip its build makes (package.artifact, CodeUri), or the folder with its pom.xml or build.gradle',
      ...fn.place,
    },
  );
}
