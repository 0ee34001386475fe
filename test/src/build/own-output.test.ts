/** What a process prints into its project, in processes of their own: a test cannot redirect itself. */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeProjectFolder, type ProjectFolder } from './project-folder.ts';

const tree = resolve(import.meta.dirname, '../../../src/build/source-tree.ts');

/** Writes to a file as well, and prints what is code when all it printed has arrived. */
const PROGRAM = `
  import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
  import { makeTreeReader } from ${JSON.stringify(tree)};
  process.stdout.write('a line that marks the end\\n');
  writeFileSync('code/written.txt', 'by nobody in particular');
  const isThere = () => { try { return readFileSync('code/out.log', 'utf8').includes('the end'); } catch { return true; } };
  while (!isThere());
  writeFileSync('found.json', JSON.stringify(makeTreeReader().read('code').files));
`;

let folder: ProjectFolder;
beforeEach(async () => {
  folder = makeProjectFolder({ 'code/app.py': '', 'program/main.ts': PROGRAM });
  await build({
    entryPoints: [folder.path('program/main.ts')],
    outfile: folder.path('program/main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});
afterEach(() => folder.remove());

async function filesSeen(redirected: string): Promise<unknown> {
  const command = `${JSON.stringify(process.execPath)} program/main.mjs ${redirected}`;
  execFileSync('/bin/sh', ['-c', command], { cwd: folder.root });
  const found = await import(join(folder.root, 'found.json'), { with: { type: 'json' } });
  return found.default;
}

test.each(['> code/out.log', '>> code/out.log 2>&1', '2> code/out.log 1>&2'])(
  'a file that this process prints into is none of the code (%s)',
  async (redirected) => {
    expect(await filesSeen(redirected)).toEqual(['code/app.py', 'code/written.txt']);
  },
);

test.runIf(process.platform === 'linux').each(['| tee code/out.log', '| cat | tee code/out.log > other.log'])(
  'nor one that a program writes what it is piped into (%s)',
  async (redirected) => {
    expect(await filesSeen(redirected)).toEqual(['code/app.py', 'code/written.txt']);
  },
);

test('a log that somebody else writes is code like any other file', async () => {
  folder.write('code/out.log', 'the end');
  expect(await filesSeen('')).toEqual(['code/app.py', 'code/out.log', 'code/written.txt']);
});
