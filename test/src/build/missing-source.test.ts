import { afterEach, expect, test } from 'vitest';
import { missingSource } from '../../../src/build/missing-source.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import { makeFunction, makeProjectFolder, type ProjectFolder } from './project-folder.ts';

let folder: ProjectFolder;
afterEach(() => folder.remove());

const find = (overrides: Partial<FunctionSpec>, files: Readonly<Record<string, string>> = {}) => {
  folder = makeProjectFolder(files);
  return missingSource(makeFunction(folder.root, overrides));
};

test.each([
  ['nodejs20.x', 'src/create.handler', 'handler-not-found'],
  ['nodejs20.x', 'create', 'handler-malformed'],
  ['python3.12', 'src/create.handler', 'handler-not-found'],
  ['ruby3.3', 'src/create.handler', 'handler-not-found'],
])('the source of a %s function with the handler %s is missing: %s', (runtime, handler, code) => {
  expect(find({ runtime, handler })).toMatchObject({ code, line: 7, hint: expect.any(String) });
});

test('a folder of Python code that does not exist is missing', () => {
  expect(find({ runtime: 'python3.12', codeRoot: '/nowhere' })).toMatchObject({ code: 'code-not-found' });
});

test.each([
  ['nodejs20.x', 'src/create.ts'],
  ['nodejs20.x', 'src/create/index.mjs'],
  ['python3.12', 'src/create.py'],
  ['ruby3.3', 'src/create.rb'],
])('the source of a %s function is found in %s', (runtime, file) => {
  expect(find({ runtime }, { [file]: '' })).toBeUndefined();
});

test.each<[string, Partial<FunctionSpec>]>([
  ['an image', { image: 'shop:latest' }],
  ['a package that is not made yet', { archive: '/nowhere/shop.zip' }],
  ['Java', { runtime: 'java21', handler: 'shop.Create' }],
  ['.NET', { runtime: 'dotnet8', handler: 'Shop::Shop.Create::Handle' }],
  ['a custom runtime', { runtime: 'provided.al2023', handler: 'bootstrap' }],
  ['a Makefile', { runtime: 'provided.al2023', build: { method: 'makefile' } }],
])('nothing is said of %s, which only a build can tell of', (_, overrides) => {
  expect(find(overrides)).toBeUndefined();
});
