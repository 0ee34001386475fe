/** The host's side of compiled code: whole files of the right name, few of them, from one instance at a time. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Artifact } from '../../../src/model/runtime.ts';
import { makeCodeCache, makeReadOnlyCodeCache, type OpenCodeCache } from '../../../src/runtime/code-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-codes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const artifact = (cacheDir?: string): Artifact => ({
  ...{ id: 'a', functionId: 'fn', dir: folder, handler: 'index.handler', inputs: [] },
  ...(cacheDir === undefined ? {} : { cacheDir }),
});
const opened = (cache = makeCodeCache(), of = artifact(folder)): OpenCodeCache => {
  const one = cache.open(of);
  if (!one) throw new Error('nothing was opened');
  return one;
};
const bytes = [Buffer.from('com'), Buffer.from('piled')];

test('a file is written whole', () => {
  opened().give('v20.1.0-x64-1.code', bytes);
  expect(readdirSync(folder)).toEqual(['v20.1.0-x64-1.code']);
  expect(readFileSync(join(folder, 'v20.1.0-x64-1.code'), 'utf8')).toBe('compiled');
});

test.each(['../v20.code', 'v20/../../x.code', 'index.cjs', '.code', 'v20.code/x', ''])(
  'nothing is written as %j',
  (name) => {
    opened().give(name, bytes);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('nothing new leaves what there is', () => {
  writeFileSync(join(folder, 'v20.code'), 'old');
  opened().give('v20.code', []);
  expect(readFileSync(join(folder, 'v20.code'), 'utf8')).toBe('old');
});

test('the newest four files stay, drafts of a killed session go', () => {
  writeFileSync(join(folder, '.draft-1-0'), 'half');
  for (let n = 1; n <= 5; n++) {
    writeFileSync(join(folder, `v${n}.code`), 'old');
    utimesSync(join(folder, `v${n}.code`), n, n);
  }
  opened().give('v20.code', bytes);
  expect(readdirSync(folder).sort()).toEqual(['v20.code', 'v3.code', 'v4.code', 'v5.code']);
});

test('one instance of a function records, the next one when it has spoken or is gone', () => {
  const cache = makeCodeCache('ready');
  const first = opened(cache);
  expect([first.task, opened(cache).task]).toEqual([{ folder, record: 'ready' }, { folder }]);
  const other = join(folder, 'other');
  mkdirSync(other);
  expect(opened(cache, artifact(other)).task.record).toBe('ready');
  first.end();
  const second = opened(cache);
  expect(second.task.record).toBe('ready');
  first.end();
  expect(opened(cache).task.record, 'the first one ends once').toBeUndefined();
  second.give('v20.code', []);
  expect(opened(cache).task.record).toBe('ready');
});

test('an instance that was not to record writes nothing', () => {
  const cache = makeCodeCache();
  opened(cache);
  opened(cache).give('v20.code', bytes);
  opened(makeReadOnlyCodeCache()).give('v20.code', bytes);
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that is gone is no harm; without one there is no cache', () => {
  const one = opened();
  rmSync(folder, { recursive: true });
  expect(() => one.give('v20.code', bytes)).not.toThrow();
  expect(makeCodeCache().open(artifact())).toBeUndefined();
  expect(makeReadOnlyCodeCache().open(artifact())).toBeUndefined();
});

test('a function that has not run takes the code of the one it shares most packages with', () => {
  const cache = makeCodeCache();
  const folderOf = (name: string) => join(folder, name);
  const run = (name: string, externals: readonly string[], code?: string) => {
    mkdirSync(folderOf(name));
    const one = opened(cache, { ...artifact(folderOf(name)), externals });
    if (code !== undefined) one.give('v20.code', [Buffer.from(code)]);
    return readdirSync(folderOf(name)).map((file) => readFileSync(join(folderOf(name), file), 'utf8'));
  };
  run('tables', ['/n/dynamodb.js'], 'tables');
  run('both', ['/n/dynamodb.js', '/n/s3.js', '/n/lib.js'], 'both');
  run('none', [], 'none');
  expect(run('as both', ['/n/lib.js', '/n/s3.js', '/n/zod.js'])).toEqual(['both']);
  expect(run('as tables', ['/n/dynamodb.js']), 'most of "both" would be of no use').toEqual(['tables']);
  expect(run('without packages', [])).toEqual([]);
  expect(run('strange', ['/n/express.js'])).toEqual([]);
  expect(run('as the last but one, own code', ['/n/dynamodb.js'], 'own')).toEqual(['own']);
  expect(readFileSync(join(folderOf('tables'), 'v20.code'), 'utf8'), 'untouched').toBe('tables');
});
