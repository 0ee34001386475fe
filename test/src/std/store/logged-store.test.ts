import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FileStore, openStore } from '../../../../src/std/store/store.ts';
import type { StoreOptions } from '../../../../src/std/store/store-file.ts';

let folder: string;
let data: string;
let store: FileStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-logged-'));
  data = join(folder, 'data');
  store = openStore(data);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

let kills = 0;

/** What the next process finds when this one is killed now. */
async function afterKill<T>(look: (found: FileStore) => T, options?: StoreOptions): Promise<T> {
  const left = join(folder, `left-${kills++}`);
  cpSync(data, left, { recursive: true });
  const found = openStore(left, options);
  const seen = look(found);
  await found.close();
  expect(readdirSync(left)).not.toContain('store.log');
  return seen;
}

const contentOf = (name: string) => (found: FileStore) =>
  [...found.map(name).range()].map(({ key, value }) => [key, value]);

/** Longer than a change waits for its commit. */
const committed = () => sleep(250);

test.each<[string, StoreOptions]>([
  ['as it was written', {}],
  ['with a commit for each transaction', { isShared: true }],
  ['with each transaction on the disk', { durability: 'power' }],
])('what was written is there after a kill, committed or not, for a store opened %s', async (_, options) => {
  const map = store.map<unknown>('m');
  map.put('text', 'a');
  map.put(['a', 1], { deep: [1, 'ü'] });
  map.put('gone', 1);
  await committed();
  map.put(-1.5, 2);
  map.remove('gone');
  store.map('cleared').put('a', 1);
  store.map('cleared').clear();
  expect(await afterKill(contentOf('m'), options)).toEqual([
    [-1.5, 2],
    [['a', 1], { deep: [1, 'ü'] }],
    ['text', 'a'],
  ]);
  expect(await afterKill(contentOf('cleared'), options)).toEqual([]);
});

test('values and keys of every kind are found after a kill', async () => {
  const raw = store.map<Uint8Array>('raw', { keys: 'bytes', values: 'bytes' });
  raw.put(Buffer.from([0, 255]), Buffer.from([1, 0, 2]));
  raw.put(Buffer.from([1]), Buffer.alloc(0));
  store.map<string>('text', { values: 'string' }).put('k', 'täxt 🎉');
  const found = await afterKill((left) => ({
    raw: [...left.map<Uint8Array>('raw', { keys: 'bytes', values: 'bytes' }).range()].map(
      ({ key, value }) => [[...(key as Uint8Array)], [...value]],
    ),
    text: left.map<string>('text', { values: 'string' }).get('k'),
  }));
  expect(found).toEqual({
    raw: [
      [
        [0, 255],
        [1, 0, 2],
      ],
      [[1], []],
    ],
    text: 'täxt 🎉',
  });
});

test('who made a key or a value may use its memory again', () => {
  const map = store.map<Uint8Array>('raw', { keys: 'bytes', values: 'bytes' });
  const key = Buffer.from('key');
  map.put(key, Buffer.from('value'));
  key.write('xxx');
  expect(Buffer.from(map.get(Buffer.from('key')) ?? []).toString()).toBe('value');
});

test('a transaction that failed is not there after a kill, whether something read what it had written or not', async () => {
  const map = store.map<number>('m');
  map.put('before', 1);
  const fail = (look: () => unknown) => () =>
    store.write(() => {
      map.put('before', 2);
      map.put('half', 1);
      look();
      throw new Error('no');
    });
  expect(fail(() => {})).toThrow('no');
  expect(fail(() => map.get('half'))).toThrow('no');
  expect(map.get('half')).toBeUndefined();
  const failAfterReading = () =>
    store.write(() => {
      expect(map.get('before')).toBe(1);
      map.put('half', 1);
      throw new Error('no');
    });
  for (const _ of [1, 2]) {
    map.put('before', 1);
    expect(failAfterReading).toThrow('no');
  }
  map.put('after', 3);
  const left = [
    ['after', 3],
    ['before', 1],
  ];
  expect(contentOf('m')(store)).toEqual(left);
  expect(await afterKill(contentOf('m'))).toEqual(left);
});

test('a transaction within another is undone alone, and not there after a kill', async () => {
  const map = store.map<number>('m');
  store.write(() => {
    map.put('outer', 1);
    const failing = () =>
      store.write(() => {
        map.put('outer', 2);
        map.put('inner', 2);
        throw new Error('inner');
      });
    expect(failing).toThrow('inner');
    store.write(() => map.put('kept', 3));
    expect(contentOf('m')(store)).toEqual([
      ['kept', 3],
      ['outer', 1],
    ]);
  });
  expect(await afterKill(contentOf('m'))).toEqual([
    ['kept', 3],
    ['outer', 1],
  ]);
});

