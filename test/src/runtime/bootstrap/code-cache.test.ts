/** Compiled code is kept between instances, and no module can tell. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DebugTarget } from '../../../../src/model/runtime.ts';
import { type CodeCache, makeCodeCache } from '../../../../src/runtime/code-cache.ts';
import { openProcessParts } from '../process-parts.ts';
import { answerOf, openInFolder } from './folder-instance.ts';

/** More source than the least a file is written for. */
const BULK = Array.from(
  { length: 400 },
  (_, i) => `function made${i}(given) { return given + ${i} + '${'x'.repeat(60)}'; }\nmade${i}(1);`,
).join('\n');

const SOURCES: Record<string, string> = {
  'bulk.js': `${BULK}\nexports.size = 400;`,
  'first-line.js':
    "exports.fail = () => { throw new Error('on the first line'); }; exports.top = new Error('top').stack;",
  'shebang.js': '#!/usr/bin/env node\nmodule.exports = "shebang";',
  'strict.js': '"use strict"; module.exports = (function () { return this; })() === undefined;',
  'returns.js': 'exports.before = true; return; exports.after = true;',
  'wrong.js': 'exports.a = ;',
  'two.json': '{"two":2}',
  'imported.mjs':
    'import facts from "./cjs-from-esm.cjs"; export default "by import()"; export const seen = facts.name;',
  'cjs-from-esm.cjs': 'exports.name = "named";',
  // Apart from the handler's file, which is left to Node.js for its `import()`.
  'facts.js': `
    const bulk = require('./bulk.js');
    const first = require('./first-line.js');
    const facts = {
      bulk: bulk.size, shebang: require('./shebang.js'), strict: require('./strict.js'), returns: require('./returns.js'),
      two: require('./two.json').two, argumentCount: arguments.length, thisIsExports: this === exports,
      file: __filename, dir: __dirname, parent: module.parent && module.parent.filename,
      children: module.children.map((child) => child.id), paths: module.paths,
      main: require.main && require.main.filename, cached: './bulk.js' in require.cache, keys: Object.keys(require).sort(),
      cachedBulk: require.cache[require.resolve('./bulk.js')].exports === bulk,
      resolved: require.resolve('./bulk.js'), lookup: require.resolve.paths('x'), extensions: Object.keys(require.extensions),
      source: first.fail.toString(), top: first.top.split('\\n').slice(0, 2),
    };
    try { require('./wrong.js'); } catch (error) { facts.wrong = [error.name, error.message, error.stack.split('\\n').slice(0, 4)]; }
    try { require('./missing.js'); } catch (error) { facts.missing = [error.code, error.message, error.requireStack]; }
    exports.facts = facts;`,
  'index.js': `
    const first = require('./first-line.js');
    const { facts } = require('./facts.js');
    exports.handler = async () => {
      const { default: imported, seen } = await import('./imported.mjs');
      try { first.fail(); } catch (error) { facts.thrownAt = error.stack.split('\\n').slice(0, 3); }
      return { ...facts, imported, seen };
    };`,
};

