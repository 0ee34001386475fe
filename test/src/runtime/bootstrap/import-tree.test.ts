/** The stopwatch around imports: every millisecond belongs to one module. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportedModule } from '../../../../src/model/runtime.ts';
import { openProcessParts } from '../process-parts.ts';
import { openInFolder } from './folder-instance.ts';

let folder: string;
let parts: ReturnType<typeof openProcessParts>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-imports-'));
  parts = openProcessParts();
});
afterEach(async () => {
  await parts.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const busy = (ms: number) => `for (const end = performance.now() + ${ms}; performance.now() < end; );`;

async function importsOf(measured: boolean) {
  const instance = await openInFolder(parts, { folder, ...(measured ? { measured } : {}) });
  const started = await instance.started;
  await instance.kill();
  if (started.status === 'failed') throw new Error(JSON.stringify(started.outcome));
  const { imports = [], initMs } = started.coldStart;
  const named = (end: string): ImportedModule => {
    const found = imports.find(({ name }) => name.endsWith(end));
    if (!found) throw new Error(`${end} is not among ${imports.map(({ name }) => name).join()}`);
    return found;
  };
  return { imports, initMs, named, parentOf: ({ parent }: ImportedModule) => imports[parent]?.name };
}

const sumOf = (modules: readonly ImportedModule[], part: 'selfMs') =>
  modules.reduce((sum, module) => sum + module[part], 0);

test('modules have their own time, that of what they load, and the place that asked for them', async () => {
  write('node_modules/slow/index.js', `require('./inner.js'); ${busy(20)} require('./inner.js');`);
  write('node_modules/slow/inner.js', busy(30));
  write('lib/own.js', `\n  require('slow'); ${busy(5)}`);
  write(
    'index.js',
    `require('node:querystring');\nrequire('./lib/own.js');\n${busy(10)} exports.handler = async () => 1;`,
  );
  const { imports, initMs, named, parentOf } = await importsOf(true);
  const [root, own, slow, inner] = [
    named('/index.js'),
    named('own.js'),
    named('slow/index.js'),
    named('inner.js'),
  ];
  expect([root.parent, parentOf(own), parentOf(slow), parentOf(inner)]).toEqual([
    -1,
    root.name,
    own.name,
    slow.name,
  ]);
  expect(inner.totalMs).toBeGreaterThanOrEqual(30);
  expect(slow.totalMs).toBeGreaterThanOrEqual(50);
  expect(slow.selfMs).toBeGreaterThanOrEqual(20);
  expect(slow.selfMs).toBeCloseTo(slow.totalMs - inner.totalMs, 1);
  expect(own.selfMs).toBeGreaterThanOrEqual(5);
  expect(own.selfMs).toBeCloseTo(own.totalMs - slow.totalMs, 1);
  expect(root.totalMs).toBeCloseTo(initMs, 1);
  expect(sumOf(imports, 'selfMs')).toBeGreaterThanOrEqual(initMs * 0.95);
  expect(sumOf(imports, 'selfMs')).toBeLessThanOrEqual(initMs * 1.01);
  expect(slow.requiredAt).toBe(`${join(folder, 'lib/own.js')}:2:3`);
  expect(own.requiredAt).toBe(`${join(folder, 'index.js')}:2:1`);
  expect(inner.requiredAt, 'asked for by a package').toBeUndefined();
  expect(
    imports.filter(({ name }) => name.endsWith('inner.js')),
    'loaded once',
  ).toHaveLength(1);
  expect(imports.filter(({ name }) => name.includes('bootstrap'))).toEqual([]);
});

test('a module that fails to load and is done without keeps its time', async () => {
  write('optional.js', `${busy(15)} throw new Error('not here');`);
  write('index.js', "try { require('./optional.js'); } catch {} exports.handler = async () => 1;");
  const { imports, initMs, named } = await importsOf(true);
  expect(named('optional.js').selfMs).toBeGreaterThanOrEqual(15);
  expect(sumOf(imports, 'selfMs')).toBeGreaterThanOrEqual(initMs * 0.95);
});

test('CommonJS below an ES module is told; the rest is the handler’s', async () => {
  write('package.json', '{"type":"module"}');
  write('slow.cjs', busy(20));
  write('other.js', `${busy(10)} export default 1;`);
  write(
    'index.js',
    "import './slow.cjs'; import './other.js'; await null; export const handler = async () => 1;",
  );
  const { imports, initMs, named } = await importsOf(true);
  expect(named('slow.cjs').selfMs).toBeGreaterThanOrEqual(20);
  const root = named('/index.js');
  expect(root.totalMs).toBeCloseTo(initMs, 1);
  expect(root.selfMs, 'runs other.js').toBeGreaterThanOrEqual(10);
  expect(sumOf(imports, 'selfMs')).toBeGreaterThanOrEqual(initMs * 0.95);
});

test('nothing is measured unless it is asked for', async () => {
  write('index.js', 'exports.handler = async () => 1;');
  expect((await importsOf(false)).imports).toEqual([]);
});
