/** An event for which an instance is started goes along with the assignment: on real child processes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { Backend, Contract, Delivery, Lease, PreparedHandle } from '../../../src/model/runtime.ts';
import { payloadOf } from '../../suites/running-instance.ts';
import { functionNamed, openPreparingPool, type PoolSettings } from './preparing-pool.ts';
import { openProcessParts } from './process-parts.ts';

const TIMEOUT_MS = 5000;
/** Longer than an instance goes on to think that nobody has thought of something else. */
const SLOW_LOAD = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);';

interface Changes {
  readonly isSlow?: true;
  /** In front of what the backend does. */
  readonly provide?: () => void;
}

function openEarly(settings: PoolSettings = {}, { isSlow, provide }: Changes = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const parts = openProcessParts();
  const handles: PreparedHandle[] = [];
  const killed: string[] = [];
  const backend: Backend = {
    ...parts.backend,
    async prepare(spec, onLog) {
      const handle = await parts.backend.prepare?.(spec, onLog);
      if (!handle) throw new Error('the process backend cannot prepare');
      handles.push(handle);
      return {
        ...handle,
        ...(isSlow ? { isSlow } : {}),
        kill() {
          killed.push(spec.instanceId);
          return handle.kill();
        },
        provide(artifact, fn) {
          provide?.();
          handle.provide(artifact, fn);
        },
      };
    },
  };
  const lines: Promise<void>[] = [];
  const contract: Contract = {
    ...parts.contract,
    async prepare(...given) {
      const session = await parts.contract.prepare?.(...given);
      if (!session) throw new Error('the contract cannot prepare');
      lines.push(session.waiting);
      return session;
    },
  };
  const opened = openPreparingPool({ backend, contract, close: parts.close }, settings);

  const deliveryOf = (name: string): Delivery => ({
    requestId: `request-${name}`,
    event: JSON.stringify({ name, note: join(folder, name) }),
    deadlineAt: Date.now() + TIMEOUT_MS,
    invokedFunctionArn: 'arn',
    traceHeader: 'Root=1-0-0',
  });
  const logs: string[] = [];
  return {
    ...opened,
    handles,
    killed,
    logs,
    /** Resolves when an instance waits for its code. */
    async ahead(fn: FunctionSpec) {
      opened.pool.prepareAhead(fn);
      await vi.waitFor(() => expect(lines).toHaveLength(1));
      await lines[0];
    },
    /** How often the event of this name was begun. */
    begun: (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').length : 0,
    lease: (fn: FunctionSpec, name: string) =>
      Promise.resolve(opened.pool.lease(fn, undefined, () => deliveryOf(name))),
    async answer(lease: Lease, name: string) {
      const watch = { onLog: ({ text }: { text: string }) => void logs.push(text) };
      return payloadOf(await lease.invoke(deliveryOf(name), TIMEOUT_MS, watch)) as Record<string, unknown>;
    },
    folder,
  };
}

const handlerAfter = (load: string, text = 'answer') => `${load}
const { appendFileSync } = require('node:fs');
exports.handler = async ({ name, note }, context) => {
  appendFileSync(note, '.');
  console.log('said by ' + name);
  return { text: '${text}', name, id: context.awsRequestId, left: context.getRemainingTimeInMillis() };
};`;

function leased(lease: Awaited<ReturnType<ReturnType<typeof openEarly>['lease']>>): Lease {
  if (lease.status === 'refused') throw new Error(`refused: ${JSON.stringify(lease.outcome)}`);
  return lease;
}

test('it begins when the code is loaded, before anybody says so, once, and is told of when it is given', async () => {
  const { ahead, build, lease, answer, begun, logs } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter(''));
  const given = leased(await lease(fn, 'early'));
  await vi.waitFor(() => expect(begun('early')).toBe(1));
  expect(logs).toEqual([]);
  const told = { text: 'answer', name: 'early', id: 'request-early', left: expect.any(Number) };
  expect(await answer(given, 'early')).toEqual(told);
  expect(logs).toEqual(['said by early']);
  expect(begun('early')).toBe(1);
  given.release();
  const next = leased(await lease(fn, 'next'));
  expect(next.instanceId).toBe(given.instanceId);
  expect(await answer(next, 'next')).toMatchObject({ name: 'next', id: 'request-next' });
  expect(begun('next')).toBe(1);
});

test('what loading took is not taken from its time', async () => {
  const { ahead, build, lease, answer } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter(SLOW_LOAD.replace('400', '120')));
  const { left } = await answer(leased(await lease(fn, 'early')), 'early');
  expect(left).toBeGreaterThan(TIMEOUT_MS - 100);
  expect(left).toBeLessThanOrEqual(TIMEOUT_MS);
});

