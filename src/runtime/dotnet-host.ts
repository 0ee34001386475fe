/** Our loader of .NET class libraries, compiled by the machine's own SDK on first use and kept for all projects. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolderOf } from '../std/cache-folder.ts';
import { messageOf, SlsError } from '../std/errors.ts';
import { makeFolderOnce } from '../std/folder-once.ts';
import {
  type DotnetCompiler,
  type DotnetRuntime,
  findCsharpCompiler,
  findDotnet,
  runtimesOf,
} from './backends/process/find-dotnet.ts';
import { bootstrapFolder } from './bootstrap-folder.ts';
import { INVARIANT } from './dotnet-defaults.ts';

export interface DotnetHost {
  /** Absolute folder with `HOST_NAME.dll`; undefined where there is no .NET or no SDK. Rejects with `SlsError` `bootstrap-not-compiled`. */
  folder(runtime: string): Promise<string | undefined>;
}

export interface DotnetHostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: the user's own. */
  readonly cacheFolder?: string;
}

export const HOST_NAME = 'SlsLocal';
const COMPILING_MS = 60_000;
const SOURCES = join(bootstrapFolder, 'dotnet');

export function makeDotnetHost({ env, cacheFolder = cacheFolderOf(env) }: DotnetHostOptions): DotnetHost {
  const made = new Map<string, Promise<string | undefined>>();
  return {
    folder(runtime) {
      let folder = made.get(runtime);
      if (!folder) {
        folder = provide(runtime, env, cacheFolder);
        made.set(runtime, folder);
        const forget = () => void made.delete(runtime);
        // An SDK may be installed while the session runs.
        folder.then((found) => found ?? forget(), forget);
      }
      return folder;
    },
  };
}

async function provide(
  runtime: string,
  env: DotnetHostOptions['env'],
  cacheFolder: string,
): Promise<string | undefined> {
  const dotnet = await findDotnet(runtime, env, () => {}).catch(() => undefined);
  // What is compiled against the oldest runs on all of them, whichever the function's settings ask for.
  const [oldest] = dotnet === undefined ? [] : await runtimesOf(dotnet, env);
  if (dotnet === undefined || oldest === undefined) return undefined;
  const files = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  const hash = createHash('sha256').update(oldest.version);
  for (const file of files) hash.update(file.slice(SOURCES.length)).update(readFileSync(file));
  const folder = join(cacheFolder, `dotnet-${hash.digest('hex').slice(0, 12)}`);
  return makeFolderOnce(folder, async (draft) => {
    const compiler = await findCsharpCompiler(dotnet, env);
    if (compiler) await compile({ compiler, files, oldest, out: draft, env });
    return compiler !== undefined;
  });
}

interface Compilation {
  readonly compiler: DotnetCompiler;
  readonly files: readonly string[];
  readonly oldest: DotnetRuntime;
  /** Absolute folder. */
  readonly out: string;
  readonly env: DotnetHostOptions['env'];
}

/** By the compiler itself: a project would first have to be restored, for which SDKs ask a package feed. */
async function compile({ compiler, files, oldest, out, env }: Compilation): Promise<void> {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${HOST_NAME}.runtimeconfig.json`), runtimeConfig(oldest));
  // An SDK has reference assemblies of its own version alone; a runtime's assemblies serve as well.
  const references = readdirSync(oldest.folder).filter((name) =>
    /^(System\..*|Microsoft\.Win32\.Primitives)\.dll$/.test(name),
  );
  const options = [
    ...['-nologo', '-nostdlib', '-optimize', '-debug-', '-target:exe', '-utf8output'],
    ...references.filter((name) => !/Native/.test(name)).map((name) => `-r:"${join(oldest.folder, name)}"`),
    `-out:"${join(out, `${HOST_NAME}.dll`)}"`,
    ...files.map((file) => `"${file}"`),
  ];
  const listed = join(out, 'options.rsp');
  writeFileSync(listed, options.join('\n'));
  try {
    await promisify(execFile)(compiler.program, ['exec', compiler.file, '-noconfig', `@${listed}`], {
      env: { ...INVARIANT, ...env },
      timeout: COMPILING_MS,
    });
  } catch (failure) {
    const { stdout = '', stderr = '' } = failure as { stdout?: string; stderr?: string };
    throw new SlsError(
      'bootstrap-not-compiled',
      `${compiler.file} cannot compile what runs .NET functions: ${`${stdout}${stderr}`.trim() || messageOf(failure)}`,
      {
        hint: /libssl|ICU/.test(stderr)
          ? 'the SDK lacks a library of this system (libicu; OpenSSL 1.1 for .NET Core 3.1): install it'
          : 'use an SDK of .NET Core 3.1 or newer: DOTNET_ROOT names the one that is asked first',
        cause: failure,
      },
    );
  }
}

/** For packages that have none of their own. */
function runtimeConfig({ version }: DotnetRuntime): string {
  const framework = { name: 'Microsoft.NETCore.App', version };
  return JSON.stringify({ runtimeOptions: { rollForward: 'Major', framework } });
}
