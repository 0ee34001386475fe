/** Which program a .NET function starts with: its own, its assembly in the machine's `dotnet`, or our loader of class libraries there. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec } from '../../../model/project.ts';
import type { Artifact } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';
import { isExecutable } from '../../backends/process/host-program.ts';
import { HOST_NAME } from '../../dotnet-host.ts';

/**
 * `Assembly::Type::Method` names a method of a class library. Any other handler is the name of an executable assembly (Lambda
 * guide, "Handlers in C#"). `host` is the folder of our loader; without it the provider's image has to have its own.
 * Throws `SlsError` `code-not-found`.
 */
export function dotnetCommand(fn: FunctionSpec, { dir }: Artifact, host?: string): readonly string[] {
  const own = join(dir, 'bootstrap');
  if (isExecutable(own)) return [own];
  if (isClassLibrary(fn)) return host ? libraryCommand(fn, dir, host) : ['/lambda-entrypoint.sh', fn.handler];
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

/** For `sh -c`. */
const PROVIDED_FIRST = [
  'provided=$1 handler=$2; shift 2',
  '[ -x "$provided" ] && exec "$provided" "$handler"',
  // The provider's script looks at the variable by itself.
  'exec ${AWS_LAMBDA_EXEC_WRAPPER:+"$AWS_LAMBDA_EXEC_WRAPPER"} "$@"',
].join('; ');

/** In a container: the provider's own loader where the image has one, which may hold a newer .NET than ours was made for. */
export function providedLoaderFirst(
  { handler }: FunctionSpec,
  own: readonly string[],
  provided = '/lambda-entrypoint.sh',
): readonly string[] {
  return ['sh', '-c', PROVIDED_FIRST, 'sh', provided, handler, ...own];
}

/** Whether our loader is needed. */
export function isLoadedByUs(fn: FunctionSpec, { dir }: Artifact): boolean {
  return (
    fn.image === undefined &&
    fn.runtime.startsWith('dotnet') &&
    isClassLibrary(fn) &&
    !isExecutable(join(dir, 'bootstrap'))
  );
}

export function isClassLibrary({ handler }: FunctionSpec): boolean {
  return handler.includes('::');
}

/** As the platform starts its own: the loader sees the package's assemblies and settings as if they were its own. */
function libraryCommand(fn: FunctionSpec, dir: string, host: string): readonly string[] {
  const [assembly = ''] = fn.handler.split('::');
  const dependencies = packageFile(dir, assembly.trim(), '.deps.json');
  const settings = packageFile(dir, assembly.trim(), '.runtimeconfig.json');
  return [
    ...['dotnet', 'exec', '--roll-forward', 'Major'],
    ...(dependencies === undefined ? [] : ['--depsfile', dependencies]),
    ...['--runtimeconfig', settings ?? join(host, `${HOST_NAME}.runtimeconfig.json`)],
    join(host, `${HOST_NAME}.dll`),
  ];
}

/** The assembly's own, else the only one there is. */
function packageFile(dir: string, assembly: string, suffix: string): string | undefined {
  const own = join(dir, `${assembly}${suffix}`);
  if (existsSync(own)) return own;
  const others = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith(suffix)) : [];
  return others.length === 1 ? others.map((name) => join(dir, name))[0] : undefined;
}

function missing(fn: FunctionSpec, what: string, hint: string): SlsError {
  return new SlsError('code-not-found', `function ${fn.id}: ${what}`, { hint, ...fn.place });
}
