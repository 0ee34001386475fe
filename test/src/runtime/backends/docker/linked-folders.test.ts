/** What is known of folders outside of the project, from one session to the next. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLinkedFolders } from '../../../../../src/runtime/backends/docker/linked-folders.ts';
import { makeProject } from './docker-under-test.ts';

function openIn(home: string) {
  const file = join(home, 'state/linked-folders.json');
  const folder = (name: string) => {
    mkdirSync(join(home, name), { recursive: true });
    return join(home, name);
  };
  return { file, folder, open: () => openLinkedFolders(file) };
}

test('a later session knows those that are still there', () => {
  const { folder, open } = openIn(makeProject({}));
  const [a, b] = [folder('a'), folder('b')];
  const first = open();
  expect(first.all()).toEqual([]);
  first.add(a);
  first.add(b);
  rmSync(a, { recursive: true });
  expect(first.all()).toEqual([b]);
  expect(open().all()).toEqual([b]);
});

test('what was forgotten stays so', () => {
  const { file, folder, open } = openIn(makeProject({}));
  const [a, b] = [folder('a'), folder('b')];
  const first = open();
  first.add(a);
  first.add(b);
  first.delete(a);
  expect(open().all()).toEqual([b]);
  first.clear();
  expect(open().all()).toEqual([]);
  expect(existsSync(file)).toBe(false);
});

test.each(['', '{"a":1}', '[1, null, {}]', '["/no/such/folder"]', '["src"]', '['])(
  'a file that holds %o holds none, and is written anew',
  (text) => {
    const { file, folder, open } = openIn(makeProject({ state: '' }));
    rmSync(join(file, '..'));
    mkdirSync(join(file, '..'));
    writeFileSync(file, text);
    const linked = open();
    expect(linked.all()).toEqual([]);
    linked.add(folder('a'));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([folder('a')]);
  },
);

test('where nothing can be written they are known for the session', () => {
  const home = makeProject({ state: 'a file, not a folder' });
  const { folder, open } = openIn(home);
  const linked = open();
  linked.add(folder('a'));
  expect(linked.all()).toEqual([folder('a')]);
});

test('the oldest go when there are many', () => {
  const { folder, open } = openIn(makeProject({}));
  const names = Array.from({ length: 40 }, (_, i) => folder(`f${i}`));
  const linked = open();
  for (const name of names) linked.add(name);
  expect(linked.all()).toEqual(names.slice(-32));
});