test('after a long load it waits to be given', async () => {
  const { ahead, build, lease, answer, begun } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter(SLOW_LOAD));
  const given = leased(await lease(fn, 'early'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(begun('early')).toBe(0);
  expect(await answer(given, 'early')).toMatchObject({ name: 'early' });
  expect(begun('early')).toBe(1);
});

test('an instance that was ready first is not lent to it: nobody else could have the one that has begun', async () => {
  const { ahead, build, lease, answer, begun } = openEarly({ limits: { starts: 2 } });
  const fn = functionNamed('hello');
  await ahead(fn);
  // Whoever comes up first in the folder loads slowly.
  build(
    fn,
    'b1',
    handlerAfter(`const fs = require('node:fs');
      try { fs.mkdirSync(__dirname + '/first'); ${SLOW_LOAD.replace('400', '200')} } catch {}`),
  );
  const both = ['one', 'two'].map(async (name) => {
    const given = leased(await lease(fn, name));
    const told = await answer(given, name);
    given.release();
    return { told, by: given.instanceId };
  });
  const [one, two] = await Promise.all(both);
  expect([one?.told.name, two?.told.name]).toEqual(['one', 'two']);
  expect([begun('one'), begun('two')]).toEqual([1, 1]);
  expect(one?.by).not.toBe(two?.by);
});

test('an edit while its instance is started does not have it begun twice', async () => {
  const { ahead, build, pool, lease, answer, begun } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter(SLOW_LOAD.replace('400', '100'), 'old'));
  const leasing = lease(fn, 'early');
  await vi.waitFor(() => expect(pool.snapshot()).toHaveLength(1));
  build(fn, 'b2', handlerAfter('', 'new'));
  const given = leased(await leasing);
  expect(given.artifactId).toBe('b1');
  expect(await answer(given, 'early')).toMatchObject({ text: 'old' });
  expect(begun('early')).toBe(1);
  given.release();
  const next = leased(await lease(fn, 'next'));
  expect(await answer(next, 'next')).toMatchObject({ text: 'new' });
});

test('a function that leaves the project meanwhile takes the instance with it', async () => {
  const { ahead, build, pool, lease, handles } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter(SLOW_LOAD.replace('400', '100')));
  const leasing = lease(fn, 'early');
  await vi.waitFor(() => expect(pool.snapshot()).toHaveLength(1));
  pool.retireStale(fn.id, undefined);
  await expect(leasing).rejects.toThrow('no longer has a function');
  await handles[0]?.exited;
});

test('an edit that cannot be built is not its failure once its instance is being started', async () => {
  const { ahead, build, pool, lease, answer, current } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter(SLOW_LOAD.replace('400', '100')));
  const leasing = lease(fn, 'early');
  await vi.waitFor(() => expect(pool.snapshot()).toHaveLength(1));
  current.delete(fn.id);
  await expect(lease(fn, 'later')).rejects.toThrow('was never built');
  expect(await answer(leased(await leasing), 'early')).toMatchObject({ name: 'early' });
});

test('code that does not load is told, and its event is not begun', async () => {
  const { ahead, build, lease, begun } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter('throw new Error("does not load");'));
  expect(await lease(fn, 'early')).toMatchObject({
    status: 'refused',
    outcome: { status: 'error', error: { errorMessage: 'does not load' } },
  });
  expect(begun('early')).toBe(0);
});

test('a process that ends right behind its answer has answered', async () => {
  const { ahead, build, lease, answer, handles } = openEarly();
  const fn = functionNamed('hello');
  await ahead(fn);
  build(
    fn,
    'b1',
    `exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      callback(null, { name: event.name });
      process.exit(3);
    };`,
  );
  expect(await answer(leased(await lease(fn, 'early')), 'early')).toEqual({ name: 'early' });
  await handles[0]?.exited;
});

test('where showing the code takes a while, the runtime does not load it before', async () => {
  const files: string[] = [];
  const { ahead, build, lease, answer, folder } = openEarly(
    {},
    {
      isSlow: true,
      provide() {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
        for (const file of files) writeFileSync(file, '');
      },
    },
  );
  files.push(join(folder, 'shown'));
  const fn = functionNamed('hello');
  await ahead(fn);
  build(
    fn,
    'b1',
    `const shown = require('node:fs').existsSync(${JSON.stringify(files[0])}); exports.handler = async () => ({ shown });`,
  );
  expect(await answer(leased(await lease(fn, 'early')), 'early')).toEqual({ shown: true });
});

test('code that cannot be shown is told, and the instance ended', async () => {
  const { ahead, build, pool, lease, killed } = openEarly(
    {},
    {
      isSlow: true,
      provide() {
        throw new Error('no room for a link');
      },
    },
  );
  const fn = functionNamed('hello');
  await ahead(fn);
  build(fn, 'b1', handlerAfter(''));
  await expect(lease(fn, 'early')).rejects.toThrow('no room for a link');
  expect(killed).toHaveLength(1);
  expect(pool.snapshot()).toEqual([]);
});
