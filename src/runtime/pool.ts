/** Lends instances, one event at a time: reuses warm ones, starts what is missing, ends what is old, idle or too much. */
import { availableParallelism } from 'node:os';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact, ColdStart, Delivery, Lease, LeaseRefusal } from '../model/runtime.ts';
import { realTime } from '../std/clock.ts';
import { SlsError } from '../std/errors.ts';
import { FunctionSlot, type Waiter } from './function-slot.ts';
import { makeIdleCare } from './idle-care.ts';
import { makeIdleEnd } from './idle-end.ts';
import type { Instance } from './instance.ts';
import { leastLoaded } from './line-up.ts';
import { makeInstanceMaker } from './make-instance.ts';
import type { Pool, PoolOptions } from './pool-seam.ts';
import { makePreparedInstances } from './prepared-instances.ts';
import { lineUpDepth, lineUpDepthBesideIdle, startsWanted } from './scale-policy.ts';
import { withSecondInit } from './second-init.ts';

export function openPool(options: PoolOptions): Pool {
  const { artifacts, clock, codeInUse, limits, cold = 'fast', stopwatch = realTime } = options;
  const makeInstance = makeInstanceMaker(options);
  const maxStarts = limits.starts ?? Math.max(2, availableParallelism());
  const slots = new Map<string, FunctionSlot>();
  /** Running, but not to be given out again. */
  const outdated = new WeakSet<Instance>();
  const care = makeIdleCare({
    clock,
    freeze: options.freeze ?? false,
    budgetBytes: (limits.memoryMb ?? Number.POSITIVE_INFINITY) * 2 ** 20,
    instances: function* () {
      for (const slot of slots.values()) yield* slot.instances;
    },
    retire: (instance) => retire(instance),
  });
  const prepared = makePreparedInstances({
    ...options,
    isQuiet: () => startsUnderWay === 0,
    mayGrow: care.hasRoom,
  });
  let startsUnderWay = 0;
  const idleEnd = makeIdleEnd({
    clock,
    limits,
    slots: () => slots.values(),
    retire: (instance) => retire(instance),
  });
  let closed = false;

  /** A tenant of a function has instances of its own. */
  const slotOf = (fn: FunctionSpec, tenantId?: string): FunctionSlot => {
    const key = tenantId === undefined ? fn.id : `${fn.id} ${tenantId}`;
    let slot = slots.get(key);
    if (!slot) {
      slot = new FunctionSlot(fn);
      slots.set(key, slot);
    }
    if (slot.adopt(fn)) retireAll(slot);
    return slot;
  };

  /** Events of all versions and tenants of a function, which share its reserved concurrency. */
  const held = (name: string) => {
    let events = 0;
    for (const { fn, leased, waiters } of slots.values())
      if (fn.name === name) events += leased + waiters.length;
    return events;
  };

  const retire = (instance: Instance) => void instance.kill();

  /** Idle ones now; busy ones when they are given back. */
  const retireAll = (slot: FunctionSlot) => {
    prepared.drop(slot.fn.id);
    for (const instance of slot.instances) {
      slot.instances.delete(instance);
      outdated.add(instance);
      if (instance.state === 'idle') retire(instance);
    }
    slot.idle.length = 0;
  };

  const lend = (slot: FunctionSlot, instance: Instance, coldStart?: ColdStart): Lease => {
    slot.leased++;
    instance.take();
    let tookMs = 0;
    let usedMs: number | undefined;
    return {
      status: 'leased',
      instanceId: instance.id,
      artifactId: instance.artifact.id,
      ...(coldStart ? { coldStart } : {}),
      async invoke(delivery, timeoutMs, watch) {
        const { end, handlerMs, heldMs, cpuMs } = await instance.invoke(delivery, timeoutMs, watch);
        if (end !== 'not-begun') slot.took(heldMs);
        tookMs = handlerMs;
        usedMs = cpuMs;
        return end;
      },
      settled: () => instance.settled(),
      handlerMs: () => tookMs,
      cpuMs: () => usedMs,
      memoryPeakBytes: () => instance.memoryPeakBytes(),
      release() {
        slot.leased--;
        instance.giveBack();
        putBack(slot, instance);
        if (slot.waiters.length > 0) serve(slot);
        // In place of one that did not outlive its event.
        startProvisioned(slot);
      },
    };
  };

  const retireStaleOf = (slot: FunctionSlot, fn: FunctionSpec) => {
    if (slot.adopt(fn)) retireAll(slot);
    if (slot.idle.length > 0) idleEnd.watch();
    const artifact = artifacts.current(fn.id);
    for (const instance of artifact ? [...slot.idle] : [])
      if (instance.artifact.id !== artifact?.id) retire(instance);
  };

  const putBack = (slot: FunctionSlot, instance: Instance) => {
    if (instance.state !== 'idle') return;
    if (outdated.has(instance) || closed) return retire(instance);
    slot.idle.push(instance);
    care.onIdle(instance);
    idleEnd.watch();
  };

  /** Gives out what is idle, then starts what is missing. */
  const serve = (slot: FunctionSlot) => {
    if (slot.waiters.length === 0) return;
    const artifact = artifacts.current(slot.fn.id);
    if (!artifact) return awaitBuild(slot);
    for (
      let instance = slot.takeIdle(artifact, retire);
      instance;
      instance = slot.takeIdle(artifact, retire)
    ) {
      const waiter = slot.next();
      if (!waiter) return putBack(slot, instance);
      waiter.resolve(lend(slot, instance));
    }
    for (
      let instance = instanceToLineUpAt(slot, artifact);
      instance;
      instance = instanceToLineUpAt(slot, artifact)
    ) {
      const waiter = slot.next();
      if (!waiter) break;
      waiter.resolve(lend(slot, instance));
    }
    startMissing(slot, artifact);
  };

  const instanceToLineUpAt = (slot: FunctionSlot, artifact: Artifact, depth = lineUpDepth(slot.averageMs)) =>
    leastLoaded(
      slot.instances,
      depth,
      (instance) => instance.artifact.id === artifact.id && !outdated.has(instance),
    );

  const instanceFor = (slot: FunctionSlot, artifact: Artifact): Instance | undefined =>
    instanceToLineUpAt(slot, artifact, lineUpDepthBesideIdle(slot.averageMs)) ??
    slot.takeIdle(artifact, retire) ??
    instanceToLineUpAt(slot, artifact);

  const awaitBuild = (slot: FunctionSlot) => {
    slot.building ??= artifacts.artifact(slot.fn.id).then(
      () => {
        slot.building = undefined;
        serve(slot);
      },
      (failure: unknown) => {
        slot.building = undefined;
        slot.failBuild(failure);
      },
    );
  };

  const startMissing = (slot: FunctionSlot, artifact: Artifact) => {
    if (slot.waiters.length === 0) return;
    // One look at the stopwatch: whoever is not overdue by it is watched.
    const now = stopwatch();
    const wanted = startsWanted(slot.load(limits.perFunction - slot.count, now));
    for (let i = 0; i < wanted && startsUnderWay < maxStarts; i++) begin(slot, artifact);
    slot.watchPatience(now, () => serve(slot));
  };

  /** What an older build fails with is nobody's answer any more. */
  const begin = (slot: FunctionSlot, artifact: Artifact) => {
    idleEnd.makeRoom();
    const bound = slot.bind();
    slot.starting++;
    startsUnderWay++;
    const begunAt = stopwatch();
    const release = codeInUse.hold(artifact.dir);
    withSecondInit(
      (initBudgetMs) =>
        start(slot, artifact, initBudgetMs, initBudgetMs === undefined ? bound?.early : undefined),
      slot.fn.timeoutMs,
      () => slot.waiters.length > 0 && !closed,
    )
      .finally(release)
      .then(
        ({ instance, started }) => {
          countStart(slot, bound);
          if (started.status !== 'ready') slot.unfit = artifact.id;
          if (started.status === 'ready' && started.began) onBegun(slot, instance, started.coldStart, bound);
          else if (started.status === 'ready') onReady(slot, instance, started.coldStart, begunAt);
          else if (isCurrent(slot, instance))
            slot.next()?.resolve(refusal(instance, started.outcome, started.coldStart));
          serveAll();
        },
        (failure: unknown) => {
          countStart(slot, bound);
          slot.unfit = artifact.id;
          if (isNewest(slot, artifact)) slot.next()?.reject(failure);
          serveAll();
        },
      );
  };

  const startProvisioned = (slot: FunctionSlot) => {
    const { provisionedConcurrency = 0, id } = slot.fn;
    const most = Math.min(provisionedConcurrency, limits.perFunction);
    if (most === 0 || closed || slot.count >= most || slots.get(id) !== slot) return;
    const artifact = artifacts.current(id);
    // A build that fails is told where it fails.
    if (!artifact)
      return void artifacts.artifact(id).then(
        () => startProvisioned(slot),
        () => {},
      );
    while (slot.count < most && startsUnderWay < maxStarts && slot.unfit !== artifact.id)
      begin(slot, artifact);
  };

  const start = async (
    slot: FunctionSlot,
    artifact: Artifact,
    initBudgetMs: number | undefined,
    early: (() => Delivery) | undefined,
  ) => {
    const { fn } = slot;
    const release = codeInUse.hold(artifact.dir);
    const onGone = (gone: Instance) => {
      slot.remove(gone);
      release();
    };
    const ahead = await prepared.take(fn, artifact);
    const instance = await makeInstance(fn, artifact, onGone, ahead, initBudgetMs, early).catch((failure) => {
      release();
      throw failure;
    });
    if (instance.state !== 'gone') slot.instances.add(instance);
    if (closed) await instance.kill();
    return { instance, started: await instance.started };
  };

  const isNewest = (slot: FunctionSlot, artifact: Artifact) =>
    artifacts.current(slot.fn.id)?.id === artifact.id;

  const isCurrent = (slot: FunctionSlot, instance: Instance) =>
    isNewest(slot, instance.artifact) && !outdated.has(instance);

  /** Who was bound to the start is free in the very turn in which it is decided what becomes of them. */
  const countStart = (slot: FunctionSlot, bound: Waiter | undefined) => {
    if (bound) bound.isBound = false;
    slot.starting--;
    startsUnderWay--;
    if (startsUnderWay === 0) prepared.onQuiet();
  };

  const onReady = (slot: FunctionSlot, instance: Instance, coldStart: ColdStart, begunAt: number) => {
    const fits =
      instance.state === 'idle' &&
      !outdated.has(instance) &&
      (isNewest(slot, instance.artifact) || slot.settlesFor(begunAt, stopwatch()));
    const waiter = fits ? slot.next() : undefined;
    if (waiter) return waiter.resolve(lend(slot, instance, coldStart));
    for (const line of coldStart.logs) options.emit({ type: 'log', functionId: slot.fn.id, line });
    putBack(slot, instance);
  };

  /** What it runs is no older than the event, whatever was edited since. */
  const onBegun = (
    slot: FunctionSlot,
    instance: Instance,
    coldStart: ColdStart,
    bound: Waiter | undefined,
  ) => {
    const waiter = instance.state === 'idle' && bound ? slot.takeBound(bound) : undefined;
    if (waiter) waiter.resolve(lend(slot, instance, coldStart));
    else retire(instance);
  };

  /** A start that ended may have let another function's start wait. */
  const serveAll = () => {
    for (const slot of slots.values()) serve(slot);
    for (const slot of slots.values()) startProvisioned(slot);
  };

  return {
    lease(fn, tenantId, early) {
      if (closed) return Promise.reject(closing());
      const slot = slotOf(fn, tenantId);
      if (fn.reservedConcurrency !== undefined && held(fn.name) >= fn.reservedConcurrency) return throttled;
      if (slot.waiters.length === 0) {
        const artifact = artifacts.current(fn.id);
        const instance = artifact && instanceFor(slot, artifact);
        if (instance) return lend(slot, instance);
      }
      return new Promise((resolve, reject) => {
        slot.waiters.push({ since: stopwatch(), early, resolve, reject });
        serve(slot);
      });
    },
    provision(fn) {
      if (closed || (fn.provisionedConcurrency ?? 0) === 0) return;
      const slot = slotOf(fn);
      slot.unfit = undefined;
      startProvisioned(slot);
    },
    warm(fn) {
      // Whose event comes next is not known.
      if (fn.tenantIsolation) return;
      const slot = slotOf(fn);
      const artifact = artifacts.current(fn.id);
      if (closed || cold !== 'fast' || !artifact || slot.starting > 0) return;
      if (slot.idle.some((instance) => instance.artifact.id === artifact.id)) return;
      if (slot.count < limits.perFunction && startsUnderWay < maxStarts) begin(slot, artifact);
    },
    prepare(fn) {
      if (!closed && cold !== 'faithful') prepared.want(fn);
    },
    prepareAhead(fn) {
      if (!closed && cold !== 'faithful') prepared.ahead(fn);
    },
    retireStale(functionId, fn) {
      for (const [key, slot] of slots) {
        if (slot.fn.id !== functionId) continue;
        if (fn) retireStaleOf(slot, fn);
        else {
          retireAll(slot);
          slots.delete(key);
          slot.failAll(
            new SlsError('function-unknown', `the project no longer has a function "${functionId}"`),
          );
        }
      }
    },
    snapshot: () =>
      [...slots.values()].flatMap((slot) =>
        [...slot.instances].map(({ id, artifact, state }) => ({
          instanceId: id,
          functionId: slot.fn.id,
          artifactId: artifact.id,
          state,
        })),
      ),
    async kill(instanceId) {
      for (const slot of slots.values())
        for (const instance of slot.instances) if (instance.id === instanceId) await instance.kill();
    },
    async close() {
      closed = true;
      idleEnd.close();
      care.close();
      const all = [...slots.values()];
      for (const slot of all) {
        clearTimeout(slot.patience);
        slot.failAll(closing());
      }
      await Promise.all([
        prepared.close(),
        ...all.flatMap((slot) => [...slot.instances].map((instance) => instance.kill())),
      ]);
    },
  };
}

const throttled: LeaseRefusal = {
  status: 'refused',
  outcome: { status: 'throttled', reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
};

function refusal(instance: Instance, outcome: LeaseRefusal['outcome'], coldStart: ColdStart): LeaseRefusal {
  return { status: 'refused', outcome, instanceId: instance.id, coldStart };
}

function closing(): SlsError {
  return new SlsError('closed', 'the session is stopping');
}
