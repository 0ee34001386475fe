/** Finds `dotnet` with a runtime of a function's version, or a newer one. */
import { delimiter, join } from 'node:path';
import { SlsError } from '../../../std/errors.ts';
import { askProgram, type HostEnv, isExecutable } from './host-program.ts';

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
  const places = [
    env.DOTNET_ROOT,
    ...(env.PATH ?? '').split(delimiter),
    join(env.HOME ?? '/', '.dotnet'),
    ...folders,
  ];
  const files = [...new Set(places.flatMap((place) => (place ? [join(place, 'dotnet')] : [])))].filter(
    isExecutable,
  );
  let newer: { file: string; version: number } | undefined;
  for (const file of files) {
    const versions = runtimesIn((await askProgram(file, ['--list-runtimes'], env)) ?? []);
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
    {
      hint: `install .NET ${wanted} (https://dotnet.microsoft.com/download/dotnet/${wanted}.0) and put dotnet into PATH or its folder into DOTNET_ROOT; or put the provider's image into a container engine and use --backend docker`,
    },
  );
}

/** `Microsoft.NETCore.App 8.0.11 [/usr/share/dotnet/shared/Microsoft.NETCore.App]`. */
function runtimesIn(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line) => {
    const version = /^Microsoft\.NETCore\.App (\d+)\./.exec(line)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}
