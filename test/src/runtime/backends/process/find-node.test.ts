import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findNode } from '../../../../../src/runtime/backends/process/find-node.ts';

const own = Number(process.versions.node.split('.')[0]);
const other = own + 1;
const carrier = `node-${process.platform}-${process.arch}`;

function makeHome() {
  const home = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const notices: string[] = [];
  const program = (path: string) => {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
  };
  const packaged = (name: string, version: string) => {
    const file = program(`node_modules/${name}/bin/node`);
    writeFileSync(join(home, 'node_modules', name, 'package.json'), JSON.stringify({ name, version }));
    return file;
  };
  const find = (major: number, env: Readonly<Record<string, string>> = {}) =>
    findNode(`nodejs${major}.x`, {
      env: { HOME: home, PATH: '', ...env },
      root: home,
      notice: (message) => notices.push(message),
    });
  return { home, notices, program, packaged, find };
}

test('a function of this very version runs on this very program', () => {
  const { find, notices } = makeHome();
  expect(find(own)).toEqual({ file: process.execPath, major: own });
  expect(notices).toEqual([]);
});

test.each([carrier, 'node', `node${other}`])('the package %s of the project is taken', (name) => {
  const { find, notices, packaged } = makeHome();
  const file = packaged(name, `${other}.4.0`);
  expect(find(other)).toEqual({ file, major: other });
  expect(notices).toEqual([]);
});

test('a package of another version is not taken', () => {
  const { find, packaged } = makeHome();
  packaged(carrier, `${other + 1}.0.0`);
  expect(find(other).file).toBe(process.execPath);
});

test('a program named for the version in PATH is taken', () => {
  const { find, home, program } = makeHome();
  const file = program(`bin/node${other}`);
  expect(find(other, { PATH: `/nowhere:${join(home, 'bin')}` })).toEqual({ file, major: other });
});

test('the newest of a version manager is taken', () => {
  const { find, program } = makeHome();
  program(`.nvm/versions/node/v${other}.9.0/bin/node`);
  const file = program(`.nvm/versions/node/v${other}.10.1/bin/node`);
  expect(find(other).file).toBe(file);
});

test('without any, this one runs it, and a notice names what to install', () => {
  const { find, notices } = makeHome();
  expect(find(other)).toEqual({ file: process.execPath, major: own });
  expect(notices).toEqual([expect.stringContaining(`no Node.js ${other} was found`)]);
  expect(notices[0]).toContain(`npm install --save-dev node${other}@npm:${carrier}@${other}`);
});
