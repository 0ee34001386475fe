import { renameSync, statSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { makeSightWatch, type SightWatch } from '../../../src/build/sight-watch.ts';
import type { FolderWatch } from '../../../src/build/watch.ts';
import { makeProjectFolder, type ProjectFolder } from './project-folder.ts';

let folder: ProjectFolder;
let watched: Set<string>;
let tooMany: string[];
afterEach(() => folder.remove());

function open(files: Readonly<Record<string, string>>): SightWatch {
  folder = makeProjectFolder(files);
  watched = new Set();
  tooMany = [];
  const watch: FolderWatch = {
    want: (_, folders) => {
      watched = new Set(folders);
      return watched;
    },
    close: () => {},
  };
  const sights = makeSightWatch(watch, (root) => tooMany.push(root));
  sights.add({ roots: [{ folder: folder.root, kind: 'code' }], loadsByName: false });
  return sights;
}

const isNews = (sights: SightWatch, path: string) =>
  sights.isNews(folder.path(path), 'entry', statSync(folder.path(path), { throwIfNoEntry: false }));

test('a file is news when its content is, however it was written', () => {
  const sights = open({ 'a.html': '1' });
  expect(isNews(sights, 'a.html'), 'what it was is not known').toBe(true);
  expect(isNews(sights, 'a.html')).toBe(false);
  folder.write('draft', '1');
  renameSync(folder.path('draft'), folder.path('a.html'));
  expect(isNews(sights, 'a.html'), 'the same text in another file').toBe(false);
  folder.write('a.html', '2');
  expect(isNews(sights, 'a.html')).toBe(true);
  folder.write('a.html', '');
  expect(isNews(sights, 'a.html'), 'emptied').toBe(true);
  folder.write('a.html', '2');
  expect(isNews(sights, 'a.html'), 'and written').toBe(true);
});

test('folders of packages and of tools are not watched, new ones of the author are', () => {
  const sights = open({ 'a/b/c.txt': '', 'node_modules/x/i.js': '', '.git/refs/x': '', 'coverage/x': '' });
  expect([...watched]).toEqual(['', 'a', 'a/b'].map((path) => folder.path(path).replace(/\/$/, '')));
  folder.write('d/e/f.txt', '');
  expect(isNews(sights, 'd')).toBe(true);
  expect(watched).toContain(folder.path('d/e'));
});

test('a tree of very many folders is watched in part, which is told once', () => {
  open(Object.fromEntries(Array.from({ length: 1100 }, (_, n) => [`${n}/a`, ''])));
  expect(watched.size).toBe(1000);
  expect(tooMany).toEqual([folder.root]);
});
