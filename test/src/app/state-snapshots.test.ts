import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { s3 } from '../../../emulators/s3/index.ts';
import { makeStateKeeper, type StateKeeper } from '../../../src/app/state-keeper.ts';
import type { StoreMap } from '../../../src/model/platform.ts';
import { type BodyFolder, openBodyFolder } from '../../../src/std/body-files.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { type FileStore, openStore } from '../../../src/std/store/store.ts';
import { authorization, http } from '../../emulators/_wire/http.ts';
import { startTestEndpoint } from '../../emulators/_wire/running-endpoint.ts';
import { runDynamodb, tableInput } from '../../emulators/dynamodb/running-dynamodb.ts';
import { startSqs } from '../../emulators/sqs/running-queue.ts';
import { makeWorld } from '../../emulators/world.ts';

let root: string;
let folder: string;
let store: FileStore;
let map: StoreMap<string>;
let now: number;
let bodies: BodyFolder;
let keeper: StateKeeper;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sls-local-snapshots-'));
  folder = join(root, 'snapshots');
  store = openStore(join(root, 'data'));
  map = store.map('m');
  now = Date.UTC(2026, 0, 1);
  bodies = openBodyFolder(join(root, 'objects'), { ids: randomIds });
  keeper = makeStateKeeper({ folder, store, bodies, now: () => now, adopt: () => undefined });
});
afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

const save = (name: string, replace = false) => keeper.save(name, { replace });
const names = () => keeper.list().map(({ name }) => name);

test('a snapshot brings back what was stored when it was saved', async () => {
  map.put('a', 'saved');
  await save('one');
  map.put('a', 'changed');
  map.put('b', 'new');
  await keeper.restore('one');
  expect([...map.range()]).toEqual([{ key: 'a', value: 'saved' }]);
});

test('the list has the newest first, with time, size and what is inside', async () => {
  await save('older');
  now += 1000;
  const world = makeWorld(store);
  const tables = await runDynamodb(store);
  const queues = await startSqs(world);
  await tables.call('CreateTable', tableInput('orders', 'id:S'));
  for (const id of ['1', '2', '3'])
    await tables.call('PutItem', { TableName: 'orders', Item: { id: { S: id } } });
  await queues.send(await queues.queue('work'), 'hello');
  await save('newer');
  await tables.running.close();
  await queues.emulator.close();
  expect(keeper.list()).toEqual([
    {
      name: 'newer',
      savedAt: now,
      sizeBytes: expect.any(Number),
      tables: [{ name: 'orders', items: 3 }],
      queues: [{ name: 'work', messages: 1 }],
      events: 0,
    },
    { name: 'older', savedAt: now - 1000, sizeBytes: expect.any(Number), tables: [], queues: [], events: 0 },
  ]);
  expect(keeper.list()[0]?.sizeBytes).toBeGreaterThan(8192);
});

test('a name that is taken is refused with when it was saved, and replaced when that is asked for', async () => {
  map.put('a', '1');
  await save('one');
  map.put('a', '2');
  await expect(save('one')).rejects.toMatchObject({
    code: 'snapshot-exists',
    message: 'there is a snapshot "one" already (2026-01-01T00:00:00.000Z)',
  });
  await save('one', true);
  map.put('a', '3');
  await keeper.restore('one');
  expect(map.get('a')).toBe('2');
  expect(readdirSync(join(folder, 'one')).sort()).toEqual(['2', 'current']);
});

test.each(['', '.', '..', '../x', 'a/b', '-a', '.hidden', 'a b', 'ä', 'x'.repeat(101), 'now'])(
  'the name %j is refused',
  async (name) => {
    await expect(save(name)).rejects.toMatchObject({ code: 'snapshot-name' });
    await expect(keeper.restore(name)).rejects.toMatchObject({ code: 'snapshot-name' });
    await expect(keeper.remove(name)).rejects.toMatchObject({ code: 'snapshot-name' });
    expect(existsSync(folder)).toBe(false);
  },
);

test('an unknown name is refused with those there are', async () => {
  await expect(keeper.restore('one')).rejects.toMatchObject({
    code: 'snapshot-unknown',
    hint: 'none was saved yet: sls-local state save NAME',
  });
  await save('b');
  await save('a');
  await expect(keeper.restore('one')).rejects.toMatchObject({ hint: 'there is: a, b' });
  await expect(keeper.remove('one')).rejects.toMatchObject({ code: 'snapshot-unknown' });
});

test('a removed snapshot is gone, the state and the others stay', async () => {
  map.put('a', '1');
  await save('one');
  await save('two');
  await keeper.remove('one');
  expect(names()).toEqual(['two']);
  expect(map.get('a')).toBe('1');
  expect(existsSync(join(folder, 'one'))).toBe(false);
});

