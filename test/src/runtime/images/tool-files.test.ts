/** Which tools of a machine go into an image: a folder plays its folder for programs. */
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFileTree } from '../../../../src/runtime/images/file-tree.ts';
import { addToolFiles } from '../../../../src/runtime/images/tool-files.ts';

const folder = () => {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-test-')));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

async function toolsOf(bin: string) {
  const tree = makeFileTree();
  await addToolFiles(tree, [bin]);
  const entries = tree.entries();
  return {
    copied: entries.flatMap((entry) => (entry.kind === 'copy' ? entry.path : [])),
    /** Where each tool leads to. */
    links: Object.fromEntries(
      entries.flatMap((entry) => (entry.kind === 'symlink' ? [[entry.path, entry.target]] : [])),
    ),
  };
}

// Images are made on Linux only.
test.runIf(process.platform === 'linux')(
  'one program for many tools goes once, with what it loads, and each tool leads to it from both folders',
  async () => {
    const bin = folder();
    const box = join(folder(), 'box');
    copyFileSync('/bin/sh', box);
    for (const name of ['cat', 'ls']) symlinkSync(box, join(bin, name));
    const { copied, links } = await toolsOf(bin);
    expect(links).toMatchObject({
      ...{ '/usr/bin/cat': box, '/bin/cat': box, '/usr/bin/ls': box, '/bin/ls': box },
    });
    expect(copied.filter((path) => path === box)).toHaveLength(1);
    expect(copied.some((path) => /\/libc\.|\/ld-/.test(path))).toBe(true);
    expect(links).not.toHaveProperty('/usr/bin/curl');
  },
);

test.runIf(process.platform === 'linux')(
  'what could not run stays out: a script of another interpreter, a program without its library',
  async () => {
    const bin = folder();
    copyFileSync('/bin/sh', join(bin, 'cat'));
    writeFileSync(join(bin, 'egrep'), '#!/bin/sh\nexec grep -E "$@"\n', { mode: 0o755 });
    writeFileSync(join(bin, 'head'), `#!${join(bin, 'cat')} --as=head\n`, { mode: 0o755 });
    writeFileSync(join(bin, 'tail'), '#!/usr/bin/perl\n', { mode: 0o755 });
    const broken = readFileSync('/bin/sh').toString('latin1').replaceAll('libc.so.', 'libX.so.');
    writeFileSync(join(bin, 'curl'), Buffer.from(broken, 'latin1'), { mode: 0o755 });
    writeFileSync(join(bin, 'tac'), `#!${join(bin, 'curl')}\n`, { mode: 0o755 });
    const { copied } = await toolsOf(bin);
    expect(copied.filter((path) => path.startsWith(bin))).toEqual(
      ['cat', 'egrep', 'head'].map((name) => join(bin, name)),
    );
  },
);

test('a machine without any has an image all the same', async () => {
  expect((await toolsOf(folder())).copied).toEqual([]);
});
