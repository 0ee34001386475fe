/** How a report of cold starts reads. */
import { expect, test } from 'vitest';
import { adviceLines, adviceOf } from '../../../src/coldstart/advice.ts';
import { whyNoModules } from '../../../src/coldstart/no-modules.ts';
import { phaseLines, summarise } from '../../../src/coldstart/phase-lines.ts';
import { type ColdStartReport, medianIndex, percentile, runOf } from '../../../src/coldstart/report.ts';
import { treeLines } from '../../../src/coldstart/tree-lines.ts';
import type { ImportedModule } from '../../../src/model/runtime.ts';

const module = (
  name: string,
  parent: number,
  totalMs: number,
  selfMs: number,
  rest = {},
): ImportedModule => ({
  ...{ name, parent, totalMs, selfMs, resolveMs: 1, readMs: 0.5, compileMs: 0.25 },
  ...rest,
});

const modules: readonly ImportedModule[] = [
  module('/shop/.sls-local/builds/Create/1/index.cjs', -1, 100, 10),
  module('/shop/node_modules/a/node_modules/@scope/one/dist/index.js', 0, 60, 58, {
    requiredAt: '/shop/src/create.ts:3:7',
  }),
  module('node:crypto', 1, 2, 2),
  module('/shop/node_modules/two/index.js', 0, 29.5, 29.5, { requiredAt: '/elsewhere/lib.ts:1:1' }),
  module('/shop/node_modules/three/index.js', 0, 0.5, 0.5, { requiredAt: '/shop/src/create.ts:5:1' }),
];

const options = { root: '/shop', handler: 'src/create.handler', minMs: 1 };

test('percentiles are values that were measured', () => {
  expect(percentile([5, 1, 3, 2, 4], 0.5)).toBe(3);
  expect(percentile([5, 1, 3, 2, 4], 0.9)).toBe(5);
  expect(percentile([1, 2], 0.5)).toBe(1);
  expect(percentile([], 0.5)).toBeNaN();
  expect(medianIndex([30, 10, 20])).toBe(2);
  expect(medianIndex([])).toBe(-1);
});

test('a run’s parts add up to its init', () => {
  const run = runOf({ startMs: 40, sandboxMs: 15, initMs: 100, imports: modules, logs: [] });
  expect(run).toEqual({
    ...{ sandboxMs: 15, bootMs: 25, initMs: 100 },
    split: { resolveMs: 5, readMs: 2.5, compileMs: 1.25, runMs: 91.25 },
  });
  const unknown = { sandboxMs: 0, bootMs: 40, initMs: 1 };
  expect(runOf({ startMs: 40, initMs: 1, logs: [] })).toEqual(unknown);
  const graph = [module('/shop/index.mjs', -1, 1, 1, { esModule: true })];
  expect(runOf({ startMs: 40, initMs: 1, imports: graph, logs: [] })).toEqual(unknown);
});

test('phases are shown without and with the cache', () => {
  const timeless = (ms: number) => [
    { ...module('/shop/index.cjs', -1, ms, ms), resolveMs: 0, readMs: 0, compileMs: 0 },
  ];
  const run = (initMs: number, importMs = initMs) =>
    runOf({ startMs: 40, sandboxMs: 15, initMs, imports: timeless(importMs), logs: [] });
  const report: ColdStartReport = {
    ...{ functionId: 'Create', handler: 'src/create.handler', runtime: 'nodejs20.x', backend: 'docker' },
    uncached: [run(60, 59.9996), run(80), run(70)],
    cached: [run(30), run(31), run(32)],
    modules: [],
  };
  expect(phaseLines(report)).toEqual([
    '                           p50         p90  p50 cached  p90 cached',
    'container              15.0 ms     15.0 ms     15.0 ms     15.0 ms',
    'runtime boot           25.0 ms     25.0 ms     25.0 ms     25.0 ms',
    'init (import)          70.0 ms     80.0 ms     31.0 ms     32.0 ms',
    '  finding files         0.0 ms      0.0 ms      0.0 ms      0.0 ms',
    '  reading files         0.0 ms      0.0 ms      0.0 ms      0.0 ms',
    '  compiling             0.0 ms      0.0 ms      0.0 ms      0.0 ms',
    '  running modules      70.0 ms     80.0 ms     31.0 ms     32.0 ms',
  ]);
  expect(phaseLines({ ...report, uncached: [run(60, 4)], cached: [] }).slice(-2)).toEqual([
    '  running modules       4.0 ms      4.0 ms',
    '  extensions, boot     56.0 ms     56.0 ms',
  ]);
  const bare = { sandboxMs: 1, bootMs: 2, initMs: 3 };
  expect(summarise({ ...report, backend: 'process', uncached: [bare], cached: [] })).toEqual([
    { name: 'process', uncached: { p50: 1, p90: 1 } },
    { name: 'runtime boot', uncached: { p50: 2, p90: 2 } },
    { name: 'init (import)', uncached: { p50: 3, p90: 3 } },
  ]);
});

test('modules are a tree, the most expensive first, small ones counted', () => {
  expect(treeLines(modules, options)).toEqual([
    '                      total ms   self ms  module',
    '████████████████████     100.0      10.0  src/create.handler',
    '████████████              60.0      58.0  ├ @scope/one/dist/index.js',
    '▍                          2.0       2.0  │ └ node:crypto',
    '█████▉                    29.5      29.5  ├ two/index.js',
    '▏                          0.5            └ 1 more module',
  ]);
  expect(treeLines([], options)).toEqual([]);
});

test('what cannot be split is said', () => {
  const graph = [
    module('/shop/index.mjs', -1, 10, 8, { esModule: true }),
    module('/shop/lib.mjs', 0, 2, 2, { esModule: true }),
  ];
  expect(treeLines(graph, options).slice(2)).toEqual([
    '████                       2.0       2.0  └ lib.mjs (read)',
    expect.stringContaining('ES modules are run together'),
  ]);
});

test('advice names what the project itself asks for, and where', () => {
  expect(adviceLines(adviceOf(modules, '/shop'))).toEqual([
    expect.stringContaining('load it when they come'),
    '  60.0 ms (60 %) for @scope/one, required by src/create.ts:3:7',
    '  29.5 ms (30 %) for two, required by /elsewhere/lib.ts:1:1',
  ]);
  expect(adviceLines(adviceOf([], '/shop'))).toEqual([]);
});

test.each([
  [
    { runtime: 'python3.12' },
    /^python3\.12 does not .+ PYTHONPROFILEIMPORTTIME=1 .+ sls-local invoke Create$/,
  ],
  [{ runtime: 'ruby3.3' }, /^ruby3\.3 does not tell what it loads: use a profiler/],
  [{ runtime: 'nodejs22.x', image: 'shop' }, /container image brings its own runtime.+ without image$/],
])('where no modules are told, there is a reason: %o', (fn, reason) => {
  expect(whyNoModules({ id: 'Create', ...fn })).toMatch(reason);
});
