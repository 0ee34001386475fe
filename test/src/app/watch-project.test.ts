/** Real files in a temporary folder, changed the way editors do. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchProject } from '../../../src/app/watch-project.ts';

function openWatch() {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-watch-'));
  let changes = 0;
  let told: (() => void) | undefined;
  const watch = watchProject({
    onChange: () => {
      changes++;
      told?.();
    },
    onFailure: (failure) => {
      throw failure;
    },
  });
  onTestFinished(async () => {
    await watch.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    watch,
    changes: () => changes,
    /** Resolves with the next change. */
    next: () =>
      new Promise<void>((resolve) => {
        told = resolve;
      }),
  };
}

test('tells of a change before the watch has opened', async () => {
  const { folder, watch, next } = openWatch();
  const file = join(folder, 'serverless.yml');
  writeFileSync(file, 'service: a');
  watch.files([file], Date.now() + 1000);
  const changed = next();
  writeFileSync(file, 'service: ab');
  await changed;
});

test('tells of a file written while the project was being read', async () => {
  const { folder, watch, next } = openWatch();
  const file = join(folder, 'serverless.yml');
  const readAt = Date.now() - 10;
  writeFileSync(file, 'service: a');
  const changed = next();
  watch.files([file], readAt);
  await changed;
});

test('tells of a second save within 50 ms of the first', async () => {
  const { folder, watch, next, changes } = openWatch();
  const file = join(folder, 'serverless.yml');
  writeFileSync(file, 'service: a');
  watch.files([file], Date.now() + 1000);
  await watch.opened;
  const first = next();
  writeFileSync(file, 'service: first');
  await first;
  const second = next();
  writeFileSync(file, 'service: the second');
  await second;
  expect(changes()).toBe(2);
});

test('follows a file that is replaced, removed and made again', async () => {
  const { folder, watch, next } = openWatch();
  const file = join(folder, 'serverless.yml');
  writeFileSync(file, 'service: a');
  watch.files([file], Date.now() + 1000);
  await watch.opened;
  const steps = [
    () => {
      writeFileSync(join(folder, '.new'), 'service: replaced');
      renameSync(join(folder, '.new'), file);
    },
    () => rmSync(file),
    () => writeFileSync(file, 'service: again'),
    () => writeFileSync(file, 'service: and again'),
  ];
  for (const step of steps) {
    const changed = next();
    step();
    await changed;
  }
});

test('looks only at the files it was given last, also at one that does not exist yet', async () => {
  const { folder, watch, next, changes } = openWatch();
  const [first, second] = [join(folder, 'a.yml'), join(folder, 'sub/b.yml')];
  writeFileSync(first, 'a');
  mkdirSync(join(folder, 'sub'));
  watch.files([first], Date.now() + 1000);
  await watch.opened;
  watch.files([second], Date.now() + 1000);
  const changed = next();
  writeFileSync(first, 'changed');
  writeFileSync(second, 'made');
  await changed;
  expect(changes()).toBe(1);
});
