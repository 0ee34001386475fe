/** Which program a .NET function starts with: its own, or its assembly in the machine's `dotnet`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec } from '../../../model/project.ts';
import type { Artifact } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';
import { isExecutable } from '../../backends/process/host-program.ts';

/**
 * `Assembly::Type::Method` names a class library, whose loader is part of the provider's image alone. Any other handler is the
 * name of an executable assembly (Lambda guide, "Handlers in C#"). Throws `SlsError` `code-not-found`.
 */
export function dotnetCommand(fn: FunctionSpec, { dir }: Artifact): readonly string[] {
  const own = join(dir, 'bootstrap');
  if (isExecutable(own)) return [own];
  if (isClassLibrary(fn)) return ['/lambda-entrypoint.sh', fn.handler];
  const assembly = join(dir, `${fn.handler}.dll`);
  if (!existsSync(assembly))
    throw missing(
      fn,
      `the assembly "${fn.handler}" is not in ${dir}: looked for ${fn.handler}.dll and bootstrap`,
      'name the folder or zip that `dotnet publish` makes; the handler of a program is the name of its assembly',
    );
  if (!existsSync(join(dir, `${fn.handler}.runtimeconfig.json`)))
    throw missing(
      fn,
      `${assembly} is no program: there is no ${fn.handler}.runtimeconfig.json beside it`,
      'set OutputType to Exe, or name the method of a class library as Assembly::Namespace.Type::Method',
    );
  // A program for an older .NET runs where only a newer one is.
  return ['dotnet', '--roll-forward', 'Major', assembly];
}

export function isClassLibrary({ handler }: FunctionSpec): boolean {
  return handler.includes('::');
}

function missing(fn: FunctionSpec, what: string, hint: string): SlsError {
  return new SlsError('code-not-found', `function ${fn.id}: ${what}`, { hint, ...fn.place });
}
