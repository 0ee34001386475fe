import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BodyFolder, openBodyFolder } from '../../../src/std/body-files.ts';
import { bodiesIn, linkBodies } from '../../../src/std/body-snapshots.ts';
import { randomIds } from '../../../src/std/ids.ts';

let root: string;
let folder: string;
let files: BodyFolder;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sls-local-bodies-'));
  folder = join(root, 'objects');
  files = openBodyFolder(folder, { ids: randomIds });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function written(text: string): Promise<string> {
  const writer = files.create();
  await writer.write([Buffer.from(text.slice(0, 2)), Buffer.from(text.slice(2))]);
  await writer.finish();
  files.keep([writer.id]);
  return writer.id;
}
async function read(id: string): Promise<string> {
  const reader = await files.open(id);
  const bytes = Buffer.alloc(100);
  const count = await reader.read(bytes, 0);
  await reader.close();
  return bytes.toString('utf8', 0, count);
}
async function* listed(...ids: string[]) {
  yield* ids;
}
const names = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'in-use')
    .map(({ name }) => name)
    .sort();

test('what is written is read, until it is discarded', async () => {
  const id = await written('hello');
  expect(await read(id)).toBe('hello');
  files.discard([id]);
  await files.close();
  expect(names()).toEqual([]);
});

test('a body written at once is read, and is gone when the session ends without having kept it', async () => {
  const [kept, left] = [files.write(Buffer.from('hello')), files.write(Buffer.from('x'))];
  files.keep([kept]);
  expect(await read(kept)).toBe('hello');
  expect(await read(left)).toBe('x');
  await files.close();
  expect(names()).toEqual([kept]);
});

test('what is given up leaves nothing', async () => {
  const writer = files.create();
  await writer.write([Buffer.from('x')]);
  await writer.abandon();
  expect(names()).toEqual([]);
});

test('who retains it can open it after it was discarded', async () => {
  const id = await written('hello');
  const release = files.retain([id]);
  files.discard([id]);
  expect(await read(id)).toBe('hello');
  release();
  await files.close();
  expect(names()).toEqual([]);
});

test('a duplicate stays when its source goes', async () => {
  const id = await written('hello');
  const copy = files.duplicate(id);
  files.keep([copy]);
  files.discard([id]);
  expect(await read(copy)).toBe('hello');
});

test('while it is held nothing goes; afterwards what was discarded does', async () => {
  const id = await written('hello');
  const hold = files.hold();
  files.discard([id]);
  expect(await read(id)).toBe('hello');
  hold.release();
  await files.close();
  expect(names()).toEqual([]);
});

test('after a kill what the store does not name goes, and what it names is put in its place', async () => {
  const kept = await written('kept');
  const gone = await written('gone');
  const writer = files.create();
  await writer.write([Buffer.from('committed, not yet in place')]);
  await writer.finish();
  const half = files.create();
  await half.write([Buffer.from('half')]);
  // No close: the process was killed here.
  files = openBodyFolder(folder, { ids: randomIds });
  const fresh = files.create();
  await fresh.write([Buffer.from('of the new session')]);
  await files.recover(() => listed(kept, writer.id));
  await fresh.finish();
  files.keep([fresh.id]);
  await files.close();
  expect(names()).toEqual([kept, writer.id, fresh.id].sort());
  expect(existsSync(join(folder, gone.slice(0, 2), gone))).toBe(false);
});

test('after a close in order nothing is looked through', async () => {
  await written('kept');
  await files.close();
  files = openBodyFolder(folder, { ids: randomIds });
  await files.recover(() => {
    throw new Error('the store was read');
  });
});

test('a snapshot has the very files, and brings back those that went', async () => {
  const id = await written('hello');
  const saved = join(root, 'saved');
  await linkBodies(folder, saved, listed(id));
  files.discard([id]);
  await files.close();
  await linkBodies(saved, folder, bodiesIn(saved));
  expect(await read(id)).toBe('hello');
});
