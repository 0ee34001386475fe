/** The SDK of the cloud's Node.js, for packages that name it and do not bring it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { provideSdk } from '../../../src/build/provided-sdk.ts';
import { makeFunction, makeProjectFolder } from './project-folder.ts';

function makeFolder(files: Readonly<Record<string, string>>) {
  const folder = makeProjectFolder(files);
  onTestFinished(folder.remove);
  return folder;
}

/** Installed for a workspace, of which the project is a part. */
const makeWorkspace = () =>
  makeFolder({
    'node_modules/@aws-sdk/client-s3/package.json': '{ "main": "main.js" }',
    'node_modules/@aws-sdk/client-s3/main.js': "exports.S3 = require('@smithy/core') + require('inner');",
    'node_modules/@smithy/core/index.js': "module.exports = 'core ';",
    'node_modules/inner/index.js': "module.exports = 'inner';",
    'apps/api/serverless.yml': '',
  });
const makePackage = () =>
  makeFolder({
    'one/index.mjs': "import { S3 } from '@aws-sdk/client-s3'; console.log(S3);",
    'one/other.mjs': "import 'inner';",
  });

const run = (file: string) => execFileSync(process.execPath, [file], { encoding: 'utf8', stdio: 'pipe' });
const provide = (above: string, root: string, runtime = 'nodejs20.x') =>
  provideSdk(makeFunction(root, { runtime }), above, root);

test('a package finds the SDK of the project, and nothing else of it', () => {
  const [workspace, packages] = [makeWorkspace(), makePackage()];
  expect(provide(packages.root, workspace.path('apps/api'))).toEqual([
    packages.path('node_modules'),
    workspace.path('node_modules'),
  ]);
  expect(run(packages.path('one/index.mjs'))).toBe('core inner\n');
  expect(() => run(packages.path('one/other.mjs'))).toThrow("Cannot find package 'inner'");
});

test('an SDK that is installed elsewhere later takes the place of the first', () => {
  const [first, second, packages] = [makeWorkspace(), makeWorkspace(), makePackage()];
  for (const { root } of [first, first, second]) provide(packages.root, root);
  expect(readlinkSync(packages.path('node_modules/@aws-sdk'))).toBe(second.path('node_modules/@aws-sdk'));
});

test('where there is none, and for runtimes without one, nothing is made', () => {
  const [workspace, packages] = [makeWorkspace(), makePackage()];
  expect(provide(packages.root, packages.root)).toEqual([]);
  expect(provide(packages.root, workspace.root, 'nodejs16.x')).toEqual([]);
  expect(provide(packages.root, workspace.root, 'python3.12')).toEqual([]);
  expect(existsSync(packages.path('node_modules'))).toBe(false);
});
