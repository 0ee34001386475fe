/** Instances prepared for a runtime, of which any function may take one: the process backend's. */
import { expect, test } from 'vitest';
import type { Backend, PreparedHandle } from '../../../src/model/runtime.ts';
import { answerOf, functionNamed, openPreparingPool, type PoolSettings } from './preparing-pool.ts';
import { openProcessParts } from './process-parts.ts';

function openPreparing(settings: PoolSettings = {}) {
  const parts = openProcessParts();
  const prepared: string[] = [];
  const handles: Promise<PreparedHandle>[] = [];
  const backend: Backend = {
    ...parts.backend,
    prepare(spec, onLog) {
      prepared.push(spec.instanceId);
      const handle = parts.backend.prepare?.(spec, onLog);
      if (!handle) throw new Error('the process backend cannot prepare');
      handles.push(handle);
      return handle;
    },
  };
  const opened = openPreparingPool({ backend, contract: parts.contract, close: parts.close }, settings);
  return { ...opened, prepared, exited: async (index: number) => (await handles[index])?.exited };
}

const world = `exports.handler = async () => ({ cwd: process.cwd(), env: process.env, dir: __dirname })`;

test('one that was prepared before anything was built becomes the first function that is called', async () => {
  const { build, lease, pool, prepared } = openPreparing();
  pool.prepareAhead(functionNamed('first'));
  const fn = functionNamed('second', { env: { STAGE: 'dev' } });
  const { dir } = build(fn, 'b1', world);
  const leased = await lease(fn);
  expect(prepared).toEqual([leased.instanceId]);
  const seen = (await answerOf(leased)) as { env: Record<string, string> };
  expect(seen).toMatchObject({ cwd: dir, dir, env: { STAGE: 'dev', LAMBDA_TASK_ROOT: dir, TZ: ':UTC' } });
  const usual = (await answerOf(await lease(fn))) as typeof seen;
  const ofEach = { AWS_ACCESS_KEY_ID: expect.any(String), AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String) };
  expect(seen.env).toEqual({ ...usual.env, ...ofEach });
});

test('one spare serves all functions, and another takes its place once it was used', async () => {
  const { build, lease, prepare, prepared, clock } = openPreparing();
  const [a, b] = [functionNamed('a'), functionNamed('b')];
  for (const fn of [a, b]) build(fn, 'b1', `exports.handler = async () => '${fn.id}'`);
  await prepare(a);
  await prepare(b);
  expect(prepared).toHaveLength(1);
  const first = await lease(b);
  expect(first.instanceId).toBe(prepared[0]);
  expect(await answerOf(first)).toBe('b');
  await clock.advance(1000);
  const second = await lease(a);
  expect(prepared[1]).toBe(second.instanceId);
  expect(await answerOf(second)).toBe('a');
});

test.each([
  ['other options of Node.js', { env: { NODE_OPTIONS: '--stack-trace-limit=3' } }],
  ['layers', { layers: ['/layer'] }],
  ['another runtime', { runtime: 'python3.11' }],
  ['another amount of memory', { memoryMb: 1024 }],
])('a function with %s does not take the spare of others', async (_what, change) => {
  const { build, pool, prepared } = openPreparing();
  pool.prepareAhead(functionNamed('usual'));
  const fn = functionNamed('special', change);
  build(fn, 'b1', world);
  const leased = await Promise.resolve(pool.lease(fn)).catch(() => undefined);
  expect(prepared).toHaveLength(1);
  expect(leased && 'instanceId' in leased ? leased.instanceId : undefined).not.toBe(prepared[0]);
});

test('what it has left in memory counts once it is a function', async () => {
  const { build, lease, pool, prepared, exited } = openPreparing();
  const fn = functionNamed('greedy', { memoryMb: 128 });
  pool.prepareAhead(fn);
  build(
    fn,
    'b1',
    `const kept = []; exports.handler = async () => { for (;;) { kept.push(Buffer.alloc(4e6, 1)); await new Promise((r) => setTimeout(r, 1)); } }`,
  );
  const leased = await lease(fn);
  expect(leased.instanceId).toBe(prepared[0]);
  await expect(answerOf(leased)).rejects.toThrow('out-of-memory');
  await exited(0);
});

test.each([
  ['fast', 1, 1],
  ['on-demand', 0, 1],
  ['faithful', 0, 0],
] as const)(
  'with cold starts %s, code is loaded ahead in %i and a runtime booted in %i',
  async (cold, loaded, booted) => {
    const { build, events, lease, pool, prepare, prepared } = openPreparing({ cold });
    const fn = functionNamed('a');
    build(fn, 'b1', world);
    pool.warm(fn);
    await new Promise(setImmediate);
    expect(events.filter((event) => event.type === 'instance' && event.status === 'starting')).toHaveLength(
      loaded,
    );
    await lease(fn);
    await prepare(fn);
    expect(prepared).toHaveLength(booted);
  },
);
