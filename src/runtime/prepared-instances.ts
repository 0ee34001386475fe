/** Keeps an instance ready for the next build of functions in use, where starting one takes longer than building. */
import type { Timer } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact, Artifacts } from '../model/runtime.ts';
import { instanceSettings } from './instance-settings.ts';
import type { InstanceMakerOptions } from './make-instance.ts';
import { type PreparedInstance, prepareInstance } from './prepared-instance.ts';

export interface PreparedInstances {
  /** Has one started for the function when nothing else is being started; it is kept until it is taken or does not fit any more. */
  want(fn: FunctionSpec): void;
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
  readonly settings: string;
  /** Undefined when it did not come up. Never rejects: what is wrong shows with an instance that is needed. */
  readonly coming: Promise<PreparedInstance | undefined>;
}

/** Functions that have one, least recently wanted first out: each costs the memory of a runtime without code. */
const MOST = 4;
/** The events that waited for the last start have the machine to themselves so long. */
const PAUSE_MS = 100;
/** What depends on the build or the day; anything else that differs is no matter of an assignment. */
const ASSIGNED = new Set(['_HANDLER', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_LOG_STREAM_NAME']);

export function makePreparedInstances(options: PreparedInstancesOptions): PreparedInstances {
  const { artifacts, backend, clock, contracts, environment, ids, isQuiet, onDebugTarget } = options;
  const kept = new Map<string, Kept>();
  const wanted = new Map<string, FunctionSpec>();
  const ends = new Set<Promise<void>>();
  let timer: Timer | undefined;
  let making = false;
  let closed = false;

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
    const [fn] = wanted.values();
    if (!fn || !isQuiet()) return;
    wanted.delete(fn.id);
    const artifact = artifacts.current(fn.id);
    // While it is built, nothing is lost: the build's own start asks again.
    if (!artifact) return arm();
    making = true;
    const coming = make(fn, artifact).catch(() => undefined);
    const entry: Kept = { settings: instanceSettings(fn), coming };
    kept.set(fn.id, entry);
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST))) drop(oldest);
    void coming.then((instance) => {
      making = false;
      arm();
      const forget = () => {
        if (kept.get(fn.id) === entry) drop(fn.id);
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
    const env = environment.of(fn, artifact, instanceId, placement);
    const debug = onDebugTarget !== undefined;
    const parts = { instanceId, fn, artifact, ...ways, placement, env, debug, clock };
    const instance = await prepareInstance(parts).catch(() => undefined);
    if (!instance) environment.forget(instanceId);
    return instance;
  };

  const drop = (functionId: string) => {
    wanted.delete(functionId);
    const entry = kept.get(functionId);
    if (!entry) return;
    kept.delete(functionId);
    end(entry.coming);
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
    const needed = environment.of(fn, artifact, instanceId, placement);
    const names = new Set([...Object.keys(env), ...Object.keys(needed)]);
    for (const name of names) if (env[name] !== needed[name] && !ASSIGNED.has(name)) return false;
    try {
      return handle.provide(artifact);
    } catch {
      // A folder that cannot be read or written is told by the start that takes its place, if it matters there.
      return false;
    }
  };

  return {
    want(fn) {
      if (!waysFor(fn)) return;
      const entry = kept.get(fn.id);
      if (entry?.settings === instanceSettings(fn)) {
        kept.delete(fn.id);
        kept.set(fn.id, entry);
        return;
      }
      drop(fn.id);
      wanted.set(fn.id, fn);
      arm();
    },
    async take(fn, artifact) {
      const entry = kept.get(fn.id);
      if (!entry) return undefined;
      kept.delete(fn.id);
      // Also when its code does not load: what mends that comes with the next build.
      wanted.set(fn.id, fn);
      const instance = entry.settings === instanceSettings(fn) ? await entry.coming : undefined;
      if (instance && !closed && fits(instance, fn, artifact)) return instance;
      end(entry.coming);
      return undefined;
    },
    onQuiet: arm,
    drop,
    async close() {
      closed = true;
      timer?.cancel();
      for (const functionId of [...kept.keys()]) drop(functionId);
      await Promise.all(ends);
    },
  };
}

/** Variables that name files a process looks for once, when it starts: they may be part of the code. */
const FILES_AT_BOOT = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'NODE_EXTRA_CA_CERTS', 'OPENSSL_CONF', 'PYTHONPATH'];

/** Files of the project that a process reads while it boots could be missing then, or older than the build it is given. */
function readsCodeAtBoot({ env, layers, runtime }: FunctionSpec): boolean {
  if (FILES_AT_BOOT.some((name) => env[name] !== undefined)) return true;
  // Layers are on Python's path: it looks there for a `sitecustomize`.
  if (runtime.startsWith('python')) return layers.length > 0;
  return /(?:^|\s)(?:-r|--(?:require|import|(?:experimental-)?loader|env-file\S*))(?:[\s=]|$)/.test(
    env.NODE_OPTIONS ?? '',
  );
}
