import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeTar, type TarEntry } from '../../../../src/runtime/images/tar.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function pack(entries: readonly TarEntry[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of makeTar(entries)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Unpacks with the system's own tar. */
async function unpack(entries: readonly TarEntry[]): Promise<string> {
  const folder = makeFolder();
  const into = join(folder, 'root');
  mkdirSync(into);
  writeFileSync(join(folder, 'all.tar'), await pack(entries));
  execFileSync('tar', ['-xf', join(folder, 'all.tar'), '-C', into]);
  return into;
}

const longName = `/a/${'folder-with-a-long-name/'.repeat(8)}ünïcode-file.txt`;

test('what is packed comes out again: folders, files of any size, links, modes, long names', async () => {
  const source = join(makeFolder(), 'source');
  writeFileSync(source, 'x'.repeat(1000));
  const into = await unpack([
    { kind: 'directory', path: '/a', mode: 0o750 },
    { kind: 'file', path: '/a/empty', mode: 0o644, content: Buffer.alloc(0) },
    { kind: 'file', path: '/a/block', mode: 0o755, content: Buffer.alloc(512, 'b') },
    { kind: 'copy', path: '/a/copy', mode: 0o600, source, sizeBytes: 1000 },
    { kind: 'symlink', path: '/a/link', target: 'copy' },
    { kind: 'symlink', path: '/a/long-link', target: longName },
    { kind: 'file', path: longName, mode: 0o644, content: Buffer.from('long') },
  ]);
  expect(statSync(join(into, 'a')).mode & 0o777).toBe(0o750);
  expect(readFileSync(join(into, 'a/empty'), 'utf8')).toBe('');
  expect(readFileSync(join(into, 'a/block'), 'utf8')).toBe('b'.repeat(512));
  expect(statSync(join(into, 'a/block')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(into, 'a/link'), 'utf8')).toBe('x'.repeat(1000));
  expect(readlinkSync(join(into, 'a/long-link'))).toBe(longName);
  expect(readFileSync(join(into, longName), 'utf8')).toBe('long');
});

test('the same entries give the same bytes, whenever the files were written', async () => {
  const source = join(makeFolder(), 'source');
  const entries: TarEntry[] = [{ kind: 'copy', path: '/f', mode: 0o644, source, sizeBytes: 4 }];
  writeFileSync(source, 'same');
  const first = await pack(entries);
  rmSync(source);
  writeFileSync(source, 'same', { mode: 0o777 });
  expect((await pack(entries)).equals(first)).toBe(true);
});

test('a copy keeps its time where it is said, so that compiled code beside it stays good', async () => {
  const source = join(makeFolder(), 'source');
  writeFileSync(source, 'same');
  const modifiedAt = 1_700_000_000;
  const into = await unpack([{ kind: 'copy', path: '/f', mode: 0o644, source, sizeBytes: 4, modifiedAt }]);
  expect(statSync(join(into, 'f')).mtimeMs).toBe(modifiedAt * 1000);
});

test('a file that changes while it is copied is noticed', async () => {
  const source = join(makeFolder(), 'source');
  writeFileSync(source, 'longer than it was');
  const entries: TarEntry[] = [{ kind: 'copy', path: '/f', mode: 0o644, source, sizeBytes: 4 }];
  await expect(pack(entries)).rejects.toThrow(`${source} changed while it was copied`);
});
