/** A process of its own that serves a data folder until it is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';

export interface ServingChild {
  readonly url: string;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface ChildProgram {
  start(folder: string): Promise<ServingChild>;
  remove(): void;
}

/** Bundles the emulator and its endpoint as they stand in the source. */
export function buildChild(root = resolve(import.meta.dirname, '../../../..')): ChildProgram {
  const file = join(root, 'node_modules/.cache', `dynamodb-child-${process.pid}.mjs`);
  buildSync({
    stdin: {
      contents: `
        import { openStore } from './src/std/store/store.ts';
        import { makeSystemClock } from './src/std/clock.ts';
        import { runDynamodb } from './test/emulators/dynamodb/running-dynamodb.ts';
        import { serve } from './test/emulators/dynamodb/serving.ts';
        const db = await runDynamodb(openStore(process.argv[2]), makeSystemClock());
        process.stdout.write((await serve(db)).url + '\\n');`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: file,
  });
  return {
    async start(folder) {
      const child = spawn(process.execPath, [file, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      return { url: await firstLine(child), kill: () => kill(child) };
    },
    remove: () => rmSync(file, { force: true }),
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    child.once('exit', (code) => failed(new Error(`the serving process ended with ${code}`)));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', found);
  });
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((gone) => {
    child.once('exit', () => gone());
    child.kill('SIGKILL');
  });
}
