/** Tools some tests need: without one they are skipped with the reason in their name, or fail where CI requires the tool. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { findEngine } from '../../src/runtime/backends/docker/find-engine.ts';
import { findCsharpCompiler } from '../../src/runtime/backends/process/find-dotnet.ts';
import { mountSmallDisk } from './small-disk.ts';

export type ToolName =
  | 'docker'
  | 'awscli'
  | 'chromium'
  | 'python'
  | 'ruby'
  | 'go'
  | 'java'
  | 'dotnet'
  | 'cargo'
  | 'ric'
  | 'libraries'
  | 'small-disk';

export type Tool =
  /** `path` is the program or, for `ric` and `libraries`, the package's folder; empty for `docker` and `small-disk`. */
  | { readonly available: true; readonly path: string }
  | { readonly available: false; readonly reason: string };

/** Throws when the tool is absent and `SLS_LOCAL_REQUIRE` (names with commas between) contains its name. */
export async function tool(name: ToolName): Promise<Tool> {
  const found = await look(name);
  const required = (process.env.SLS_LOCAL_REQUIRE ?? '').split(',').map((part) => part.trim());
  if (!found.available && required.includes(name))
    throw new Error(`SLS_LOCAL_REQUIRE asks for ${name}: ${found.reason}`);
  return found;
}

/** A `describe` that needs the tool. `body` gets the tool's path. */
export async function describeWithTool(
  name: ToolName,
  title: string,
  body: (path: string) => void,
): Promise<void> {
  const found = await tool(name);
  if (found.available) describe(title, () => body(found.path));
  else describe.skip(`${title} [skipped: ${found.reason}]`, () => test('needs the tool', () => {}));
}

async function look(name: ToolName): Promise<Tool> {
  switch (name) {
    case 'docker':
      return lookForEngine();
    case 'awscli':
      return firstProgram('awscli', ['aws']);
    case 'chromium':
      return firstProgram('chromium', ['chromium', 'chromium-browser', 'google-chrome']);
    case 'python':
      return firstProgram('Python 3', ['python3', 'python']);
    case 'ruby':
      return firstProgram('Ruby', ['ruby']);
    case 'go':
      return firstProgram('Go', ['go'], 'version');
    case 'java':
      return firstProgram('a JDK', ['javac']);
    case 'dotnet':
      return lookForDotnet();
    case 'cargo':
      return firstProgram('Rust', ['cargo']);
    case 'ric':
      return lookForRic();
    case 'libraries':
      return lookForLibraries();
    case 'small-disk':
      return lookForSmallDisk();
  }
}

function lookForSmallDisk(): Tool {
  const disk = mountSmallDisk(1);
  if ('reason' in disk) return { available: false, reason: disk.reason };
  disk.unmount();
  return { available: true, path: '' };
}

async function lookForEngine(): Promise<Tool> {
  const search = await findEngine({ env: process.env, homeDir: homedir() });
  return search.status === 'found'
    ? { available: true, path: '' }
    : { available: false, reason: search.reason };
}

async function firstProgram(name: string, programs: readonly string[], ask = '--version'): Promise<Tool> {
  for (const program of programs)
    try {
      await promisify(execFile)(program, [ask]);
      return { available: true, path: program };
    } catch {
      // The next name may be the one of this system.
    }
  return { available: false, reason: `${name} is not installed` };
}

/** An SDK; see test/tools/dotnet. */
async function lookForDotnet(): Promise<Tool> {
  const places = [process.env.DOTNET_ROOT, ...(process.env.PATH ?? '').split(delimiter)];
  for (const place of places) {
    const file = join(place || '/', 'dotnet');
    if (existsSync(file) && (await findCsharpCompiler(file, {}, []))?.program === file)
      return { available: true, path: file };
  }
  return {
    available: false,
    reason: 'no .NET SDK is installed (DOTNET_ROOT="$(node test/tools/dotnet/install.mjs)")',
  };
}

/** See test/tools/clients. */
function lookForLibraries(): Tool {
  const path = resolve(import.meta.dirname, '../tools/clients');
  const wanted = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const hasAll = Object.keys(wanted.dependencies).every((name) =>
    existsSync(join(path, 'node_modules', name)),
  );
  return hasAll
    ? { available: true, path }
    : { available: false, reason: 'the libraries are not installed (node test/tools/clients/install.mjs)' };
}

/** The official Lambda client with its native part built; see test/tools/ric/README.md. */
function lookForRic(): Tool {
  const root = resolve(import.meta.dirname, '../..');
  const folders = [
    ...(process.env.SLS_LOCAL_RIC ? [process.env.SLS_LOCAL_RIC] : []),
    join(root, 'test/tools/ric/node_modules/aws-lambda-ric'),
    join(root, 'node_modules/aws-lambda-ric'),
  ];
  const folder = folders.find((path) => existsSync(join(path, 'package.json')));
  if (!folder)
    return { available: false, reason: 'aws-lambda-ric is not installed (node test/tools/ric/install.mjs)' };
  if (!existsSync(join(folder, 'rapid-client.node')) && !existsSync(join(folder, 'dist/rapid-client.node')))
    return {
      available: false,
      reason: 'the native part of aws-lambda-ric is not built (node test/tools/ric/install.mjs)',
    };
  return { available: true, path: folder };
}
