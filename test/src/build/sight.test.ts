import type { Stats } from 'node:fs';
import { expect, test } from 'vitest';
import { isInSight, type Sight } from '../../../src/build/sight.ts';

const sight: Sight = {
  roots: [
    { folder: '/p/api', kind: 'code' },
    { folder: '/p/node_modules/dep', kind: 'package' },
    { folder: '/p/layer', kind: 'layer' },
  ],
  loadsByName: false,
};
const file = { isDirectory: () => false } as Stats;
const folder = { isDirectory: () => true } as Stats;

test.each([
  'api/tpl.html',
  'api/views/deep/a.json',
  'api/.env',
  'api/plugin.js',
  'api/native.node',
  'node_modules/dep/lib/i.js',
  'node_modules/dep/package.json',
  'layer/nodejs/node_modules/ml/index.js',
  'layer/python/pl.py',
  'layer/bin/tool',
])('a function may have loaded or read %s', (path) => {
  expect(isInSight(sight, `/p/${path}`, file, false)).toBe(true);
});

test.each([
  'other/tpl.html',
  'api/node_modules/other/index.js',
  'node_modules/dep/node_modules/inner/index.js',
  'node_modules/other/index.js',
  'api/.git/HEAD',
  'api/.sls-local/data/x',
  'api/.idea/workspace.xml',
  'api/coverage/lcov.info',
  'api/src/__tests__/a.js',
  'api/a.test.js',
  'api/.a.js.swp',
  'api/a.js~',
  'api/.#a.js',
  'api/app.log',
  'api/dev.sqlite3-wal',
  'api/types.d.ts',
  'api/a.ts',
  'api/app.py',
  'layer/python/__pycache__/pl.cpython-312.pyc',
  'layer/.git/HEAD',
])('no function sees %s', (path) => {
  expect(isInSight(sight, `/p/${path}`, file, false)).toBe(false);
});

test('another function’s source is seen by code that loads modules by name only, as is what Node.js compiles itself', () => {
  const byName = { ...sight, loadsByName: true };
  expect(isInSight(sight, '/p/api/other.js', file, true)).toBe(false);
  expect(isInSight(byName, '/p/api/other.js', file, true)).toBe(true);
  expect(isInSight(byName, '/p/api/plugin.ts', file, false)).toBe(true);
  expect(isInSight(sight, '/p/api/names.json', file, true)).toBe(true);
});

test('a new folder is seen, a tool’s is not, and one that is replaced with all below it is', () => {
  expect(isInSight(sight, '/p/api/views', folder, false)).toBe(true);
  expect(isInSight(sight, '/p/api/.vscode', folder, false)).toBe(false);
  expect(isInSight(sight, '/p/api/node_modules', folder, false)).toBe(false);
  expect(isInSight(sight, '/p/layer', folder, false)).toBe(true);
  expect(isInSight(sight, '/p/node_modules', folder, false)).toBe(true);
});
