import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sweepDeadSessions } from '../../../src/runtime/backends/process/sweep.ts';
import { openMemoryFolder, openSessionFolder, sessionParents } from '../../../src/runtime/session-folder.ts';
import { randomIds } from '../../../src/std/ids.ts';

const isDead = JSON.stringify({ pid: 999_999_999, startedAt: 'another boot:1' });

test('folders of dead sessions go, wherever session folders may be', () => {
  const parents = ['sls-local-disk-', 'sls-local-memory-'].map((name) => mkdtempSync(join(tmpdir(), name)));
  onTestFinished(() => {
    for (const parent of parents) rmSync(parent, { recursive: true });
  });
  const [dead, alive] = [0, 1].map(() => parents.map((parent) => openSessionFolder(randomIds, parent)));
  for (const { path } of dead ?? []) writeFileSync(join(path, 'owner.json'), isDead);
  expect(sweepDeadSessions(parents)).toBe(2);
  expect(parents.flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))).toEqual(
    alive?.map(({ path }) => path),
  );
});

test.skipIf(!existsSync('/dev/shm'))('a folder in memory is where later sessions look', () => {
  const folder = openMemoryFolder(randomIds);
  onTestFinished(() => folder?.close());
  expect(sessionParents()).toEqual([tmpdir(), dirname(folder?.path ?? '')]);
  expect(existsSync(join(folder?.path ?? '', 'owner.json'))).toBe(true);
  folder?.close();
  expect(existsSync(folder?.path ?? '')).toBe(false);
});