let folder: string;
let cacheDir: string;
let parts: ReturnType<typeof openProcessParts>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-code-'));
  cacheDir = join(folder, 'code-cache');
  mkdirSync(cacheDir);
  parts = openProcessParts();
  for (const [name, text] of Object.entries(SOURCES)) write(name, text);
});
afterEach(async () => {
  await parts.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const files = () => readdirSync(cacheDir);
const onlyFile = () => join(cacheDir, files()[0] ?? 'none');
const writtenAs = () => statSync(onlyFile()).ino;

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly codeCache?: CodeCache | undefined;
  readonly onDebugTarget?: (target: DebugTarget) => void;
}

/** As `makeCodeCache`; `settled` when an instance has said its last word on its code. */
function watchedCache(codes = makeCodeCache()) {
  let settle: (bytes: number) => void = () => {};
  const settled = new Promise<number>((resolve) => {
    settle = resolve;
  });
  const codeCache: CodeCache = {
    open(artifact) {
      const opened = codes.open(artifact);
      return (
        opened && {
          ...opened,
          give(name, bytes) {
            opened.give(name, bytes);
            settle(bytes.length);
          },
        }
      );
    },
  };
  return { codeCache, settled };
}

async function start(options: RunOptions) {
  const instance = await openInFolder(parts, { folder, cacheDir, ...options });
  expect(await instance.started).toMatchObject({ status: 'ready' });
  return instance;
}

/** One event in a new instance, and what became of its compiled code. */
async function run(options: RunOptions = {}) {
  const { codeCache, settled } = watchedCache();
  const instance = await start({ codeCache, ...options });
  const answer = await answerOf(instance);
  const chunks = 'codeCache' in options || options.onDebugTarget ? 0 : await settled;
  await instance.kill();
  return { answer, wroteFile: chunks > 0 };
}

describe('compiled code', () => {
  test('is kept after the first event and used by the next instance; modules see the same world without it and with it', async () => {
    const without = await run({ codeCache: undefined });
    expect(files()).toEqual([]);
    const recording = await run();
    expect(recording.wroteFile).toBe(true);
    expect(files()).toEqual([expect.stringMatching(/^v\d+\.[\w.-]+\.code$/)]);
    const cached = await run();
    expect(cached.wroteFile, 'nothing was missing').toBe(false);
    expect(recording.answer).toEqual(without.answer);
    expect(cached.answer).toEqual(without.answer);
    expect(without.answer).toMatchObject({
      imported: 'by import()',
      seen: 'named',
      thisIsExports: true,
      argumentCount: 5,
      strict: true,
      thrownAt: [
        'Error: on the first line',
        expect.stringContaining('first-line.js:1:30)'),
        expect.stringContaining('index.js'),
      ],
    });
  });

  test('stays good for the rest when a small file is edited, and the edit runs', async () => {
    await run();
    write('two.json', '{"two":3}');
    write('strict.js', 'module.exports = "edited";');
    const edited = await run();
    expect(edited).toMatchObject({ answer: { two: 3, strict: 'edited' }, wroteFile: false });
  });

  test('follows a large edit of the same length', async () => {
    await run();
    write('bulk.js', `${BULK}\nexports.size = 401;`);
    expect(await run()).toMatchObject({ answer: { bulk: 401 }, wroteFile: true });
    expect(await run()).toMatchObject({ answer: { bulk: 401 }, wroteFile: false });
  });

  test.each([
    ['a bit fell over', (file: Buffer) => file.with(file.length >> 1, (file.at(file.length >> 1) ?? 0) ^ 1)],
    ['the end is missing', (file: Buffer) => file.subarray(0, file.length - 1000)],
    ['it is something else', () => Buffer.from('hello')],
    ['it is empty', () => Buffer.alloc(0)],
  ])('is made anew when of its file %s', async (_what, damage) => {
    const { answer } = await run();
    writeFileSync(onlyFile(), damage(readFileSync(onlyFile())));
    const damaged = writtenAs();
    expect(await run()).toEqual({ answer, wroteFile: true });
    expect(writtenAs()).not.toBe(damaged);
    expect((await run()).wroteFile).toBe(false);
  });

  test('is recorded by one of several instances, and by the next one when that one is killed', async () => {
    const codes = makeCodeCache();
    const [first, second] = [watchedCache(codes), watchedCache(codes)];
    const killed = await start(first);
    const other = await start(second);
    await answerOf(other);
    await killed.kill();
    expect(files(), 'the one that recorded saw no event').toEqual([]);
    const third = watchedCache(codes);
    const recording = await start(third);
    await answerOf(recording);
    expect(await third.settled).toBeGreaterThan(0);
    expect(files()).toHaveLength(1);
    await Promise.all([other.kill(), recording.kill()]);
  });

  test('is left alone with coverage, with source maps by Node.js and with a debugger', async () => {
    const coverage = await run({ env: { NODE_V8_COVERAGE: join(folder, 'coverage') } });
    expect(coverage.wroteFile).toBe(false);
    const maps = await run({ env: { NODE_OPTIONS: '--enable-source-maps' } });
    expect(maps.wroteFile).toBe(false);
    await run({ onDebugTarget: ({ channel }) => channel.release() });
    expect(files()).toEqual([]);
  });
});
