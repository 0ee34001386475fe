/** The pool on real child processes. */
import { afterEach, expect, test } from 'vitest';
import type { DevEvent } from '../../../src/model/events.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { Artifact, Lease, LeaseRefusal } from '../../../src/model/runtime.ts';
import { makeEnvironment } from '../../../src/runtime/environment.ts';
import { openPool } from '../../../src/runtime/pool.ts';
import { defaultLimits, type PoolLimits } from '../../../src/runtime/pool-seam.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { SlsError } from '../../../src/std/errors.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { payloadOf, sampleArtifact, sampleFunction } from '../../suites/running-instance.ts';
import { openProcessParts } from './process-parts.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function openTestPool(limits: Partial<PoolLimits> = {}) {
  const parts = openProcessParts();
  const clock = makeFakeClock();
  const events: DevEvent[] = [];
  const codeInUse = makeHolds();
  const builds = new Map<string, Artifact | Promise<Artifact>>();
  const listeners = new Set<(event: DevEvent) => void>();
  const pool = openPool({
    codeInUse,
    backend: parts.backend,
    contracts: [parts.contract],
    artifacts: {
      current: (id) => {
        const build = builds.get(id);
        return build instanceof Promise ? undefined : build;
      },
      artifact: async (id) => {
        const build = await builds.get(id);
        if (!build) throw new SlsError('function-unknown', `no ${id}`);
        builds.set(id, build);
        return build;
      },
    },
    environment: makeEnvironment({ clock, region: 'eu-west-1', endpoint: () => 'http://127.0.0.1:1' }),
    clock,
    ids: randomIds,
    limits: { ...defaultLimits, ...limits },
    emit: (event) => {
      events.push(event);
      for (const listener of listeners) listener(event);
    },
  });
  closers.push(async () => {
    await pool.close();
    await parts.close();
  });
  const nextState = (instanceId: string, status: string) =>
    new Promise<void>((resolve) => {
      listeners.add((event) => {
        if (event.type === 'instance' && event.instanceId === instanceId && event.status === status)
          resolve();
      });
    });
  const count = (status: string) => (times: number) =>
    new Promise<void>((resolve) => {
      let seen = 0;
      listeners.add((event) => {
        if (event.type === 'instance' && event.status === status && ++seen === times) resolve();
      });
    });
  const [nextReady, nextGone] = [count('ready'), count('gone')];
  return { pool, clock, codeInUse, events, builds, listeners, nextState, nextReady, nextGone };
}

function sample(export_: string, more: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    ...sampleFunction({ runtime: 'nodejs22.x', handler: `outcomes.${export_}` }),
    id: export_,
    ...more,
  };
}

async function leased(leasing: Lease | LeaseRefusal | Promise<Lease | LeaseRefusal>): Promise<Lease> {
  const lease = await leasing;
  if (lease.status === 'refused') throw new Error(`refused: ${JSON.stringify(lease.outcome)}`);
  return lease;
}

const invoke = (lease: Lease, event: unknown = {}) =>
  lease.invoke(
    {
      requestId: randomIds.uuid(),
      event: JSON.stringify(event),
      deadlineAt: Date.now() + 3000,
      invokedFunctionArn: 'arn',
      traceHeader: 'Root=1-0-0',
    },
    60_000,
    { onLog: () => {} },
  );

test('an idle instance is lent at once, the most recently used first', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const [first, second] = [await leased(pool.lease(fn)), await leased(pool.lease(fn))];
  expect(first.coldStart).toBeDefined();
  expect(second.instanceId).not.toBe(first.instanceId);
  first.release();
  second.release();
  const again = pool.lease(fn);
  expect(again).not.toBeInstanceOf(Promise);
  expect(again).toMatchObject({ status: 'leased', instanceId: second.instanceId });
  expect(again).not.toHaveProperty('coldStart');
});

