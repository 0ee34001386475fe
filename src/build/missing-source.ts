/** Tells whether the source of a function can be found as its builder would find it. Nothing is read or built. */
import { isProgramHandler } from '../model/program-handler.ts';
import type { FunctionSpec } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';
import { findNodeHandler } from './handler-file.ts';
import { requireSource } from './source-builder.ts';

/** What its build would fail with: `handler-not-found`, `handler-malformed` or `code-not-found`. */
export function missingSource(fn: FunctionSpec): SlsError | undefined {
  try {
    find(fn);
    return undefined;
  } catch (failure) {
    if (failure instanceof SlsError) return failure;
    throw failure;
  }
}

/** Of images, packages and what is compiled only a build can tell: their code may be made by then. */
function find(fn: FunctionSpec): void {
  if (fn.image !== undefined || fn.archive !== undefined || fn.deployed !== undefined) return;
  if (/^(python|ruby)/.test(fn.runtime) || isProgramHandler(fn)) requireSource(fn);
  else if (fn.runtime.startsWith('nodejs')) findNodeHandler(fn);
}
