/** A process of its own that runs the services on a folder until it is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';

export interface Child {
  readonly url: string;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface Program {
  start(folder: string): Promise<Child>;
  remove(): void;
}

/** Bundles the services as they stand in the source. `root` is the repository. */
export function buildProgram(root: string): Program {
  const file = join(root, 'node_modules/.cache', `services-child-${process.pid}.mjs`);
  buildSync({
    stdin: {
      contents: `
        import { makeSystemClock } from './src/std/clock.ts';
        import { runAll } from './test/src/app/kill/services.ts';
        const fails = () => Math.random() < 0.1;
        const all = await runAll({ folder: process.argv[2], clock: makeSystemClock(), fails });
        process.stdout.write(all.url + '\\n');`,
      resolveDir: root,
      loader: 'ts',
    },
    ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile: file },
  });
  return {
    async start(folder) {
      const child = spawn(process.execPath, [file, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
      createInterface({ input: child.stderr }).on('line', (line) => {
        // lmdb itself writes many of these where the disk is full.
        if (!line.startsWith('mdb_')) process.stderr.write(`${line}\n`);
      });
      const gone = once(child, 'exit');
      const first = new Promise<string>((found) =>
        createInterface({ input: child.stdout }).once('line', found),
      );
      const early = gone.then(([code]) => {
        throw new Error(`the services ended with ${code}`);
      });
      const url = await Promise.race([first, early]);
      early.catch(() => {});
      return {
        url,
        async kill() {
          child.kill('SIGKILL');
          await gone;
        },
      };
    },
    remove: () => rmSync(file, { force: true }),
  };
}
