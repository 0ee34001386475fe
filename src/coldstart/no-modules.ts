/** Why a report of cold starts has no modules, and what to do about it. */
import type { FunctionSpec } from '../model/project.ts';

/** Modules are told by our own bootstrap for Node.js. */
export function whyNoModules({ id, runtime, image }: Pick<FunctionSpec, 'id' | 'runtime' | 'image'>): string {
  if (image !== undefined)
    return 'a function of a container image brings its own runtime, which does not tell what it imports: measure its code as a function without image';
  if (runtime.startsWith('python'))
    return `${runtime} does not tell what it imports: set PYTHONPROFILEIMPORTTIME=1 in the function's environment and see what it prints with: sls-local invoke ${id}`;
  return `${runtime} does not tell what it loads: use a profiler of that language`;
}
