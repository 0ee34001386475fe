import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BugError } from '../../../../src/std/errors.ts';
import { openStoreFile, type StoreFile } from '../../../../src/std/store/store-file.ts';
import type { Table } from '../../../../src/std/store/store-writer.ts';

let folder: string;
let file: StoreFile;
let table: Table;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-writer-'));
  file = openStoreFile(folder, {});
  table = file.table('m', {}) as Table;
});
afterEach(async () => {
  await file.close();
  rmSync(folder, { recursive: true, force: true });
});

const content = () => [...file.writer.range(table, {})].map(({ key, value }) => [key, value]);

/** The map, in a file that takes nothing more. */
function fullTable(): Table {
  const db = Object.create(table.db);
  db.putSync = () => {
    throw Object.assign(new Error('full'), { code: 28 });
  };
  return { ...table, db };
}

test('a change that cannot be shown fails its transaction, also when who looked caught that, and nothing else', () => {
  const { writer } = file;
  writer.transact(() => writer.put(table, 'before', 1));
  const failing = () =>
    writer.transact(() => {
      writer.put(table, 'half', 1);
      writer.put(fullTable(), 'half too', 1);
      try {
        writer.catchUp();
      } catch {}
      writer.put(table, 'after all', 1);
    });
  expect(failing).toThrow('full');
  expect(content()).toEqual([['before', 1]]);
  writer.transact(() => writer.put(table, 'next', 2));
  expect(content()).toEqual([
    ['before', 1],
    ['next', 2],
  ]);
});

test('a commit that fails leaves what is logged visible, and is made with the next change', async () => {
  const { root, writer } = file;
  const putSync = root.putSync.bind(root);
  writer.transact(() => writer.put(table, 'a', 1));
  root.putSync = () => {
    throw Object.assign(new Error('full'), { code: 28 });
  };
  expect(() => writer.settle()).toThrow('full');
  expect(content()).toEqual([['a', 1]]);
  root.putSync = putSync;
  writer.transact(() => writer.put(table, 'b', 2));
  writer.settle();
  const reader = openStoreFile(folder, { readOnly: true });
  expect(reader.table('m', {})?.db.get('b')).toBe(2);
  await reader.close();
  expect(content()).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

test('a key that the file would refuse is refused at once, and never logged', async () => {
  const { writer } = file;
  const bytes = file.table('bytes', { keys: 'bytes' }) as Table;
  for (const [map, key] of [
    [bytes, Buffer.alloc(0)],
    [bytes, Buffer.alloc(5000)],
    [table, 'x'.repeat(5000)],
  ] as const)
    expect(() => writer.transact(() => writer.put(map, key, 1))).toThrow(BugError);
  writer.transact(() => writer.put(bytes, Buffer.alloc(4000), 1));
  await file.close();
  file = openStoreFile(folder, {});
  expect(file.table('bytes', { keys: 'bytes' })?.db.getStats()).toMatchObject({ entryCount: 1 });
  expect(file.table('m', {})?.db.getStats()).toMatchObject({ entryCount: 0 });
});
