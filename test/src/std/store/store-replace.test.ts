import {
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../../src/std/store/store.ts';

let folder: string;
let data: string;
let copy: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-store-'));
  data = join(folder, 'data');
  copy = join(folder, 'copy');
  mkdirSync(copy);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a copy holds what was committed when it was asked for, and opens as a store', async () => {
  const store = openStore(data);
  const map = store.map<number>('m');
  store.write(() => {
    for (let key = 0; key < 5000; key++) map.put(key, key);
  });
  const copying = store.copyTo(copy);
  for (let key = 0; key < 500; key++) map.put(key, -1);
  await copying;
  map.clear();
  const copied = openStore(copy);
  expect(copied.map('m').count()).toBe(5000);
  const values = [...copied.map<number>('m').range({ limit: 500 })].map(({ value }) => value);
  // Either all before the first of these writes, or a state in between: never a later one beside an earlier.
  const firstOld = values.findIndex((value) => value >= 0);
  expect(values.slice(firstOld).every((value, i) => value === firstOld + i)).toBe(true);
  await copied.close();
  await store.close();
});

/** Blocks shared with the original cost nothing, so that there is nothing to leave out. */
const canClone = clones(tmpdir());

test.skipIf(canClone)('a copy of a file that is mostly free leaves the free pages out', async () => {
  const store = openStore(data);
  const map = store.map<string>('m');
  store.write(() => {
    for (let key = 0; key < 20_000; key++) map.put(key, 'x'.repeat(300));
  });
  store.write(() => {
    for (let key = 1; key < 20_000; key++) map.remove(key);
  });
  await store.copyTo(copy);
  expect(statSync(join(copy, 'store.lmdb')).size).toBeLessThan(statSync(join(data, 'store.lmdb')).size / 4);
  const copied = openStore(copy, { readOnly: true });
  expect([...copied.map('m').range()]).toEqual([{ key: 0, value: 'x'.repeat(300) }]);
  await copied.close();
  await store.close();
});

test('maps handed out before go on with the new content, in the turn in which it is adopted', async () => {
  const store = openStore(data);
  const map = store.map<string>('m');
  const bytes = store.map<string>('b', { keys: 'bytes', values: 'string' });
  map.put('a', 'old');
  bytes.put(Buffer.from([1]), 'old');
  await store.copyTo(copy);
  map.put('a', 'new');
  bytes.put(Buffer.from([1]), 'new');
  const later = store.map<string>('made later');
  later.put('x', 'y');
  const seen: unknown[] = [];
  await store.replaceBy(copy, () => seen.push(map.get('a'), bytes.get(Buffer.from([1])), later.count()));
  expect(seen).toEqual(['old', 'old', 0]);
  store.write(() => {
    map.put('a', 'newer');
    later.put('x', 'z');
  });
  expect([map.get('a'), later.get('x')]).toEqual(['newer', 'z']);
  expect(store.map<string>('m').get('a')).toBe('newer');
  await store.close();
  const again = openStore(data);
  expect(again.map('m').get('a')).toBe('newer');
  await again.close();
});

test('the copy stays as it was and can be taken over again', async () => {
  const store = openStore(data);
  const map = store.map<number>('m');
  map.put('a', 1);
  await store.copyTo(copy);
  for (let round = 0; round < 3; round++) {
    map.put('a', 100 + round);
    await store.replaceBy(copy, () => {});
    expect(map.get('a')).toBe(1);
  }
  await store.close();
  expect(readdirSync(data).sort()).toEqual(['3', 'current']);
});

test('reading goes on while the content is replaced again and again', async () => {
  const store = openStore(data);
  const map = store.map<number>('m');
  store.write(() => {
    for (let key = 0; key < 1000; key++) map.put(key, 0);
  });
  await store.copyTo(copy);
  let ended = false;
  const writing = (async () => {
    while (!ended) {
      const values = new Set([...map.range()].map(({ value }) => value));
      expect(values.size).toBe(1);
      store.write(() => {
        for (let key = 0; key < 1000; key++) map.put(key, (map.get(key) ?? 0) + 1);
      });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  })();
  for (let round = 0; round < 20; round++) await store.replaceBy(copy, () => expect(map.get(999)).toBe(0));
  ended = true;
  await writing;
  await store.close();
});

test('a store that cannot be taken over leaves the content as it was, and nothing behind', async () => {
  const store = openStore(data);
  const map = store.map<number>('m');
  map.put('a', 1);
  writeFileSync(join(copy, 'store.lmdb'), 'no store at all, but long enough to be looked at'.repeat(500));
  await expect(store.replaceBy(copy, () => {})).rejects.toMatchObject({ code: 'store-unusable' });
  writeFileSync(join(copy, 'store.lmdb'), '');
  await expect(store.replaceBy(copy, () => {})).rejects.toMatchObject({ code: 'store-unusable' });
  await expect(store.replaceBy(join(folder, 'nowhere'), () => {})).rejects.toMatchObject({
    code: 'store-unusable',
  });
  map.put('b', 2);
  expect([map.get('a'), map.get('b')]).toEqual([1, 2]);
  await store.close();
  expect(readdirSync(data).sort()).toEqual(['store.lmdb', 'store.lmdb-lock']);
});

test('what a kill left half made is swept when the store is opened', async () => {
  const store = openStore(data);
  store.map('m').put('a', 1);
  await store.copyTo(copy);
  await store.replaceBy(copy, () => {});
  await store.close();
  mkdirSync(join(data, '2'));
  writeFileSync(join(data, '2/store.lmdb'), 'half');
  writeFileSync(join(data, 'store.lmdb'), 'the one before');
  writeFileSync(join(data, 'current.new'), '2');
  const again = openStore(data);
  expect(again.map('m').get('a')).toBe(1);
  expect(readdirSync(data).sort()).toEqual(['1', 'current']);
  await again.close();
});

test('a store whose content is missing is refused instead of begun anew', async () => {
  const store = openStore(data);
  await store.copyTo(copy);
  await store.replaceBy(copy, () => {});
  await store.close();
  rmSync(join(data, '1'), { recursive: true });
  expect(() => openStore(data)).toThrow(/there is no store/);
});

test('a read-only look of another process sees the content in force when it is opened', async () => {
  const store = openStore(data);
  store.map('m').put('a', 1);
  await store.copyTo(copy);
  store.map('m').put('a', 2);
  await store.replaceBy(copy, () => {});
  const look = openStore(data, { readOnly: true });
  expect(look.map('m').get('a')).toBe(1);
  await look.close();
  await store.close();
});

test('closing waits for a copy that is under way', async () => {
  const store = openStore(data);
  const map = store.map<string>('m');
  store.write(() => {
    for (let key = 0; key < 20_000; key++) map.put(key, 'x'.repeat(300));
  });
  const copying = store.copyTo(copy);
  await store.close();
  await copying;
  const copied = openStore(copy, { readOnly: true });
  expect(copied.map('m').count()).toBe(20_000);
  await copied.close();
});

function clones(folder: string): boolean {
  const scratch = mkdtempSync(join(folder, 'sls-local-clone-'));
  try {
    writeFileSync(join(scratch, 'a'), 'a');
    copyFileSync(join(scratch, 'a'), join(scratch, 'b'), constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
