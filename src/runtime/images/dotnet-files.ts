/** The files of an image for .NET functions: one runtime of this machine's `dotnet`, and the libraries that it loads. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DotnetRuntime } from '../backends/process/find-dotnet.ts';
import { icuLibraries } from '../dotnet-defaults.ts';
import { findLibraries } from '../find-libraries.ts';
import type { FileTree } from './file-tree.ts';
import { sharedLibrariesOf } from './shared-libraries.ts';

/** Where the provider's images have it; on this machine it may lie in a folder that containers do not show. */
const HOME = '/var/lang/bin';

/** Without these it does not start; others serve single parts of the framework, which may lack what they are linked to. */
const NEEDED =
  /^(dotnet|libhostfxr\.so|libhostpolicy\.so|libcoreclr\.so|libclrjit\.so|(lib)?System\.Native\.so)$/;

/** A framework starts only where all is there that its list names, tools for dumps included; these are not on it. */
const LEFT_OUT = /\.(pdb|xml)$/;

/** Adds the runtime; returns the programs and libraries whose own libraries are still to be added. */
export async function addDotnetFiles(
  tree: FileTree,
  dotnet: string,
  { version, major }: DotnetRuntime,
): Promise<readonly string[]> {
  const program = realpathSync(dotnet);
  const home = dirname(program);
  // Frameworks of other versions are those of other functions; the newest resolver of frameworks serves all of them.
  const folders = ['host', ...frameworksIn(join(home, 'shared'), major)].filter((folder) =>
    existsSync(join(home, folder)),
  );
  const files = ['dotnet', ...folders.flatMap((folder) => filesIn(home, folder))];
  for (const file of files) tree.copy(join(home, file), join(HOME, file));
  tree.symlink('/usr/local/bin/dotnet', join(HOME, 'dotnet'));
  const byName = [...findLibraries(/^lib(ssl|crypto)\.so\.[\d.]+$/), ...icuLibraries(major)];
  for (const library of byName) tree.copy(library);
  const native = files.filter((file) => file === 'dotnet' || file.endsWith('.so'));
  const linked: string[] = [...byName];
  for (const file of native) {
    const path = join(home, file);
    if (isNeeded(file, version) || (await hasItsLibraries(path))) linked.push(path);
  }
  return linked;
}

/** `shared/Microsoft.NETCore.App/8.0.11`, and of the same version all others: ASP.NET Core. */
function frameworksIn(shared: string, major: number): readonly string[] {
  return readdirSync(shared).flatMap((name) =>
    readdirSync(join(shared, name))
      .filter((version) => Number.parseInt(version, 10) === major)
      .map((version) => join('shared', name, version)),
  );
}

function filesIn(home: string, folder: string): readonly string[] {
  return readdirSync(join(home, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(home, path);
    return LEFT_OUT.test(entry.name) ? [] : [path];
  });
}

function isNeeded(file: string, version: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return NEEDED.test(name) && (file.includes(version) || !file.startsWith('shared'));
}

async function hasItsLibraries(path: string): Promise<boolean> {
  return sharedLibrariesOf([path]).then(
    () => true,
    () => false,
  );
}
