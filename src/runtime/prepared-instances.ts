/**
 * Keeps instances ready for what is called or built next: one for each function, or some for all functions that start the
 * same runtime in the same way, as the backend can make them.
 */
import type { Timer } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact, Artifacts } from '../model/runtime.ts';
import { bootSettings, bootVariables, readsCodeAtBoot } from './boot-settings.ts';
import { asksForExtensions } from './extensions/asks-for-extensions.ts';
import { instanceSettings } from './instance-settings.ts';
import type { InstanceMakerOptions } from './make-instance.ts';
import { type PreparedInstance, prepareInstance } from './prepared-instance.ts';
import { PreparedShelf } from './prepared-shelf.ts';

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
  /** Whether there is memory for more of them. */
  readonly mayGrow?: () => boolean;
}

/** The events that waited for the last start have the machine to themselves so long. */
const PAUSE_MS = 100;
/** After so long without a start that found none, fewer are kept. */
const SHRINK_MS = 60_000;
/** What depends on the build or the day; anything else that differs is no matter of an assignment. */
const ASSIGNED = new Set(['_HANDLER', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_LOG_STREAM_NAME']);

/** Stands for the code of an instance that is told its function later. */
const withoutCode: Artifact = { id: '', functionId: '', dir: '', handler: '', inputs: [] };

/** What one can be prepared for. */
interface Purpose {
  readonly key: string;
  readonly serves: 'function' | 'runtime';
}

export function makePreparedInstances(options: PreparedInstancesOptions): PreparedInstances {
  const { artifacts, backend, clock, contracts, environment, ids, isQuiet, onDebugTarget } = options;
  const shelf = new PreparedShelf();
  const ends = new Set<Promise<void>>();
  let timer: Timer | undefined;
  let shrinking: Timer | undefined;
  let making = false;
  let closed = false;

  /** Undefined where none can be prepared. */
  const purposeOf = (fn: FunctionSpec): Purpose | undefined => {
    if (!waysFor(fn)) return undefined;
    const serves = backend.preparedServes ?? 'function';
    const settings =
      serves === 'function' ? undefined : bootSettings(fn, backend.memoryAtBoot?.(fn.memoryMb));
    if (settings !== undefined) return { key: settings, serves: 'runtime' };
    return serves === 'runtime' ? undefined : { key: `${fn.id} ${instanceSettings(fn)}`, serves: 'function' };
  };

  const waysFor = (fn: FunctionSpec) => {
    const prepareLine = contracts.find((contract) => contract.supports(fn))?.prepare;
    const prepareIn = backend.prepare;
    return prepareLine && prepareIn && !readsCodeAtBoot(fn) ? { prepareLine, prepareIn } : undefined;
  };

  const arm = () => {
    if (!closed && !making && shelf.lacking) timer ??= clock.after(PAUSE_MS, makeNext);
  };

  const makeNext = () => {
    timer = undefined;
    const next = shelf.lacking;
    if (!next || !isQuiet()) return;
    if (shelf.count > 0 && options.mayGrow?.() === false) return;
    const artifact = next.serves === 'runtime' ? withoutCode : artifacts.current(next.fn.id);
    if (artifact) return begin(next.key, next.fn, next.serves, artifact);
    // While it is built, nothing is lost: the build's own start asks again.
    shelf.unwant(next.key);
    arm();
  };

  const begin = (key: string, fn: FunctionSpec, serves: Purpose['serves'], artifact: Artifact) => {
    making = true;
    const coming = make(fn, serves, artifact).catch(() => undefined);
    const entry = { fn, coming };
    for (const dropped of shelf.put(key, serves, entry)) end(dropped.coming);
    void coming.then((instance) => {
      making = false;
      if (!instance) shelf.unwant(key);
      arm();
      const forget = () => {
        if (!shelf.remove(key, entry)) return;
        end(coming);
        // It ended by itself: what ended this one may end the next.
        shelf.unwant(key);
      };
      if (instance) void instance.handle.exited.then(forget);
      else forget();
    });
  };

  const make = async (fn: FunctionSpec, serves: Purpose['serves'], artifact: Artifact) => {
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
    for (const entry of shelf.dropFunction(functionId)) end(entry.coming);
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
    serves: Purpose['serves'],
  ) => {
    if (asksForExtensions(fn, artifact)) return false;
    const needed = environment.of(fn, artifact, instanceId, placement);
    const compared = serves === 'runtime' ? bootVariables(needed) : needed;
    const names = new Set([...Object.keys(env), ...Object.keys(compared)]);
    for (const name of names) if (env[name] !== compared[name] && !ASSIGNED.has(name)) return false;
    try {
      return handle.fits(artifact, fn);
    } catch {
      // A folder that cannot be read or written is told by the start that takes its place, if it matters there.
      return false;
    }
  };

  const shrinkLater = () => {
    shrinking?.cancel();
    shrinking = clock.after(SHRINK_MS, () => {
      for (const { coming } of shelf.shrink()) end(coming);
      if (shelf.isGrown) shrinkLater();
    });
  };

  return {
    want(fn) {
      const purpose = purposeOf(fn);
      if (!purpose) return;
      for (const { coming } of shelf.want(purpose.key, purpose.serves, fn)) end(coming);
      arm();
    },
    ahead(fn) {
      const purpose = purposeOf(fn);
      if (purpose?.serves !== 'runtime' || closed || making || shelf.has(purpose.key)) return;
      begin(purpose.key, fn, 'runtime', withoutCode);
    },
    async take(fn, artifact) {
      const purpose = purposeOf(fn);
      const { entry, outlived } = shelf.take(fn, purpose?.key);
      for (const { coming } of outlived) end(coming);
      if (!purpose) return undefined;
      // Also when its code does not load: what mends that comes with the next build.
      if (entry || outlived.length > 0) shelf.want(purpose.key, purpose.serves, fn);
      else if (shelf.grow(purpose.key)) shrinkLater();
      if (!entry) return undefined;
      const instance = await entry.coming;
      if (instance && !closed && fits(instance, fn, artifact, purpose.serves)) return instance;
      end(entry.coming);
      return undefined;
    },
    onQuiet: arm,
    drop,
    async close() {
      closed = true;
      timer?.cancel();
      shrinking?.cancel();
      for (const { coming } of shelf.clear()) end(coming);
      await Promise.all(ends);
    },
  };
}