test('a queue of very short events is served by few instances', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const run = async () => {
    const lease = await leased(pool.lease(fn));
    await invoke(lease);
    lease.release();
  };
  for (let i = 0; i < 50; i++) await run();
  const before = pool.snapshot().length;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let i = 0; i < 50; i++) await run();
    }),
  );
  expect(before).toBe(1);
  expect(pool.snapshot().length).toBeLessThan(8);
});

test('a waiting event takes the instance that is free first', async () => {
  const { pool, builds } = openTestPool({ perFunction: 1 });
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const first = await leased(pool.lease(fn));
  const waiting = pool.lease(fn);
  first.release();
  expect((await leased(waiting)).instanceId).toBe(first.instanceId);
});

test('after a rebuild no event meets the old code', async () => {
  const { pool, builds, nextState } = openTestPool();
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const old = await leased(pool.lease(fn));
  const oldGone = nextState(old.instanceId, 'gone');

  let finishBuild: (artifact: Artifact) => void = () => {};
  builds.set(fn.id, new Promise<Artifact>((resolve) => (finishBuild = resolve)));
  const waiting = pool.lease(fn);
  old.release();
  finishBuild({ ...sampleArtifact(fn), id: 'newer', handler: 'outcomes.counts' });
  const lease = await leased(waiting);
  expect(lease.artifactId).toBe('newer');
  expect(payloadOf(await invoke(lease))).toBe(1);
  await oldGone;
});

test('a rebuild that gives the same code keeps the instance', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const lease = await leased(pool.lease(fn));
  lease.release();
  builds.set(fn.id, Promise.resolve(sampleArtifact(fn)));
  expect((await leased(pool.lease(fn))).instanceId).toBe(lease.instanceId);
});

test('a failed build fails everyone who waits for it', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('answers');
  builds.set(fn.id, Promise.reject(new SlsError('build-failed', 'unexpected }')));
  const results = await Promise.allSettled([pool.lease(fn), pool.lease(fn)]);
  expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
    'build-failed',
    'build-failed',
  ]);
});

test('code that vanished while a newer build was made fails nobody: the newer one answers', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('answers');
  const good = sampleArtifact(fn);
  builds.set(fn.id, { ...good, id: 'old', dir: `${good.dir}/gone` });
  const leasing = pool.lease(fn);
  builds.set(fn.id, Promise.resolve(good));
  const lease = await leased(leasing);
  expect(pool.snapshot().map(({ artifactId }) => artifactId)).toContain(good.id);
  lease.release();
});

test('code that changes with every start of an instance is run all the same, as it was after the event came', async () => {
  const { pool, builds, listeners } = openTestPool();
  const fn = sample('answers');
  let edits = 0;
  const edit = () => builds.set(fn.id, { ...sampleArtifact(fn), id: `edit-${++edits}` });
  builds.set(fn.id, sampleArtifact(fn));
  listeners.add((event) => {
    if (event.type === 'instance' && event.status === 'ready') edit();
  });
  const lease = await leased(pool.lease(fn));
  expect(lease.artifactId).toBe('edit-2');
  lease.release();
  const next = await leased(pool.lease(fn));
  expect(next.instanceId).not.toBe(lease.instanceId);
});

test('code is in use from the start of an instance until that is gone', async () => {
  const { pool, builds, codeInUse, nextGone } = openTestPool();
  const fn = sample('answers');
  const artifact = sampleArtifact(fn);
  builds.set(fn.id, artifact);
  const leasing = pool.lease(fn);
  expect(codeInUse.has(artifact.dir)).toBe(true);
  (await leased(leasing)).release();
  expect(codeInUse.has(artifact.dir)).toBe(true);
  const gone = nextGone(1);
  pool.retireStale(fn.id, undefined);
  await gone;
  expect(codeInUse.has(artifact.dir)).toBe(false);
});

