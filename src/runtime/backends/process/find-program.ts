/** Finds the program that runs a function on this machine: the right Node.js or Python, or the function's own bootstrap. */
import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { InstanceSpec } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';

export interface Program {
  readonly kind: 'node' | 'python' | 'other';
  readonly file: string;
  readonly args: readonly string[];
  /** Of Node.js; 0 for others. */
  readonly major: number;
}

type HostEnv = Readonly<Record<string, string | undefined>>;

/** Where version managers keep Node.js, and where the program is in a version's folder. */
const NODE_MANAGERS: readonly {
  readonly folder: (env: HostEnv, home: string) => string;
  readonly program: string;
}[] = [
  { folder: (env, home) => join(env.NVM_DIR ?? join(home, '.nvm'), 'versions/node'), program: 'bin/node' },
  {
    folder: (env, home) => join(env.FNM_DIR ?? join(home, '.local/share/fnm'), 'node-versions'),
    program: 'installation/bin/node',
  },
  {
    folder: (env, home) => join(env.VOLTA_HOME ?? join(home, '.volta'), 'tools/image/node'),
    program: 'bin/node',
  },
  { folder: (_env, home) => join(home, '.local/share/mise/installs/node'), program: 'bin/node' },
  { folder: (_env, home) => join(home, '.asdf/installs/nodejs'), program: 'bin/node' },
];

/** Answers are kept: a runtime is looked for once per session. Throws `SlsError` code `runtime-missing`. */
export function makeProgramFinder(env: HostEnv, notice: (message: string) => void) {
  const nodes = new Map<string, Program>();
  const pythons = new Map<string, Promise<string>>();

  const nodeFor = (runtime: string): Program => {
    let found = nodes.get(runtime);
    if (!found) {
      found = findNode(runtime, env, notice);
      nodes.set(runtime, found);
    }
    return found;
  };

  const pythonFor = (runtime: string): Promise<string> => {
    let found = pythons.get(runtime);
    if (!found) {
      found = findPython(runtime, env, notice);
      pythons.set(runtime, found);
      // One that was missing may be installed while the session runs.
      found.catch(() => pythons.delete(runtime));
    }
    return found;
  };

  return async ({ fn, artifact, command }: InstanceSpec): Promise<Program> => {
    const [name, ...args] = command ?? [join(artifact.dir, 'bootstrap')];
    if (name === 'node') return { ...nodeFor(fn.runtime), args };
    if (name === 'python3') return { kind: 'python', file: await pythonFor(fn.runtime), args, major: 0 };
    if (name !== undefined && isExecutable(name)) return { kind: 'other', file: name, args, major: 0 };
    throw new SlsError(
      'runtime-missing',
      `function ${fn.id}: nothing on this machine runs ${fn.runtime} (no executable ${name ?? 'bootstrap'})`,
      { hint: 'use containers (--backend docker), or give the function a bootstrap program' },
    );
  };
}

export function findNode(runtime: string, env: HostEnv, notice: (message: string) => void): Program {
  const own = Number(process.versions.node.split('.')[0]);
  const wanted = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? own);
  const found = wanted === own ? undefined : managedNode(wanted, env);
  if (found) return { kind: 'node', file: found, args: [], major: wanted };
  if (wanted !== own)
    notice(
      `${runtime} functions run on this Node.js ${process.versions.node}: no Node.js ${wanted} was found (nvm, fnm, volta, mise and asdf are looked into)`,
    );
  return { kind: 'node', file: process.execPath, args: [], major: own };
}

/** The newest installed version with this major number. */
function managedNode(major: number, env: HostEnv): string | undefined {
  const home = env.HOME ?? homedir();
  for (const manager of NODE_MANAGERS) {
    const folder = manager.folder(env, home);
    const newest = versionsIn(folder, major).at(-1);
    const file = newest === undefined ? undefined : join(folder, newest, manager.program);
    if (file !== undefined && isExecutable(file)) return file;
  }
  return undefined;
}

function versionsIn(folder: string, major: number): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.replace(/^v/, '').startsWith(`${major}.`))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

/** The interpreter itself, not a version manager's shim, which takes 50 ms at every start. */
export async function findPython(
  runtime: string,
  env: HostEnv,
  notice: (message: string) => void,
): Promise<string> {
  const wanted = runtime.replace(/^python/, '');
  let other: { file: string; version: string } | undefined;
  for (const name of [`python${wanted}`, 'python3', 'python']) {
    const found = await askPython(name, env);
    if (found?.version === wanted) return found.file;
    if (found && !isTooOld(found.version)) other ??= found;
  }
  if (other) {
    notice(
      `${runtime} functions run on Python ${other.version} (${other.file}): no Python ${wanted} was found in PATH`,
    );
    return other.file;
  }
  throw new SlsError('runtime-missing', `no Python was found in PATH for ${runtime} functions`, {
    hint: `install Python ${wanted} (3.9 or newer will do), or use containers (--backend docker)`,
  });
}

async function askPython(name: string, env: HostEnv): Promise<{ file: string; version: string } | undefined> {
  const ask = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';
  try {
    const { stdout } = await promisify(execFile)(name, ['-c', ask], {
      env: { ...env },
      timeout: 10_000,
    });
    const [file, version] = stdout.trim().split('\n');
    return file && version ? { file, version } : undefined;
  } catch {
    // Not there, or a shim for a version that is not installed.
    return undefined;
  }
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 3 || (major === 3 && minor < 9);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
