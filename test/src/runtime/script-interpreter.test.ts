import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scriptInterpreterOf } from '../../../src/runtime/script-interpreter.ts';

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

test.each([
  ['#!/bin/sh\necho', { program: '/bin/sh', argument: '' }],
  ['#! /usr/bin/env python3', { program: '/usr/bin/env', argument: 'python3' }],
  ['#!/usr/bin/env -S node --x\n', { program: '/usr/bin/env', argument: '-S node --x' }],
  ['#!/bin/bash\r\necho', { program: '/bin/bash\r', argument: '' }],
  ['\x7fELF', undefined],
  ['#!\nx', undefined],
  ['', undefined],
])('a file that begins with %j is run by %j', (text, interpreter) => {
  const file = join(folder(), 'script');
  writeFileSync(file, text);
  expect(scriptInterpreterOf(file)).toEqual(interpreter);
});

test('what cannot be read is no script', () => {
  expect(scriptInterpreterOf(join(folder(), 'nowhere'))).toBeUndefined();
  expect(scriptInterpreterOf(folder())).toBeUndefined();
});
