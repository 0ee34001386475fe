/** Project files where the system tells nothing of changes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { watchProject } from '../../../src/app/watch-project.ts';

vi.mock('../../../src/build/watch.ts', () => ({
  openFolderWatch: () => ({ want: () => new Set(), close: () => {} }),
}));
afterEach(() => vi.unstubAllEnvs());

test('files are looked at again and again where that is asked for', async () => {
  vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
  vi.stubEnv('CHOKIDAR_INTERVAL', '50');
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-polled-'));
  const [first, second] = [join(folder, 'serverless.yml'), join(folder, '.env')];
  writeFileSync(first, 'service: a');
  let told: () => void = () => {};
  const next = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  const watch = watchProject({ root: folder, onChange: () => told(), onLimit: () => {} });
  onTestFinished(() => {
    watch.close();
    rmSync(folder, { recursive: true });
  });
  watch.files([first], Date.now() + 1000);
  for (const text of ['service: ab', 'service: abc']) {
    const changed = next();
    const writing = setInterval(() => writeFileSync(first, text), 400);
    await changed;
    clearInterval(writing);
  }
  watch.files([first, second], Date.now() + 1000);
  const appeared = next();
  writeFileSync(second, 'A=1');
  await appeared;
  expect(await Promise.race([next(), new Promise((resolve) => setTimeout(resolve, 200, 'quiet'))])).toBe(
    'quiet',
  );
});
