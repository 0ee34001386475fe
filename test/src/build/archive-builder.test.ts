import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeArchiveBuilder } from '../../../src/build/archive-builder.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { type ZipEntry, zipOf } from '../../zip-file.ts';
import { makeFunction, makeProjectFolder } from './project-folder.ts';

const signal = new AbortController().signal;
const CLASSES: readonly ZipEntry[] = [
  { name: 'shop/Orders.class', text: 'one' },
  { name: 'lib/json.jar', text: 'two', stored: true },
];

function makeProject(entries: readonly ZipEntry[] = CLASSES) {
  const folder = makeProjectFolder();
  onTestFinished(folder.remove);
  const archive = folder.write('target/app.jar', '');
  const pack = (packed: readonly ZipEntry[]) => writeFileSync(archive, zipOf(packed));
  pack(entries);
  const fn = (id: string, handler = 'shop.Orders') =>
    makeFunction(folder.path('target'), { id, handler, runtime: 'java21', archive });
  const inUse = makeHolds();
  const builder = makeArchiveBuilder({ inUse, root: folder.root, outDir: folder.path('out') });
  return { archive, fn, pack, folder, inUse, builder };
}

test('an archive is unpacked, and its file is what is watched', async () => {
  const { archive, builder, fn, folder } = makeProject();
  const artifact = await builder.build(fn('create'), signal);
  expect(readFileSync(join(artifact.dir, 'shop/Orders.class'), 'utf8')).toBe('one');
  expect(readFileSync(join(artifact.dir, 'lib/json.jar'), 'utf8')).toBe('two');
  expect(artifact).toMatchObject({
    handler: 'shop.Orders',
    inputs: [archive],
    folders: [folder.path('target')],
  });
});

test('functions of one archive share what was unpacked, another handler is another artifact', async () => {
  const { builder, fn } = makeProject();
  const one = await builder.build(fn('create'), signal);
  const two = await builder.build(fn('list', 'shop.List::all'), signal);
  expect(two.dir).toBe(one.dir);
  expect(two.id).not.toBe(one.id);
});

test('a new archive is another artifact; the folder of the one before stays while instances read it', async () => {
  const { builder, fn, pack } = makeProject();
  const before = await builder.build(fn('create'), signal);
  expect(await builder.build(fn('create'), signal)).toEqual(before);
  pack([{ name: 'shop/Orders.class', text: 'three' }]);
  const after = await builder.build(fn('create'), signal);
  expect(after.id).not.toBe(before.id);
  expect(readFileSync(join(after.dir, 'shop/Orders.class'), 'utf8')).toBe('three');
  expect(existsSync(join(before.dir, 'lib/json.jar'))).toBe(true);
});

test('an archive that is not made yet says how it comes to be', async () => {
  const { archive, builder, fn } = makeProject();
  rmSync(archive);
  const place = { file: '/p/serverless.yml', line: 7 };
  await expect(builder.build({ ...fn('create'), place }, signal)).rejects.toMatchObject({
    code: 'code-not-found',
    message: `the package of function create, ${archive}, is not there`,
    hint: expect.stringContaining('mvn package'),
    ...place,
  });
});

test('half an archive is a failed build at that file, and leaves nothing behind', async () => {
  const { archive, builder, fn, folder } = makeProject();
  writeFileSync(archive, readFileSync(archive).subarray(0, 60));
  await expect(builder.build(fn('create'), signal)).rejects.toMatchObject({
    code: 'build-failed',
    file: archive,
  });
  expect(existsSync(folder.path('out/archives/package.json'))).toBe(true);
});

test('code in use outlives any number of newer archives, and goes with the next one after that', async () => {
  const { builder, fn, inUse, pack } = makeProject();
  const used = await builder.build(fn('create'), signal);
  const release = inUse.hold(used.dir);
  const buildNewer = async (times: number) => {
    for (let i = 0; i < times; i++) {
      pack([{ name: 'shop/Orders.class', text: `newer ${newer++}` }]);
      await builder.build(fn('create'), signal);
    }
  };
  let newer = 0;
  await buildNewer(6);
  expect(existsSync(join(used.dir, 'shop/Orders.class'))).toBe(true);
  release();
  await buildNewer(1);
  expect(existsSync(used.dir)).toBe(false);
});
