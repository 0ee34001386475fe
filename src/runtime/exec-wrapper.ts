/** The script a function names in AWS_LAMBDA_EXEC_WRAPPER: it gets the runtime's command line and starts it. */
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceSpec } from '../model/runtime.ts';
import { SlsError } from '../std/errors.ts';

/**
 * Path of the script as the function writes it, and where it lies on this machine; undefined without one. Custom runtimes
 * have none (Lambda guide: "wrapper scripts are not supported on OS-only runtimes"), images start theirs themselves.
 * Throws `SlsError` `wrapper-missing` or `wrapper-not-executable`.
 */
export function execWrapperOf({
  fn,
  artifact,
  env,
}: Pick<InstanceSpec, 'fn' | 'artifact' | 'env'>):
  | { readonly path: string; readonly file: string }
  | undefined {
  const path = env.AWS_LAMBDA_EXEC_WRAPPER;
  if (!path || fn.image !== undefined || fn.runtime.startsWith('provided')) return undefined;
  const file = placesOf(path, artifact.dir, fn.layers).find(existsSync);
  if (file === undefined)
    throw new SlsError(
      'wrapper-missing',
      `function ${fn.id}: there is no file ${path}, which AWS_LAMBDA_EXEC_WRAPPER names`,
      { hint: 'it lies in a layer (/opt/…) or beside the handler (/var/task/…)' },
    );
  if (!isExecutable(file))
    throw new SlsError('wrapper-not-executable', `${file} of function ${fn.id} is not executable`, {
      hint: `chmod +x ${file}`,
    });
  return { path, file };
}

/** Later layers cover earlier ones. */
function placesOf(path: string, taskDir: string, layers: readonly string[]): readonly string[] {
  if (path.startsWith('/opt/'))
    return layers.map((layer) => join(layer, path.slice('/opt/'.length))).reverse();
  return [path.startsWith('/var/task/') ? join(taskDir, path.slice('/var/task/'.length)) : path];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
