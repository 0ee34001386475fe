import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findPython, findRuby } from '../../../../../src/runtime/backends/process/find-interpreter.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';

function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-venv-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** A program that says of itself that it is this version. */
function pretend(file: string, version: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho ${file}\necho ${version}\n`);
  chmodSync(file, 0o755);
  return file;
}

async function find(root: string, env: Record<string, string> = {}) {
  const said: string[] = [];
  const path = `${join(root, 'path')}:/usr/bin:/bin`;
  pretend(join(root, 'path/python3.13'), '3.13');
  const file = await findPython('python3.13', { PATH: path, ...env }, (message) => said.push(message), root);
  return { file, said };
}

test("the project's virtual environment comes before any Python in PATH", async () => {
  const root = makeRoot();
  expect((await find(root)).file).toBe(join(root, 'path/python3.13'));
  const late = pretend(join(root, 'venv/bin/python3'), '3.13');
  expect(await find(root)).toEqual({ file: late, said: [] });
  const usual = pretend(join(root, '.venv/bin/python3'), '3.13');
  expect(await find(root)).toEqual({ file: usual, said: [] });
  const active = pretend(join(root, 'elsewhere/bin/python3'), '3.13');
  expect((await find(root, { VIRTUAL_ENV: join(root, 'elsewhere') })).file).toBe(active);
});

test('one of another version is taken with a word, one that is too old or broken is not', async () => {
  const root = makeRoot();
  const file = pretend(join(root, '.venv/bin/python3'), '3.11');
  expect(await find(root)).toEqual({
    file,
    said: [`python3.13 functions run on Python 3.11 of the project's virtual environment (${file})`],
  });
  pretend(join(root, '.venv/bin/python3'), '3.8');
  expect(await find(root)).toEqual({ file: join(root, 'path/python3.13'), said: [] });
  writeFileSync(join(root, '.venv/bin/python3'), '#!/nowhere/python\n');
  expect((await find(root)).file).toBe(join(root, 'path/python3.13'));
});

test('Ruby has none', async () => {
  const root = makeRoot();
  pretend(join(root, '.venv/bin/python3'), '3.3');
  const ruby = pretend(join(root, 'path/ruby'), '3.3');
  expect(await findRuby('ruby3.3', { PATH: join(root, 'path') }, () => {}, root)).toBe(ruby);
});

await describeWithTool('python', 'with Python', (python) => {
  test('packages of the environment can be imported', async () => {
    const root = makeRoot();
    execFileSync(python, ['-m', 'venv', '--without-pip', join(root, '.venv')]);
    const [version = ''] = readdirSync(join(root, '.venv/lib'));
    writeFileSync(join(root, '.venv/lib', version, 'site-packages/shop.py'), 'answer = 42\n');
    const { file } = await find(root, { PATH: process.env.PATH ?? '' });
    expect(file).toBe(join(root, '.venv/bin/python3'));
    expect(execFileSync(file, ['-c', 'import shop; print(shop.answer)'], { encoding: 'utf8' })).toBe('42\n');
  });
});
