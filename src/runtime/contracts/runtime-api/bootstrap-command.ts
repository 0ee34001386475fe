/** Which program a function without a handler file of ours starts with. */
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { isProgramHandler } from '../../../model/program-handler.ts';
import type { FunctionSpec } from '../../../model/project.ts';
import type { Artifact } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';
import { bootstrapFolder } from '../../bootstrap-folder.ts';
import { dotnetCommand } from './dotnet-command.ts';

/**
 * Program and arguments, or undefined for the image's own entry point. A custom runtime's `bootstrap` is looked for in
 * the code, then in the layers, as the platform does. `dotnetHost` is the folder of our loader of .NET class libraries.
 * Throws `SlsError` `bootstrap-missing`, `bootstrap-not-executable` or `code-not-found`.
 */
export function bootstrapCommand(
  fn: FunctionSpec,
  artifact: Artifact,
  dotnetHost?: string,
): readonly string[] | undefined {
  if (fn.image !== undefined) return undefined;
  // The wrapper is given the runtime's command line; it starts the handler in its place.
  if (isProgramHandler(fn)) return [interpreterOf(fn), fn.handler];
  if (fn.runtime.startsWith('ruby')) return ['ruby', join(bootstrapFolder, 'bootstrap.rb')];
  if (fn.runtime.startsWith('dotnet')) return dotnetCommand(fn, artifact, dotnetHost);
  // The entry script of the provider's base images; with AWS_LAMBDA_RUNTIME_API set it starts the runtime itself.
  if (!fn.runtime.startsWith('provided')) return ['/lambda-entrypoint.sh', fn.handler];
  const path = [artifact.dir, ...fn.layers].map((dir) => join(dir, 'bootstrap')).find(existsSync);
  if (!path)
    throw new SlsError(
      'bootstrap-missing',
      `function ${fn.id} has runtime ${fn.runtime}, but there is no file \`bootstrap\` in ${artifact.dir} or its layers`,
      { hint: 'build the program that polls the Runtime API and name it `bootstrap`' },
    );
  if (!isExecutable(path))
    throw new SlsError('bootstrap-not-executable', `${path} of function ${fn.id} is not executable`, {
      hint: `chmod +x ${path}`,
    });
  return [path];
}

function interpreterOf({ runtime }: FunctionSpec): string {
  if (runtime.startsWith('ruby')) return 'ruby';
  return runtime.startsWith('python') ? 'python3' : 'node';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
