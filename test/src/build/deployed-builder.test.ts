import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDeployedBuilder } from '../../../src/build/deployed-builder.ts';
import { makeFunction } from '../../emulators/world.ts';

const { signal } = new AbortController();

function packageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-package-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a package runs as it is, and is old when the source it stands in for changes', async () => {
  const codeRoot = packageFolder();
  const insteadOf = { files: ['/srv/a.ts'], folders: ['/srv/b'] };
  const fn = { ...makeFunction(), codeRoot, deployed: { id: 'abc', insteadOf } };
  expect(await makeDeployedBuilder('/nowhere').build(fn, signal)).toMatchObject({
    dir: codeRoot,
    handler: fn.handler,
    inputs: ['/srv/a.ts'],
    folders: ['/srv/b'],
  });
});

test('another handler of the same package is another artifact', async () => {
  const fn = { ...makeFunction(), codeRoot: packageFolder(), deployed: { id: 'abc' } };
  const builder = makeDeployedBuilder('/nowhere');
  const one = await builder.build(fn, signal);
  expect((await builder.build({ ...fn }, signal)).id).toBe(one.id);
  expect((await builder.build({ ...fn, handler: 'index.other' }, signal)).id).not.toBe(one.id);
});

test('a package that is gone is an error that says what to do', async () => {
  const fn = { ...makeFunction(), codeRoot: '/nowhere/at/all', deployed: { id: 'abc' } };
  await expect(makeDeployedBuilder('/nowhere').build(fn, signal)).rejects.toMatchObject({
    code: 'code-not-found',
    hint: expect.stringContaining('update-function-code'),
  });
});
