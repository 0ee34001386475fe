/** Real files in a temporary folder, changed the way editors do. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { watchProject } from '../../../src/app/watch-project.ts';

function openWatch() {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-watch-'));
  let changes = 0;
  let told: (() => void) | undefined;
  const watch = watchProject({
    root: folder,
    onChange: () => {
      changes++;
      told?.();
    },
    onLimit: (message) => {
      throw new Error(message);
    },
  });
  onTestFinished(() => {
    watch.close();
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

test('tells of a change right after it was asked to watch', async () => {
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
  const first = next();
  writeFileSync(file, 'service: first');
  await first;
  const second = next();
  writeFileSync(file, 'service: the second');
  await second;
  expect(changes()).toBe(2);
});

test('what is being saved is told when it is done, not with each step', async () => {
  const { folder, watch, changes } = openWatch();
  const file = join(folder, 'serverless.yml');
  writeFileSync(file, 'service: a');
  watch.files([file], Date.now() + 1000);
  for (let step = 0; step < 100; step++) {
    writeFileSync(file, `service: ${step}`);
    await setImmediate();
  }
  await setTimeout(100);
  expect(changes()).toBeGreaterThan(0);
  // A machine that stands still between two steps lets one of them look like the last.
  expect(changes()).toBeLessThan(4);
});

/** As `sed -i` does: a new file is moved to the place of the old one. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

test.each([
  ['rename', replace],
  ['writing', writeFileSync],
])(
  'after however many double saves by %s, whatever the time between the two, the last is told',
  async (_, save) => {
    const { folder, watch, next } = openWatch();
    const file = join(folder, 'serverless.yml');
    save(file, 'service: 000');
    watch.files([file], Date.now() + 1000);
    for (let i = 100; i < 160; i++) {
      save(file, `service: ${i}, half of it`);
      await setTimeout(i % 30);
      save(file, `service: ${i}`);
      let read = '';
      while (read !== `service: ${i}`) {
        await next();
        read = readFileSync(file, 'utf8');
      }
    }
  },
);

test('follows a file that is replaced, removed and made again', async () => {
  const { folder, watch, next } = openWatch();
  const file = join(folder, 'serverless.yml');
  writeFileSync(file, 'service: a');
  watch.files([file], Date.now() + 1000);
  const steps = [
    () => {
      replace(file, 'service: replaced');
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
  watch.files([second], Date.now() + 1000);
  const changed = next();
  writeFileSync(first, 'changed');
  writeFileSync(second, 'made');
  await changed;
  expect(changes()).toBe(1);
});

test('tells of a file in a folder that does not exist yet, however it is made', async () => {
  const { folder, watch, next } = openWatch();
  const file = join(folder, 'a/b/c/late.yml');
  watch.files([file], Date.now());
  // Longer than it looks on its own.
  await setTimeout(300);
  const steps = [
    () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, 'x: 1');
    },
    () => rmSync(join(folder, 'a'), { recursive: true }),
    () => {
      mkdirSync(join(folder, 'new/b/c'), { recursive: true });
      writeFileSync(join(folder, 'new/b/c/late.yml'), 'x: 2');
      renameSync(join(folder, 'new'), join(folder, 'a'));
    },
    () => replace(file, 'x: 3'),
  ];
  for (const step of steps) {
    const changed = next();
    step();
    await changed;
  }
});

test('tells of a file far outside of the project in folders that do not exist yet', async () => {
  const { folder: outside } = openWatch();
  const { watch, next } = openWatch();
  const file = join(outside, 'a/b/c/d/e/late.yml');
  watch.files([file], Date.now());
  // Longer than it looks on its own.
  await setTimeout(300);
  const changed = next();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'x: 1');
  await changed;
});

test('follows a link to a file elsewhere, and what it leads to', async () => {
  const { folder: outside } = openWatch();
  const { folder, watch, next } = openWatch();
  const file = join(folder, 'serverless.yml');
  for (const name of ['a.yml', 'b.yml']) writeFileSync(join(outside, name), 'service: a');
  symlinkSync(join(outside, 'a.yml'), file);
  watch.files([file], Date.now() + 1000);
  const steps = [
    () => writeFileSync(join(outside, 'a.yml'), 'service: changed'),
    () => replace(join(outside, 'a.yml'), 'service: replaced'),
    () => {
      symlinkSync(join(outside, 'b.yml'), `${file}.new`);
      renameSync(`${file}.new`, file);
    },
  ];
  for (const step of steps) {
    const changed = next();
    step();
    await changed;
  }
});

test('what was told while the files were read again is told once more if they changed since', async () => {
  const { folder, watch, next } = openWatch();
  const [first, second] = [join(folder, 'a.yml'), join(folder, 'b.yml')];
  for (const file of [first, second]) writeFileSync(file, 'a');
  watch.files([first, second], Date.now() + 1000);
  const changed = next();
  writeFileSync(first, 'changed');
  await changed;
  // The project is read now: before it is done, a file it has read goes.
  const gone = next();
  rmSync(second);
  watch.files([first, second], Date.now());
  await gone;
});

test('says nothing of other files', async () => {
  const { folder, watch, next, changes } = openWatch();
  const file = join(folder, 'serverless.yml');
  writeFileSync(file, 'service: a');
  watch.files([file], Date.now() + 1000);
  for (let i = 0; i < 100; i++) writeFileSync(join(folder, `${i}.log`), 'x');
  const changed = next();
  writeFileSync(file, 'service: changed');
  await changed;
  expect(changes()).toBe(1);
});
