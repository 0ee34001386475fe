/** Finds `dotnet` with a runtime of a function's version, or a newer one, and the compilers of its SDKs. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SlsError } from '../../../std/errors.ts';
import { askProgram, type HostEnv, isExecutable } from './host-program.ts';

export interface DotnetRuntime {
  /** `8.0.11`. */
  readonly version: string;
  readonly major: number;
  /** Absolute folder of its assemblies. */
  readonly folder: string;
}

/** Where installers put it that leave PATH alone. */
const FOLDERS = ['/usr/share/dotnet', '/usr/lib/dotnet', '/usr/local/share/dotnet'];

/** `dotnet8` → 8. */
export function dotnetVersionOf(runtime: string): number {
  return Number(/^dotnet(?:core)?(\d+)/.exec(runtime)?.[1] ?? 0);
}

/** Absolute path. Throws `SlsError` `runtime-missing`. */
export async function findDotnet(
  runtime: string,
  env: HostEnv,
  notice: (message: string) => void,
  folders: readonly string[] = FOLDERS,
): Promise<string> {
  const wanted = dotnetVersionOf(runtime);
  let newer: { file: string; version: number } | undefined;
  for (const file of dotnetFiles(env, folders)) {
    const versions = (await runtimesOf(file, env)).map(({ major }) => major);
    if (versions.includes(wanted)) return file;
    const version = versions.filter((one) => one > wanted).sort((a, b) => a - b)[0];
    if (version !== undefined) newer ??= { file, version };
  }
  if (newer) {
    notice(
      `${runtime} functions run on .NET ${newer.version} (${newer.file}): no .NET ${wanted} was found on this machine`,
    );
    return newer.file;
  }
  throw new SlsError(
    'runtime-missing',
    `no .NET ${wanted} or newer was found on this machine for ${runtime} functions`,
    { hint: installDotnet(runtime, `.NET ${wanted}`) },
  );
}

export function installDotnet(runtime: string, what: string): string {
  const version = dotnetVersionOf(runtime);
  const page = version < 5 ? `${version}.1` : `${version}.0`;
  return `install ${what} (https://dotnet.microsoft.com/download/dotnet/${page}) and put dotnet into PATH or its folder into DOTNET_ROOT; or put the provider's image into a container engine and use --backend docker`;
}

/** The runtimes beside a `dotnet`, the oldest first. */
export async function runtimesOf(file: string, env: HostEnv): Promise<readonly DotnetRuntime[]> {
  const listed = await installedIn(file, '--list-runtimes', env);
  return listed
    .filter(({ name }) => name === 'Microsoft.NETCore.App ')
    .map(({ version, folder }) => ({ version, major: Number.parseInt(version, 10), folder }))
    .sort((a, b) => byVersion(a.version, b.version));
}

export interface DotnetCompiler {
  /** The `dotnet` that runs it. */
  readonly program: string;
  /** Absolute path of csc.dll. */
  readonly file: string;
}

/** The C# compiler of the newest SDK beside `preferred`, else beside any other `dotnet`; undefined where there is none. */
export async function findCsharpCompiler(
  preferred: string,
  env: HostEnv,
  folders: readonly string[] = FOLDERS,
): Promise<DotnetCompiler | undefined> {
  for (const program of new Set([preferred, ...dotnetFiles(env, folders)])) {
    const sdks = [...(await installedIn(program, '--list-sdks', env))].sort((a, b) =>
      byVersion(b.version, a.version),
    );
    const files = sdks.map(({ folder }) => join(folder, 'Roslyn/bincore/csc.dll'));
    const file = files.find(existsSync);
    if (file) return { program, file };
  }
  return undefined;
}

function dotnetFiles(env: HostEnv, folders: readonly string[]): readonly string[] {
  const places = [
    env.DOTNET_ROOT,
    ...(env.PATH ?? '').split(delimiter),
    join(env.HOME ?? '/', '.dotnet'),
    ...folders,
  ];
  const files = places.flatMap((place) => (place ? [join(place, 'dotnet')] : []));
  return [...new Set(files)].filter(isExecutable);
}

/** `Microsoft.NETCore.App 8.0.11 [/usr/share/dotnet/shared/Microsoft.NETCore.App]`, `8.0.404 [/usr/share/dotnet/sdk]`. */
async function installedIn(file: string, option: string, env: HostEnv) {
  const lines = (await askProgram(file, [option], env)) ?? [];
  return lines.flatMap((line) => {
    const [, name = '', version = '', folder = ''] = /^(\D*)(\d\S*) \[(.+)\]$/.exec(line) ?? [];
    return version === '' ? [] : [{ name, version, folder: join(folder, version) }];
  });
}

/** Previews come before what they lead to. */
function byVersion(a: string, b: string): number {
  const [numbersA = '', previewA] = a.split('-', 2);
  const [numbersB = '', previewB] = b.split('-', 2);
  const numbers = compare(numbersA, numbersB);
  if (numbers !== 0 || previewA === previewB) return numbers;
  if (previewA === undefined) return 1;
  return previewB === undefined ? -1 : compare(previewA, previewB);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
