/** Programs of their own that use the store: what two processes, or one that is killed, do to it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buildSync } from 'esbuild';

const modules = join(import.meta.dirname, '../../../../node_modules');

/** Bundles the TypeScript file `source` into `folder`; answers the program. */
export function buildStoreProgram(source: string, folder: string): string {
  const program = join(folder, 'program.cjs');
  buildSync({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['lmdb'],
  });
  return program;
}

export function startStoreProgram(
  program: string,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [program, ...args], {
    env: { ...process.env, NODE_PATH: modules },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
