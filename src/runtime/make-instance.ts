/** Makes an instance of a function: picks its contract, gives it a name, an environment and a voice. */
import type { DevEvent } from '../model/events.ts';
import type { Clock, Ids } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type {
  Artifact,
  Backend,
  Contract,
  DebugTarget,
  Delivery,
  JavaDebugTarget,
} from '../model/runtime.ts';
import { SlsError } from '../std/errors.ts';
import type { Environment } from './environment.ts';
import { Instance } from './instance.ts';
import type { InstanceState } from './instance-seam.ts';
import type { PreparedInstance } from './prepared-instance.ts';

export interface InstanceMakerOptions {
  readonly backend: Backend;
  /** The first that supports a function serves it. */
  readonly contracts: readonly Contract[];
  readonly environment: Environment;
  readonly clock: Clock;
  /** By which it is decided who waits for whom. Default: `realTime`. */
  readonly stopwatch?: () => number;
  readonly ids: Ids;
  readonly emit: (event: DevEvent) => void;
  /** `keep`: an instance whose handler took too long is used again, when that has ended. */
  readonly timeoutMode?: 'kill' | 'keep';
  /** With a debugger's front: told of every instance before it runs user code, which then waits for its release. */
  readonly onDebugTarget?: (target: DebugTarget) => void;
  /** Beside it: told of every JVM before it is started. */
  readonly onJavaTarget?: (target: JavaDebugTarget) => void;
}

/** The instance starts at once, from `prepared` where one is given; `onGone` is called when it has ended. Rejects with `SlsError` when none can be made. */
export function makeInstanceMaker(options: InstanceMakerOptions) {
  const { backend, clock, contracts, emit, environment, ids } = options;
  return async (
    fn: FunctionSpec,
    artifact: Artifact,
    onGone: (instance: Instance) => void,
    prepared?: PreparedInstance,
    initBudgetMs?: number,
    early?: () => Delivery,
  ): Promise<Instance> => {
    const contract = contracts.find((candidate) => candidate.supports(fn));
    if (!contract)
      throw new SlsError(
        'runtime-missing',
        `function ${fn.id}: the runtime "${fn.runtime}" cannot be run here`,
      );
    const placement = prepared?.placement ?? (await backend.placement());
    const instanceId = prepared?.instanceId ?? ids.hex(4);
    const instance: Instance = new Instance({
      instanceId,
      fn,
      artifact,
      backend,
      contract,
      placement,
      env: environment.of(fn, artifact, instanceId, placement),
      clock,
      ...(options.stopwatch ? { stopwatch: options.stopwatch } : {}),
      ...(initBudgetMs === undefined ? {} : { initBudgetMs }),
      ...(options.timeoutMode ? { timeoutMode: options.timeoutMode } : {}),
      ...(prepared ? { prepared } : {}),
      ...(early ? { early } : {}),
      ...(options.onDebugTarget ? { onDebugTarget: options.onDebugTarget } : {}),
      ...(options.onJavaTarget ? { onJavaTarget: options.onJavaTarget } : {}),
      onIdleLog: (line) => emit({ type: 'log', functionId: fn.id, line }),
      onState: makeStateEmitter(fn.id, instanceId, emit, () => {
        environment.forget(instanceId);
        onGone(instance);
      }),
    });
    return instance;
  };
}

/** The first time idle is when it became ready. */
function makeStateEmitter(
  functionId: string,
  instanceId: string,
  emit: (event: DevEvent) => void,
  onGone: () => void,
) {
  let wasReady = false;
  return (state: InstanceState) => {
    if (state === 'initialising') return;
    const status = state === 'idle' && !wasReady ? 'ready' : state;
    wasReady ||= state === 'idle';
    emit({ type: 'instance', functionId, instanceId, status });
    if (state === 'gone') onGone();
  };
}
