import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** What the writers' files say. */
const said = () =>
  signs()
    .filter((name) => name.includes('committing'))
    .map((name) => readFileSync(join(folder, name), 'utf8')[0]);

test('a commit is told of while it lasts, also one that fails or has others within it', () => {
  const gate = makeCommitGate(folder);
  expect(gate.commit(() => [said(), gate.commit(said), said()])).toEqual([['1'], ['1'], ['1']]);
  expect(said()).toEqual(['0']);
  expect(() =>
    gate.commit(() => {
      throw new Error('full');
    }),
  ).toThrow('full');
  expect(said()).toEqual(['0']);
  expect(openBetweenCommits(folder, () => signs().length)).toBe(2);
  gate.close();
  expect(signs()).toEqual([]);
});

/** Runs a program that lives until a while after a line of its own. */
function startOther(program: string) {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, ready: once(child.stdout, 'data'), ended: once(child, 'close') };
}

test('a commit waits for who opens', async () => {
  const gate = makeCommitGate(folder);
  const sign = JSON.stringify(join(folder, 'store.lmdb-opening'));
  const other = startOther(
    `fs.symlinkSync(String(process.pid), ${sign}); console.log('up'); setTimeout(() => fs.unlinkSync(${sign}), 300)`,
  );
  await other.ready;
  expect(gate.commit(signs)).not.toContain('store.lmdb-opening');
  gate.close();
  expect(await other.ended).toEqual([0, null]);
});

test('who opens waits for a commit, but not for its writer', async () => {
  const path = JSON.stringify(join(folder, 'store.lmdb-committing-other'));
  const other = startOther(
    `fs.writeFileSync(${path}, '1' + process.pid); console.log('up'); setTimeout(() => fs.writeFileSync(${path}, '0' + process.pid), 300); setTimeout(() => {}, 60000)`,
  );
  await other.ready;
  expect(openBetweenCommits(folder, said)).toEqual(['0']);
  other.child.kill('SIGKILL');
  await other.ended;
});

test.each([
  ['that is gone', (pid: number) => `${pid}`],
  ['whose number another one has', () => `${process.ppid} another-boot:1`],
])('what a process %s has left is in nobody’s way, and goes', async (_what, ownerOf) => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  const owner = ownerOf(child.pid as number);
  const leave = () => {
    symlinkSync(owner, join(folder, 'store.lmdb-opening'));
    writeFileSync(join(folder, 'store.lmdb-committing-1'), `1${owner}`);
  };
  leave();
  const gate = makeCommitGate(folder);
  expect(gate.commit(said)).toEqual(['1']);
  gate.close();
  expect(signs()).toEqual([]);
  leave();
  openBetweenCommits(folder, () => {});
  expect(signs()).toEqual(['store.lmdb-committing-1']);
});

test('what another writer is just beginning to say stays', () => {
  writeFileSync(join(folder, 'store.lmdb-committing-1'), '');
  const gate = makeCommitGate(folder);
  gate.commit(() => {});
  gate.close();
  expect(signs()).toEqual(['store.lmdb-committing-1']);
});

test('where no sign can be put up, the work is done all the same', () => {
  const nowhere = join(folder, 'none');
  expect(makeCommitGate(nowhere).commit(() => 1)).toBe(1);
  expect(openBetweenCommits(nowhere, () => 2)).toBe(2);
});
