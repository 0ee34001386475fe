/**
 * Keeps an instance ready for the next build of functions in use: one for each function, or one for all that start the same
 * runtime in the same way, as the backend can make them.
 */
import type { Timer } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact, Artifacts } from '../model/runtime.ts';
import { bootSettings, bootVariables, readsCodeAtBoot } from './boot-settings.ts';
import { asksForExtensions } from './extensions/asks-for-extensions.ts';
import { instanceSettings } from './instance-settings.ts';
import type { InstanceMakerOptions } from './make-instance.ts';
import { type PreparedInstance, prepareInstance } from './prepared-instance.ts';

export interface PreparedInstances {
  /** Has one started for the function when nothing else is being started; it is kept until it is taken or does not fit any more. */
  want(fn: FunctionSpec): void;
  /** Has one started at once, before anything is built, where the backend can; for the first start of all. */
  ahead(fn: FunctionSpec): void;
  /** The one for this function, if it can run the artifact, and another one is wanted; waits for one that is being started. */
  take(fn: FunctionSpec, artifact: Artifact): Promise<PreparedInstance | undefined>;
  /** Nothing else is being started any more. */
  onQuiet(): void;
  drop(functionId: string): void;
  close(): Promise<void>;
}

export interface PreparedInstancesOptions extends InstanceMakerOptions {
  readonly artifacts: Artifacts;
  /** Whether no event waits for a start. */
  readonly isQuiet: () => boolean;
}

interface Kept {
  /** The function it was wanted for. */
  readonly fn: FunctionSpec;
  /** Undefined when it did not come up. Never rejects: what is wrong shows with an instance that is needed. */
  readonly coming: Promise<PreparedInstance | undefined>;
}

