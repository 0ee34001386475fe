/** How the .NET SDK makes what a function's package consists of. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The one that DOTNET_ROOT names, else that of PATH. */
export function dotnetTool({ DOTNET_ROOT }: Readonly<Record<string, string | undefined>>): string {
  const file = DOTNET_ROOT ? join(DOTNET_ROOT, 'dotnet') : undefined;
  return file !== undefined && existsSync(file) ? file : 'dotnet';
}

/** `out` is the package's folder. */
export function publishArguments(out: string): readonly string[] {
  return [
    ...['publish', '--configuration', 'Release', '--output', out, '--nologo', '--verbosity', 'quiet'],
    // A class library is published with what tells its loader the version, too.
    '-p:GenerateRuntimeConfigurationFiles=true',
    '-p:GenerateFullPaths=true',
    // Else servers that compile and build stay for minutes after the session.
    ...['-p:UseSharedCompilation=false', '-nodeReuse:false'],
  ];
}

/** What an SDK else does when it is run for the first time: it greets, and makes certificates that no function needs. */
export const QUIET = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1',
  DOTNET_GENERATE_ASPNET_CERTIFICATE: 'false',
};
