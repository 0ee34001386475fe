/** The compiled command line is kept between runs, and whatever is wrong with what was kept is no harm. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyProject, startDev } from './session-under-test.ts';

const bin = resolve(import.meta.dirname, '../../../bin/sls-local.js');

function openCache() {
  const home = mkdtempSync(join(tmpdir(), 'sls-local-cache-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'sls-local');
  return {
    home,
    folder,
    version: () =>
      execFileSync(process.execPath, [bin, '--version'], {
        encoding: 'utf8',
        env: { ...process.env, XDG_CACHE_HOME: home },
      }).trim(),
  };
}

test('the screen needs no package beside it, with DEV in the environment or without', () => {
  const screen = resolve(bin, '../../dist/screen.js');
  const script = `import(${JSON.stringify(screen)}).then((screen) => process.stdout.write(typeof screen.openScreen))`;
  for (const DEV of ['', 'true'])
    expect(
      execFileSync(process.execPath, ['-e', script], {
        encoding: 'utf8',
        env: { ...process.env, DEV },
        stdio: 'pipe',
      }),
    ).toBe('function');
});

const keepsItself = 'enableCompileCache' in (await import('node:module'));

test('the second run finds what the first has compiled', () => {
  const { folder, version } = openCache();
  expect(version()).toMatch(/^\d+\.\d+\.\d+$/);
  const kept = readdirSync(folder);
  expect(kept.length).toBeGreaterThan(0);
  version();
  expect(readdirSync(folder)).toEqual(kept);
});

test.skipIf(keepsItself)('a damaged cache is replaced, one of another build is removed', () => {
  const { folder, version } = openCache();
  version();
  const [name = ''] = readdirSync(folder);
  const whole = readFileSync(join(folder, name));
  writeFileSync(join(folder, name), whole.subarray(0, 1000));
  writeFileSync(join(folder, name.replace(/-\d+\.code$/, '-1.code')), 'of another build');
  expect(version()).toMatch(/^\d/);
  expect(readdirSync(folder)).toEqual([name]);
  expect(readFileSync(join(folder, name)).length).toBeGreaterThan(whole.length / 2);
});

test('a folder that cannot be made does not matter', () => {
  const { home, folder, version } = openCache();
  writeFileSync(folder, 'not a folder');
  chmodSync(home, 0o500);
  expect(version()).toMatch(/^\d/);
  chmodSync(home, 0o700);
});

// At the end of a long session V8 has thrown away what only its start ran.
test.skipIf(keepsItself)('a session keeps what its start compiled while it runs', async () => {
  const { home, folder } = openCache();
  mkdirSync(folder);
  const project = copyProject('hello');
  onTestFinished(project.remove);
  const dev = await startDev(project.root, ['--backend', 'process'], { XDG_CACHE_HOME: home });
  onTestFinished(() => void dev.stop());
  const found = new Promise<string>((resolve) => {
    const watcher = watch(folder, (_change, name) => {
      if (name?.endsWith('.code')) resolve(name);
    });
    onTestFinished(() => watcher.close());
  });
  expect(await found).toMatch(/^dev-/);
});
