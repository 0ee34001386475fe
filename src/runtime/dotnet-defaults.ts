/** What .NET is told on this machine before it starts. */
import type { FunctionSpec } from '../model/project.ts';
import { dotnetVersionOf } from './backends/process/find-dotnet.ts';
import { findLibraries } from './find-libraries.ts';

/** Where it finds no ICU it does not start at all, unless it is told to know one culture only. */
export const INVARIANT = { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };

/** The versions of ICU by which .NET Core 3.1 looks for it. */
const OLD_RANGE = { from: 50, to: 70 };

/** `major` is that of the runtime: 3, 8, … */
export function cultureDefaults(major: number): Readonly<Record<string, string>> {
  return process.platform !== 'linux' || icuLibraries(major).length > 0 ? {} : INVARIANT;
}

/** Absolute paths of what it loads of ICU on Linux; none where there is none that it knows. */
export function icuLibraries(major: number, folders?: readonly string[]): readonly string[] {
  return findLibraries(/^libicu(uc|i18n|data)\.so\.\d+$/, folders).filter((file) => {
    const version = Number(/\d+$/.exec(file)?.[0]);
    return major >= 5 || (version >= OLD_RANGE.from && version <= OLD_RANGE.to);
  });
}

/** For a function in a process; what it sets itself counts. The heap may be all of its memory, as with the platform's own runtime. */
export function dotnetEnvironment({
  runtime,
  memoryMb,
  env,
}: FunctionSpec): Readonly<Record<string, string>> {
  const variables = {
    ...cultureDefaults(dotnetVersionOf(runtime)),
    COMPlus_GCHeapHardLimit: (memoryMb * 2 ** 20).toString(16),
    // Its pipes for debuggers would stay in the folder for temporary files when it is killed.
    COMPlus_EnableDiagnostics: '0',
  };
  return Object.fromEntries(Object.entries(variables).filter(([name]) => env[name] === undefined));
}