test('changed settings retire running instances, unchanged ones do not', async () => {
  const { pool, builds, nextState } = openTestPool();
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const lease = await leased(pool.lease(fn));
  lease.release();
  const same = await leased(pool.lease({ ...fn, timeoutMs: 9000 }));
  expect(same.instanceId).toBe(lease.instanceId);
  same.release();
  const gone = nextState(lease.instanceId, 'gone');
  const changed = await leased(pool.lease({ ...fn, env: { TABLE: 'other' } }));
  expect(changed.instanceId).not.toBe(lease.instanceId);
  await gone;
});

test('code that cannot be loaded refuses the event that needed it, and the next one tries again', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('answers', { handler: 'nowhere.handler' });
  builds.set(fn.id, sampleArtifact(fn));
  expect(await pool.lease(fn)).toMatchObject({
    status: 'refused',
    outcome: { status: 'error', phase: 'init' },
  });
  builds.set(fn.id, { ...sampleArtifact(fn), id: 'mended', handler: 'outcomes.answers' });
  expect(await pool.lease(fn)).toMatchObject({ status: 'leased' });
});

test('reserved concurrency throttles, and zero throttles everything', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('answers', { reservedConcurrency: 1 });
  builds.set(fn.id, sampleArtifact(fn));
  const lease = await leased(pool.lease(fn));
  expect(pool.lease(fn)).toMatchObject({
    outcome: { status: 'throttled', reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  });
  lease.release();
  expect(pool.lease(fn)).toMatchObject({ status: 'leased' });
  expect(pool.lease({ ...fn, reservedConcurrency: 0 })).toMatchObject({ status: 'refused' });
});

test('an instance that nobody used for the idle time is ended', async () => {
  const { pool, builds, clock, nextState } = openTestPool({ idleMs: 60_000 });
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const [kept, unused] = [await leased(pool.lease(fn)), await leased(pool.lease(fn))];
  unused.release();
  await clock.advance(40_000);
  kept.release();
  const gone = nextState(unused.instanceId, 'gone');
  await clock.advance(20_000);
  await gone;
  expect(pool.snapshot().map(({ instanceId }) => instanceId)).toEqual([kept.instanceId]);
  await clock.advance(40_000);
  expect(pool.snapshot()).toEqual([]);
});

test('above the total, the instance idle longest makes room', async () => {
  const { pool, builds, clock } = openTestPool({ total: 2 });
  const [a, b, c] = [sample('answers'), sample('counts'), sample('prints')];
  for (const fn of [a, b, c]) builds.set(fn.id, sampleArtifact(fn));
  for (const fn of [a, b]) {
    (await leased(pool.lease(fn))).release();
    await clock.advance(1000);
  }
  await pool.lease(c);
  expect(pool.snapshot().map(({ functionId }) => functionId)).toEqual([b.id, c.id]);
});

test('an instance started ahead of its first event makes that event a warm one', async () => {
  const { pool, builds, events } = openTestPool();
  const fn = sample('answers', { handler: 'slow-init.handler' });
  builds.set(fn.id, sampleArtifact(fn));
  pool.warm(fn);
  pool.warm(fn);
  const first = await leased(pool.lease(fn));
  first.release();
  expect(pool.snapshot()).toHaveLength(1);
  expect(events.filter((event) => event.type === 'instance' && event.status === 'starting')).toHaveLength(1);
});

test('a function that left the project takes its instances with it', async () => {
  const { pool, builds, nextState } = openTestPool();
  const fn = sample('answers');
  builds.set(fn.id, sampleArtifact(fn));
  const lease = await leased(pool.lease(fn));
  lease.release();
  const gone = nextState(lease.instanceId, 'gone');
  pool.retireStale(fn.id, undefined);
  await gone;
  expect(pool.snapshot()).toEqual([]);
});

test('an instance that died while idle is not lent again', async () => {
  const { pool, builds, nextState } = openTestPool();
  const fn = sample('printsLater');
  builds.set(fn.id, { ...sampleArtifact(fn), handler: 'outcomes.diesLater' });
  const lease = await leased(pool.lease(fn));
  const gone = nextState(lease.instanceId, 'gone');
  expect(payloadOf(await invoke(lease))).toBe('first');
  lease.release();
  await gone;
  expect((await leased(pool.lease(fn))).instanceId).not.toBe(lease.instanceId);
});

