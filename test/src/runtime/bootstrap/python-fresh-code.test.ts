/** Compiled files of Python functions: never those of an older source, and kept where the source has rested. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProcessParts } from '../process-parts.ts';
import { answerOf, openInFolder } from './folder-instance.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-python-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const source = () => join(folder, 'index.py');
const compiled = () => join(folder, '__pycache__');

function write(value: number, modified: Date): void {
  writeFileSync(source(), `def handler(event, context):\n    return ${value}\n`);
  utimesSync(source(), modified, modified);
}

/** Of a new instance. */
async function answer(): Promise<unknown> {
  const parts = openProcessParts();
  try {
    const instance = await openInFolder(parts, { folder, runtime: 'python3.12' });
    expect(await instance.started).toMatchObject({ status: 'ready' });
    return await answerOf(instance);
  } finally {
    await parts.close();
  }
}

test('a source that is saved again in the same second, as long as before, is the one that runs', async () => {
  // Ahead of the clock: the saves stay of one second however long the instances take.
  const saved = new Date(Date.now() + 60_000);
  for (const value of [100, 200, 300]) {
    write(value, saved);
    expect(await answer()).toBe(value);
  }
  expect(existsSync(compiled())).toBe(false);
});

test('a compiled file that somebody else made in the second of the save does not count', async () => {
  const saved = new Date(Math.floor(Date.now() / 1000) * 1000 - 500);
  write(100, saved);
  expect(spawnSync('python3', ['-m', 'py_compile', source()]).status).toBe(0);
  const [name = ''] = readdirSync(compiled());
  utimesSync(join(compiled(), name), saved, new Date(saved.getTime() + 300));
  write(200, saved);
  expect(await answer()).toBe(200);
});

test('a source that has rested is compiled once', async () => {
  write(100, new Date(Date.now() - 60_000));
  expect(await answer()).toBe(100);
  const [name = ''] = readdirSync(compiled());
  const madeAt = () => statSync(join(compiled(), name)).mtimeMs;
  const first = madeAt();
  expect(await answer()).toBe(100);
  expect(madeAt()).toBe(first);
});