test('a cut, an overwritten or a missing store is refused, and the state stays as it was', async () => {
  const file = join(folder, 'one/1/store.lmdb');
  map.put('a', 'x'.repeat(100_000));
  await save('one');
  map.put('a', 'here');
  const whole = readFileSync(file);
  const refused = { code: 'snapshot-unreadable', exitCode: 1 };
  truncateSync(file, whole.length - 8192);
  await expect(keeper.restore('one')).rejects.toMatchObject(refused);
  writeFileSync(file, Buffer.alloc(whole.length, 'no store'));
  await expect(keeper.restore('one')).rejects.toMatchObject(refused);
  rmSync(file);
  await expect(keeper.restore('one')).rejects.toMatchObject(refused);
  expect(map.get('a')).toBe('here');
  writeFileSync(file, whole);
  await keeper.restore('one');
  expect(map.get('a')).toBe('x'.repeat(100_000));
});

test('a save that a kill cut short is no snapshot, and the next save of that name takes its place', async () => {
  mkdirSync(join(folder, 'one/1'), { recursive: true });
  writeFileSync(join(folder, 'one/1/store.lmdb'), 'half');
  expect(names()).toEqual([]);
  await expect(keeper.restore('one')).rejects.toMatchObject({ code: 'snapshot-unknown' });
  map.put('a', '1');
  await save('one');
  expect(names()).toEqual(['one']);
  expect(readdirSync(join(folder, 'one')).sort()).toEqual(['2', 'current']);
});

test('a save that fails leaves the snapshot of that name and the state as they were', async () => {
  map.put('a', '1');
  await save('one');
  const failing: FileStore = {
    ...store,
    copyTo: async (to) => {
      writeFileSync(join(to, 'store.lmdb'), 'half');
      throw new Error('no');
    },
  };
  const other = makeStateKeeper({ folder, store: failing, bodies, now: () => now, adopt: () => undefined });
  await expect(other.save('one', { replace: true })).rejects.toThrow('no');
  await expect(other.save('two', { replace: false })).rejects.toThrow('no');
  expect(names()).toEqual(['one']);
  expect(readdirSync(folder)).toEqual(['one']);
  map.put('a', '2');
  await keeper.restore('one');
  expect(map.get('a')).toBe('1');
});

test('objects come back with the state that names them, and what it does not name goes', async () => {
  const world = makeWorld(store);
  const emulator = await s3.start({ ...world.context, files: bodies });
  const endpoint = await startTestEndpoint(() => (emulator.api ? [emulator.api] : []));
  const ask = (method: string, path: string, body?: string) =>
    http(`${endpoint.url}${path}`, {
      method,
      headers: { authorization: authorization('s3') },
      ...(body !== undefined && { body }),
    });
  const adopting = makeStateKeeper({
    ...{ folder, store, bodies, now: () => now },
    adopt: async () => {
      emulator.reload?.();
      await emulator.apply([], []);
    },
  });
  await ask('PUT', '/box');
  await ask('PUT', '/box/a', 'saved');
  await ask('PUT', '/box/b', 'stays');
  const { buckets } = await adopting.save('one', { replace: false });
  expect(buckets).toEqual([{ name: 'box', objects: 2 }]);
  await ask('PUT', '/box/a', 'changed');
  await ask('DELETE', '/box/b');
  await ask('PUT', '/box/c', 'new');
  await adopting.restore('one');
  expect((await ask('GET', '/box/a')).text).toBe('saved');
  expect((await ask('GET', '/box/b')).text).toBe('stays');
  expect((await ask('GET', '/box/c')).status).toBe(404);
  await ask('DELETE', '/box/a');
  await adopting.restore('one');
  expect((await ask('GET', '/box/a')).text).toBe('saved');
  await endpoint.endpoint.close();
  await emulator.close();
  await bodies.close();
  const left = readdirSync(join(root, 'objects'), { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile())).toHaveLength(2);
});

test('saves and restores asked for at once come one after the other', async () => {
  map.put('a', '1');
  await save('one');
  map.put('a', '2');
  const results = await Promise.all([
    save('two'),
    keeper.restore('one'),
    save('three'),
    keeper.restore('two'),
    save('three', true),
  ]);
  expect(results.map(({ name }) => name)).toEqual(['two', 'one', 'three', 'two', 'three']);
  expect(map.get('a')).toBe('2');
  await keeper.restore('one');
  expect(map.get('a')).toBe('1');
  await keeper.restore('three');
  expect(map.get('a')).toBe('2');
});
