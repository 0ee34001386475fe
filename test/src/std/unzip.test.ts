import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unzip, ZipTooLarge } from '../../../src/std/unzip.ts';
import { type ZipEntry, zipOf } from '../../zip-file.ts';

function unpacked(content: Buffer | readonly ZipEntry[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-zip-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a.zip'), Buffer.isBuffer(content) ? content : zipOf(content));
  unzip(join(folder, 'a.zip'), join(folder, 'out'));
  return join(folder, 'out');
}

test('files, folders, modes and links come out as they went in', () => {
  const out = unpacked([
    { name: 'empty/' },
    { name: 'bin/run', text: '#!/bin/sh\n', mode: 0o100755 },
    { name: 'plain', text: 'ü'.repeat(10_000), stored: true },
    { name: 'link', text: 'bin/run', mode: 0o120777 },
  ]);
  expect(statSync(join(out, 'empty')).isDirectory()).toBe(true);
  expect(readFileSync(join(out, 'bin/run'), 'utf8')).toBe('#!/bin/sh\n');
  expect(statSync(join(out, 'bin/run')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(out, 'plain'), 'utf8')).toBe('ü'.repeat(10_000));
  expect(readlinkSync(join(out, 'link'))).toBe('bin/run');
});

test('a comment at the end is no matter', () => {
  expect(existsSync(join(unpacked(zipOf([{ name: 'a' }], 'made by hand')), 'a'))).toBe(true);
});

test.each<[string, Buffer | ZipEntry[]]>([
  ['it is no zip archive', Buffer.from('hello, this is only some text')],
  ['lies outside', [{ name: '../escaped' }]],
  ['leads outside', [{ name: 'link', text: '../..', mode: 0o120777 }]],
  [
    'leads outside',
    [
      { name: 's/file' },
      { name: 'd/e/f', text: '../../s', mode: 0o120777 },
      { name: 'd/e/f/link', text: '../../../t', mode: 0o120777 },
    ],
  ],
])('what %s is refused', (reason, content) => {
  expect(() => unpacked(content)).toThrow(reason);
});

test('an archive in memory is unpacked too, unless its files are more than is taken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-zip-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const archive = zipOf([{ name: 'a', text: 'x'.repeat(100) }]);
  expect(() => unzip(archive, join(folder, 'small'), 99)).toThrow(ZipTooLarge);
  expect(existsSync(join(folder, 'small'))).toBe(false);
  unzip(archive, join(folder, 'out'), 100);
  expect(readFileSync(join(folder, 'out/a'), 'utf8')).toHaveLength(100);
});
