/** Whose loader of class libraries a container starts: said by a shell of this machine. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { providedLoaderFirst } from '../../../../../src/runtime/contracts/runtime-api/dotnet-command.ts';
import { sampleFunction } from '../../../../suites/running-instance.ts';

const fn = sampleFunction({ runtime: 'dotnet8', handler: 'Shop::Shop.Orders::Handle' });

function makeScript(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-loader-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a script');
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

function run(provided: string, env: Record<string, string> = {}) {
  const [program = '', ...args] = providedLoaderFirst(fn, ['echo', 'ours', 'with space'], provided);
  return execFileSync(program, args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
}

test('the provider’s own loader runs where its image has one, and gets the handler', () => {
  expect(run(makeScript('echo "provided: $# $1"'))).toBe('provided: 1 Shop::Shop.Orders::Handle\n');
});

test('ours runs everywhere else, by the function’s wrapper where it has one', () => {
  expect(run('/nowhere')).toBe('ours with space\n');
  expect(run('/nowhere', { AWS_LAMBDA_EXEC_WRAPPER: makeScript('echo wrapped "$@"') })).toBe(
    'wrapped echo ours with space\n',
  );
});
