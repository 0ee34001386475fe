import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeOptFolders, type OptFolders } from '../../../../../src/runtime/backends/docker/layers.ts';

let root: string;
let folders: OptFolders;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sls-local-layers-'));
  folders = makeOptFolders(join(root, 'merged'));
});
afterEach(async () => {
  await folders.close();
  rmSync(root, { recursive: true, force: true });
});

function layer(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'python'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, 'python', file), text);
  return folder;
}

test('one layer is used as it lies there, and none needs no folder', async () => {
  const only = layer('one', {});
  expect(await folders.folderFor([only])).toBe(only);
  expect(await folders.folderFor([])).toBeUndefined();
});

test('several are copied together, later ones over earlier ones, and again when they have changed', async () => {
  const layers = [layer('one', { 'a.py': '1', 'b.py': '1' }), layer('two', { 'b.py': '2' })];
  const first = (await folders.folderFor(layers)) ?? '';
  const text = (folder: string, name: string) => readFileSync(join(folder, 'python', name), 'utf8');
  expect([text(first, 'a.py'), text(first, 'b.py')]).toEqual(['1', '2']);
  expect(await folders.folderFor(layers)).toBe(first);
  layer('two', { 'b.py': 'changed' });
  const second = (await folders.folderFor(layers, 'api 1')) ?? '';
  expect(text(second, 'b.py')).toBe('changed');
  expect(text(first, 'b.py')).toBe('2');
  expect(await folders.folderFor(layers, 'worker 1')).toBe(second);
});