test('a map made or dropped between is there or gone after a kill', async () => {
  store.map('gone').put('a', 1);
  store.drop('gone');
  store.map('gone').put('b', 2);
  store.write(() => {
    store.map<number>('new').put('a', 1);
  });
  expect(await afterKill(contentOf('gone'))).toEqual([['b', 2]]);
  expect(await afterKill(contentOf('new'))).toEqual([['a', 1]]);
  store.drop('gone');
  expect(await afterKill((left) => left.names())).not.toContain('gone');
});

test('a map that was dropped and made again is the new one, also when what was logged is made anew', async () => {
  const failing = () =>
    store.write(() => {
      store.map<number>('again').put('half', 1);
      expect(store.map('again').get('half')).toBe(1);
      throw new Error('no');
    });
  for (const round of [1, 2, 3]) {
    store.map<number>('again').put('round', round);
    expect(failing).toThrow('no');
    store.map<number>(`other-${round}`);
    expect(contentOf('again')(store)).toEqual([['round', round]]);
    store.drop('again');
    store.map<number>(`another-${round}`).put('a', round);
  }
  expect(contentOf('another-1')(store)).toEqual([['a', 1]]);
});

test('who reads sees a change soon, without any more being written, and one of this process at once', async () => {
  const map = store.map<number>('m');
  const reader = openStore(data, { readOnly: true });
  map.put('a', 1);
  const seen = reader.map<number>('m');
  await vi.waitFor(() => expect(seen.get('a')).toBe(1));
  await reader.close();
  map.put('a', 2);
  const another = openStore(data, { readOnly: true });
  expect(another.map<number>('m').get('a')).toBe(2);
  await another.close();
});

test('who reads what a killed process left sees what it had logged', async () => {
  store.map<number>('m').put('a', 1);
  const left = join(folder, 'left');
  cpSync(data, left, { recursive: true });
  const beside = openStore(left, { readOnly: true });
  expect(beside.map('m').get('a')).toBeUndefined();
  await beside.close();
  const reader = openStore(left, { readOnly: true, isLeft: true });
  expect(reader.map('m').get('a')).toBe(1);
  await reader.close();
});

test('reading that began before a change, or a commit, goes on behind where it was', async () => {
  const map = store.map<number>('m');
  store.write(() => {
    for (let key = 0; key < 10; key++) map.put(key, key);
  });
  const both = [map.range(), map.range({ reverse: true })].map((entries) => entries[Symbol.iterator]());
  const next = () => both.map((entries) => entries.next().value?.value);
  expect(next()).toEqual([0, 9]);
  store.map('other').put('a', 1);
  expect(next()).toEqual([1, 8]);
  await committed();
  expect(next()).toEqual([2, 7]);
  map.remove(3);
  map.put(6, -6);
  expect(next()).toEqual([4, -6]);
  await committed();
  const limited = map.keys({ from: 5, limit: 3 })[Symbol.iterator]();
  expect(limited.next().value).toBe(5);
  map.put('more', 1);
  expect([limited.next().value, limited.next().value, limited.next().done]).toEqual([6, 7, true]);
  expect(both.map((entries) => [...{ [Symbol.iterator]: () => entries }].length)).toEqual([6, 5]);
});

test('a copy holds all that was written before it, and does not wait for the commit of what is written meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const map = store.map<string>('m');
    store.write(() => {
      for (let key = 0; key < 500; key++) map.put(key, 'x'.repeat(2000));
    });
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    let isDone = false;
    const copying = store.copyTo(copy).then(() => {
      isDone = true;
    });
    // Fewer than are committed at once.
    for (let key = 500; !isDone && key < 600; key++) {
      await setImmediate();
      map.put(key, 'y');
    }
    await copying;
    const copied = openStore(copy);
    expect(copied.map('m').count()).toBeGreaterThanOrEqual(500);
    await copied.close();
  } finally {
    vi.useRealTimers();
  }
});

test('the content that takes the place of another is not mixed with what was logged of that', async () => {
  const map = store.map<number>('m');
  map.put('a', 1);
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  await store.copyTo(copy);
  map.put('b', 2);
  await store.replaceBy(copy, () => expect(contentOf('m')(store)).toEqual([['a', 1]]));
  map.put('c', 3);
  const left = [
    ['a', 1],
    ['c', 3],
  ];
  expect(await afterKill(contentOf('m'))).toEqual(left);
  expect(contentOf('m')(store)).toEqual(left);
});
