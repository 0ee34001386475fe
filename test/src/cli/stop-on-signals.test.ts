import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';

test('a command ends with all of its output though a connection stays open', async () => {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `
        import { createServer } from 'node:net';
        import { endWhateverIsOpen } from './src/cli/stop-on-signals.ts';
        createServer().listen(0, '127.0.0.1', () => {
          process.stdout.write('x'.repeat(1_000_000));
          process.exitCode = 3;
          endWhateverIsOpen();
        });`,
      resolveDir: resolve(import.meta.dirname, '../../..'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
  });
  const program = outputFiles[0]?.text ?? '';
  const run = promisify(execFile)(process.execPath, ['-e', program], { maxBuffer: 1e7 });
  const ended = (await run.catch((failure) => failure)) as { code: number; stdout: string };
  expect([ended.code, ended.stdout.length]).toEqual([3, 1_000_000]);
});
