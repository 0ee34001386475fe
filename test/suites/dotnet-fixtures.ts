/** Compiles the .NET fixture functions as a project would publish them, and the loader they are run with. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type DotnetCompiler,
  type DotnetRuntime,
  findCsharpCompiler,
  runtimesOf,
} from '../../src/runtime/backends/process/find-dotnet.ts';
import { INVARIANT } from '../../src/runtime/dotnet-defaults.ts';
import { type DotnetHost, makeDotnetHost } from '../../src/runtime/dotnet-host.ts';
import { fixtures } from './running-instance.ts';

export interface DotnetFixtures {
  /** The package of `Shop`: with Amazon.Lambda.Core, what lists its assemblies, and its settings. */
  readonly shop: string;
  /** The package of `Bare`: its assembly alone. */
  readonly bare: string;
  readonly host: DotnetHost;
  close(): void;
}

/** The environment in which an SDK works on this machine; see test/tools/dotnet. */
export function dotnetEnv(dotnet: string): Readonly<Record<string, string | undefined>> {
  const openssl = join(dotnet, '../openssl');
  return {
    ...INVARIANT,
    ...process.env,
    DOTNET_ROOT: join(dotnet, '..'),
    ...(existsSync(openssl) && { LD_LIBRARY_PATH: openssl }),
  };
}

/** `dotnet` is its absolute path. */
export async function compileDotnetFixtures(dotnet: string): Promise<DotnetFixtures> {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-dotnet-'));
  const env = dotnetEnv(dotnet);
  const [runtime] = await runtimesOf(dotnet, env);
  const compiler = await findCsharpCompiler(dotnet, env);
  if (!runtime || !compiler) throw new Error(`${dotnet} has no SDK`);
  const [shop, bare] = [join(root, 'shop'), join(root, 'bare')];
  const compile = makeCompile(compiler, runtime, env);
  for (const folder of [shop, bare]) mkdirSync(folder);
  await Promise.all([
    compile(join(shop, 'Amazon.Lambda.Core.dll'), 'core'),
    compile(join(shop, 'Library.dll'), 'library'),
  ]);
  await Promise.all([
    compile(
      join(shop, 'Shop.dll'),
      'shop',
      ['Amazon.Lambda.Core.dll', 'Library.dll'].map((name) => join(shop, name)),
    ),
    compile(join(bare, 'Bare.dll'), 'bare'),
  ]);
  describePackage(shop, runtime);
  writeFileSync(join(shop, 'Damaged.dll'), 'no assembly');
  const host = makeDotnetHost({ env });
  return { shop, bare, host, close: () => rmSync(root, { recursive: true, force: true }) };
}

function makeCompile(compiler: DotnetCompiler, runtime: DotnetRuntime, env: ReturnType<typeof dotnetEnv>) {
  const provided = readdirSync(runtime.folder)
    .filter((name) => /^(System\..*|netstandard)\.dll$/.test(name) && !name.includes('Native'))
    .map((name) => join(runtime.folder, name));
  return async (out: string, source: string, references: readonly string[] = []) => {
    const folder = join(fixtures, 'dotnet', source);
    const files = readdirSync(folder).map((name) => join(folder, name));
    const options = ['-nologo', '-nostdlib', '-target:library', '-debug:embedded', `-out:${out}`];
    const used = [...provided, ...references].map((file) => `-r:${file}`);
    writeFileSync(`${out}.rsp`, [...options, ...used, ...files].join('\n'));
    await promisify(execFile)(compiler.program, ['exec', compiler.file, '-noconfig', `@${out}.rsp`], { env });
  };
}

/** As `dotnet publish` writes them. */
function describePackage(folder: string, { version }: DotnetRuntime): void {
  const target = '.NETCoreApp,Version=v3.1';
  const library = (name: string) => ({ [`${name}/1.0.0`]: { runtime: { [`${name}.dll`]: {} } } });
  const names = ['Shop', 'Amazon.Lambda.Core', 'Library'];
  const dependencies = {
    runtimeTarget: { name: target },
    targets: { [target]: Object.assign({}, ...names.map(library)) },
    libraries: Object.fromEntries(
      names.map((name) => [`${name}/1.0.0`, { type: 'project', serviceable: false, sha512: '' }]),
    ),
  };
  const framework = { name: 'Microsoft.NETCore.App', version: `${version.split('.')[0]}.0.0` };
  writeFileSync(join(folder, 'Shop.deps.json'), JSON.stringify(dependencies));
  writeFileSync(join(folder, 'Shop.runtimeconfig.json'), JSON.stringify({ runtimeOptions: { framework } }));
}

/** A package of the same assemblies without what `dotnet publish` writes beside them. */
export function copyAssemblies(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from))
    if (name.endsWith('.dll')) copyFileSync(join(from, name), join(to, name));
}