test('closing ends every instance and turns away who waits', async () => {
  const { pool, builds } = openTestPool({ perFunction: 1 });
  const fn = sample('sleeps');
  builds.set(fn.id, sampleArtifact(fn));
  const lease = await leased(pool.lease(fn));
  const running = invoke(lease, { ms: 60_000 });
  const waiting = Promise.resolve(pool.lease(fn));
  const turnedAway = waiting.catch((failure: SlsError) => failure.code);
  await pool.close();
  expect(await turnedAway).toBe('closed');
  expect(await running).toMatchObject({ status: 'unavailable', code: 'instance-stopped' });
  expect(pool.snapshot()).toEqual([]);
});

test('the versions of a function share its reserved concurrency', async () => {
  const { pool, builds } = openTestPool();
  const latest = sample('answers', { reservedConcurrency: 1 });
  const version = { ...latest, id: 'answers:1', version: '1' };
  builds.set(latest.id, sampleArtifact(latest));
  builds.set(version.id, sampleArtifact(version));
  const lease = await leased(pool.lease(latest));
  expect(await pool.lease(version)).toMatchObject({ status: 'refused', outcome: { status: 'throttled' } });
  lease.release();
  (await leased(pool.lease(version))).release();
});

test('provisioned instances are up ahead, and stay when idle ones are ended', async () => {
  const { pool, builds, clock, nextReady } = openTestPool({ idleMs: 1000 });
  const fn = sample('answers', { provisionedConcurrency: 2 });
  builds.set(fn.id, sampleArtifact(fn));
  const up = nextReady(2);
  pool.provision(fn);
  await up;
  await new Promise((resolve) => setImmediate(resolve));
  const leases = [await leased(pool.lease(fn)), await leased(pool.lease(fn)), await leased(pool.lease(fn))];
  expect(leases.map(({ coldStart }) => coldStart !== undefined)).toEqual([false, false, true]);
  for (const lease of leases) lease.release();
  await clock.advance(1001);
  expect(pool.snapshot().filter(({ state }) => state === 'idle')).toHaveLength(2);
  pool.retireStale(fn.id, sample('answers'));
  await clock.advance(1001);
  expect(pool.snapshot().filter(({ state }) => state === 'idle')).toHaveLength(0);
});

test('code that cannot be loaded is not tried again and again to provision it', async () => {
  const { pool, builds, events, nextGone } = openTestPool();
  const fn = sample('absent', { provisionedConcurrency: 1 });
  builds.set(fn.id, sampleArtifact(fn));
  const gone = nextGone(1);
  pool.provision(fn);
  await gone;
  expect(pool.snapshot()).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(events.filter((event) => event.type === 'instance' && event.status === 'starting')).toHaveLength(1);
});

test('tenants never share an instance, and each finds its own again', async () => {
  const { pool, builds } = openTestPool();
  const fn = sample('counts', { tenantIsolation: true, reservedConcurrency: 2 });
  builds.set(fn.id, sampleArtifact(fn));
  const count = async (tenantId: string) => {
    const lease = await leased(pool.lease(fn, tenantId));
    const value = payloadOf(await invoke(lease));
    lease.release();
    return value;
  };
  expect([await count('blue'), await count('red'), await count('blue')]).toEqual([1, 1, 2]);
  const held = [await leased(pool.lease(fn, 'blue')), await leased(pool.lease(fn, 'red'))];
  expect(await pool.lease(fn, 'green')).toMatchObject({
    status: 'refused',
    outcome: { status: 'throttled' },
  });
  for (const lease of held) lease.release();
  pool.retireStale(fn.id, undefined);
  expect(pool.snapshot()).toEqual([]);
});
