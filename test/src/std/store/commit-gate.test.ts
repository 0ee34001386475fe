import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCommitGate, openBetweenCommits } from '../../../../src/std/store/commit-gate.ts';
import { openStore } from '../../../../src/std/store/store.ts';
import { buildStoreProgram, startStoreProgram } from './store-program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-gate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const signs = () => readdirSync(folder).filter((name) => name.includes('ing'));

/** Has the store opened and closed for reading again and again. */
function startReader() {
  const program = buildStoreProgram(join(import.meta.dirname, 'commit-gate.fixture.ts'), folder);
  const child = startStoreProgram(program, [join(folder, 'data')]);
  let opened = 0;
  child.stdout.on('data', (text) => {
    opened = Number(String(text).trim().split('\n').at(-1));
  });
  return { child, opened: () => opened };
}

test.each([{ isShared: true }, {}])(
  'no commit is lost while another process opens the store, %j',
  async (options) => {
    const store = openStore(join(folder, 'data'), options);
    const numbers = store.map<number>('numbers');
    const { child, opened } = startReader();
    let next = 0;
    while (opened() < 600) {
      for (let i = 0; i < 20; i++) store.write(() => numbers.put(String(next), next++));
      await turn();
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    store.write(() => numbers.put(String(next), next++));
    const lost = Array.from({ length: next }, (_, i) => i).filter((i) => numbers.get(String(i)) !== i);
    expect(lost).toEqual([]);
    await store.close();
  },
);

test('signs come down, also when the work fails, and may be nested', () => {
  const gate = makeCommitGate(folder);
  expect(gate.commit(() => [signs(), gate.commit(signs)])).toEqual([
    ['store.lmdb-committing'],
    ['store.lmdb-committing'],
  ]);
  expect(() =>
    gate.commit(() => {
      throw new Error('full');
    }),
  ).toThrow('full');
  expect(openBetweenCommits(folder, signs)).toEqual(['store.lmdb-opening']);
  expect(signs()).toEqual([]);
});

test('signs of a process that is gone are in nobody’s way', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  for (const name of ['committing', 'opening'])
    symlinkSync(String(child.pid), join(folder, `store.lmdb-${name}`));
  expect(makeCommitGate(folder).commit(signs)).toEqual(['store.lmdb-committing']);
  for (const name of ['committing', 'opening'])
    symlinkSync(String(child.pid), join(folder, `store.lmdb-${name}`));
  expect(openBetweenCommits(folder, signs)).toEqual(['store.lmdb-opening']);
  expect(signs()).toEqual([]);
});

test('where no sign can be put up, the work is done all the same', () => {
  const nowhere = join(folder, 'none');
  expect(makeCommitGate(nowhere).commit(() => 1)).toBe(1);
  expect(openBetweenCommits(nowhere, () => 2)).toBe(2);
});