/** Functions that have one, least recently wanted first out: each costs the memory of a runtime without code. */
const MOST = 4;
/** The events that waited for the last start have the machine to themselves so long. */
const PAUSE_MS = 100;
/** What depends on the build or the day; anything else that differs is no matter of an assignment. */
const ASSIGNED = new Set(['_HANDLER', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_LOG_STREAM_NAME']);

/** Stands for the code of an instance that is told its function later. */
const withoutCode: Artifact = { id: '', functionId: '', dir: '', handler: '', inputs: [] };

export function makePreparedInstances(options: PreparedInstancesOptions): PreparedInstances {
  const { artifacts, backend, clock, contracts, environment, ids, isQuiet, onDebugTarget } = options;
  /** Both by the key of the function. */
  const kept = new Map<string, Kept>();
  const wanted = new Map<string, FunctionSpec>();
  const ends = new Set<Promise<void>>();
  let timer: Timer | undefined;
  let making = false;
  let closed = false;

  const serves = backend.preparedServes ?? 'function';
  /** A prepared instance serves every function of its key; undefined where none can be prepared. */
  const keyOf = (fn: FunctionSpec): string | undefined => {
    if (!waysFor(fn)) return undefined;
    return serves === 'runtime' ? bootSettings(fn) : `${fn.id} ${instanceSettings(fn)}`;
  };

  const waysFor = (fn: FunctionSpec) => {
    const prepareLine = contracts.find((contract) => contract.supports(fn))?.prepare;
    const prepareIn = backend.prepare;
    return prepareLine && prepareIn && !readsCodeAtBoot(fn) ? { prepareLine, prepareIn } : undefined;
  };

  const arm = () => {
    if (!closed && !making && wanted.size > 0) timer ??= clock.after(PAUSE_MS, makeNext);
  };

  const makeNext = () => {
    timer = undefined;
    const [next] = wanted;
    if (!next || !isQuiet()) return;
    const [key, fn] = next;
    wanted.delete(key);
    const artifact = serves === 'runtime' ? withoutCode : artifacts.current(fn.id);
    // While it is built, nothing is lost: the build's own start asks again.
    if (!artifact) return arm();
    begin(key, fn, artifact);
  };

  const begin = (key: string, fn: FunctionSpec, artifact: Artifact) => {
    making = true;
    const coming = make(fn, artifact).catch(() => undefined);
    const entry: Kept = { fn, coming };
    kept.set(key, entry);
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST))) remove(oldest);
    void coming.then((instance) => {
      making = false;
      arm();
      const forget = () => {
        if (kept.get(key) === entry) remove(key);
      };
      if (instance) void instance.handle.exited.then(forget);
      else forget();
    });
  };

  const make = async (fn: FunctionSpec, artifact: Artifact) => {
    const ways = waysFor(fn);
    if (!ways) return undefined;
    const placement = await backend.placement();
    const instanceId = ids.hex(4);
    const whole = environment.of(fn, artifact, instanceId, placement);
    const env = serves === 'runtime' ? bootVariables(whole) : whole;
    const debug = onDebugTarget !== undefined;
    const parts = { instanceId, fn, artifact, ...ways, placement, env, debug, clock };
    const instance = await prepareInstance(parts).catch(() => undefined);
    if (!instance) environment.forget(instanceId);
    return instance;
  };

  const drop = (functionId: string) => {
    for (const [key, fn] of wanted) if (fn.id === functionId) wanted.delete(key);
    for (const [key, { fn }] of kept) if (fn.id === functionId) remove(key);
  };

  const remove = (key: string) => {
    const entry = kept.get(key);
    kept.delete(key);
    if (entry) end(entry.coming);
  };

  const end = (coming: Promise<PreparedInstance | undefined>) => {
    const ending = coming
      .then(async (instance) => {
        await instance?.end();
        if (instance) environment.forget(instance.instanceId);
      })
      .finally(() => ends.delete(ending));
    ends.add(ending);
  };

  const fits = (
    { instanceId, placement, env, handle }: PreparedInstance,
    fn: FunctionSpec,
    artifact: Artifact,
  ) => {
    if (asksForExtensions(fn, artifact)) return false;
    const needed = environment.of(fn, artifact, instanceId, placement);
    const compared = serves === 'runtime' ? bootVariables(needed) : needed;
    const names = new Set([...Object.keys(env), ...Object.keys(compared)]);
    for (const name of names) if (env[name] !== compared[name] && !ASSIGNED.has(name)) return false;
    try {
      return handle.provide(artifact, fn);
    } catch {
      // A folder that cannot be read or written is told by the start that takes its place, if it matters there.
      return false;
    }
  };

  return {
    want(fn) {
      const key = keyOf(fn);
      if (key === undefined) return;
      const entry = kept.get(key);
      if (entry) {
        kept.delete(key);
        kept.set(key, entry);
        return;
      }
      if (serves === 'function') drop(fn.id);
      wanted.set(key, fn);
      arm();
    },
    ahead(fn) {
      const key = serves === 'runtime' ? keyOf(fn) : undefined;
      if (key !== undefined && !closed && !making && !kept.has(key)) begin(key, fn, withoutCode);
    },
    async take(fn, artifact) {
      const key = keyOf(fn);
      const entry = key === undefined ? undefined : kept.get(key);
      const outlived = [...kept.values()].some((other) => other !== entry && other.fn.id === fn.id);
      if (outlived && serves === 'function') drop(fn.id);
      // Also when its code does not load: what mends that comes with the next build.
      if (key !== undefined && (entry || outlived)) wanted.set(key, fn);
      if (key === undefined || !entry) return undefined;
      kept.delete(key);
      const instance = await entry.coming;
      if (instance && !closed && fits(instance, fn, artifact)) return instance;
      end(entry.coming);
      return undefined;
    },
    onQuiet: arm,
    drop,
    async close() {
      closed = true;
      timer?.cancel();
      for (const key of [...kept.keys()]) remove(key);
      await Promise.all(ends);
    },
  };
}
