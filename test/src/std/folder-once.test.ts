import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { makeFolderOnce } from '../../../src/std/folder-once.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'sls-local-once-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
});

function fillWith(text: string) {
  return async (draft: string) => {
    mkdirSync(draft);
    await Promise.resolve();
    writeFileSync(join(draft, 'made'), text);
    return true;
  };
}

test('a folder is made whole and once', async () => {
  const folder = join(parent, 'one');
  expect(await makeFolderOnce(folder, fillWith('first'))).toBe(folder);
  expect(await makeFolderOnce(folder, fillWith('second'))).toBe(folder);
  expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('first');
});

test('who comes second at the same time takes what the first has made', async () => {
  const folder = join(parent, 'one');
  const both = await Promise.all([
    makeFolderOnce(folder, fillWith('one')),
    makeFolderOnce(folder, fillWith('other')),
  ]);
  expect(both).toEqual([folder, folder]);
  expect(readdirSync(parent)).toEqual(['one']);
});

test('what cannot be made leaves nothing', async () => {
  const folder = join(parent, 'one');
  expect(await makeFolderOnce(folder, async () => false)).toBeUndefined();
  const failing = makeFolderOnce(folder, async (draft) => {
    mkdirSync(draft);
    throw new Error('no space');
  });
  await expect(failing).rejects.toThrow('no space');
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(parent)).toEqual([]);
});
