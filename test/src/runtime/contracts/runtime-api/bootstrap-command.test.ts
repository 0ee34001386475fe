import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bootstrapCommand } from '../../../../../src/runtime/contracts/runtime-api/bootstrap-command.ts';
import { makeArtifact, makeFunction } from './runtime-under-test.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function writeBootstrap(folder: string, mode = 0o755): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'bootstrap');
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

test('a custom runtime starts with the bootstrap beside its code', () => {
  const folder = makeFolder();
  const path = writeBootstrap(folder);
  expect(bootstrapCommand(makeFunction(), makeArtifact(folder))).toEqual([path]);
});

test('without one beside the code, the bootstrap of a layer is taken', () => {
  const folder = makeFolder();
  const layer = join(folder, 'layer');
  const path = writeBootstrap(layer);
  const fn = makeFunction({ layers: [layer] });
  expect(bootstrapCommand(fn, makeArtifact(join(folder, 'code')))).toEqual([path]);
});

test('a missing bootstrap is an error that names the folder', () => {
  const folder = makeFolder();
  expect(() => bootstrapCommand(makeFunction(), makeArtifact(folder))).toThrow(
    expect.objectContaining({ code: 'bootstrap-missing', message: expect.stringContaining(folder) }),
  );
});

test('a bootstrap that is not executable is an error that says what to do', () => {
  const folder = makeFolder();
  const path = writeBootstrap(folder, 0o644);
  expect(() => bootstrapCommand(makeFunction(), makeArtifact(folder))).toThrow(
    expect.objectContaining({ code: 'bootstrap-not-executable', hint: `chmod +x ${path}` }),
  );
});

test('a function with an image of its own starts with the entry point of the image', () => {
  const fn = makeFunction({ image: 'shop/hello:1' });
  expect(bootstrapCommand(fn, makeArtifact('/nowhere'))).toBeUndefined();
});

test('other runtimes start with the entry script of the base image of the provider', () => {
  const fn = makeFunction({ runtime: 'java21', handler: 'shop.Hello' });
  expect(bootstrapCommand(fn, makeArtifact('/nowhere'))).toEqual(['/lambda-entrypoint.sh', 'shop.Hello']);
});
