import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { type FolderWatch, openFolderWatch } from '../../../src/build/watch.ts';
import { makeProjectFolder, type ProjectFolder } from './project-folder.ts';

let folder: ProjectFolder;
let watch: FolderWatch;
let heard: (path: string) => void = () => {};

afterEach(() => {
  watch.close();
  folder.remove();
});

function open(files: Readonly<Record<string, string>>): void {
  folder = makeProjectFolder(files);
  watch = openFolderWatch({ root: folder.root, onChange: (path) => heard(path), onLimit: () => {} });
}

/** Resolves when a change of exactly this path is told. */
function told(path: string): Promise<void> {
  return new Promise((resolve) => {
    heard = (changed) => {
      if (changed === path) resolve();
    };
  });
}

test('every one of quick successive changes is told', async () => {
  open({ 'src/a.ts': '0' });
  watch.want('create', [folder.path('src')]);
  for (let n = 1; n <= 20; n++) {
    const seen = told(folder.path('src/a.ts'));
    folder.write('src/a.ts', `${n}`);
    await seen;
  }
});

test('a folder that does not exist yet is watched once it does', async () => {
  open({ 'src/a.ts': '' });
  watch.want('create', [folder.path('src/lib')]);
  const made = told(folder.path('src/lib'));
  mkdirSync(folder.path('src/lib'));
  await made;
  const seen = told(folder.path('src/lib/b.ts'));
  folder.write('src/lib/b.ts', '');
  await seen;
});

test('a folder that is replaced is watched in its new form', async () => {
  open({ 'src/a.ts': '', 'other/a.ts': '' });
  watch.want('create', [folder.path('src')]);
  const gone = told(folder.path('src'));
  rmSync(folder.path('src'), { recursive: true });
  await gone;
  const back = told(folder.path('src'));
  renameSync(folder.path('other'), folder.path('src'));
  await back;
  const seen = told(folder.path('src/a.ts'));
  folder.write('src/a.ts', '1');
  await seen;
});

test('a folder stays watched as long as one function wants it, and only new folders are answered', async () => {
  open({ 'src/a.ts': '', 'lib/b.ts': '' });
  const [src, lib] = [folder.path('src'), folder.path('lib')];
  expect(watch.want('create', [src])).toEqual(new Set([src, folder.root]));
  expect(watch.want('get', [src, lib])).toEqual(new Set([lib]));
  watch.want('create', []);
  const seen = told(folder.path('src/a.ts'));
  folder.write('src/a.ts', '1');
  await seen;
});
