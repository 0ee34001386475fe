/** One instance that was started ahead of its code: its line and its handle, until an `Instance` takes it over. */
import type { LogLine } from '../model/invocation.ts';
import type { Clock, Timer } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type {
  Artifact,
  Backend,
  Contract,
  Placement,
  PreparedHandle,
  PreparedSession,
} from '../model/runtime.ts';

/** Where output goes: what the runtime says on its line outside of events, and what the container or process prints. */
export interface Listeners {
  onLoose(line: LogLine): void;
  onOutput(line: LogLine): void;
}

export interface PreparedInstance {
  readonly instanceId: string;
  readonly placement: Placement;
  /** What it was started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly session: PreparedSession;
  readonly handle: PreparedHandle;
  /** From now on its output goes there; what it has printed so far comes first. */
  hear(listeners: Listeners): void;
  end(): Promise<void>;
}

export interface PreparedParts {
  readonly instanceId: string;
  readonly fn: FunctionSpec;
  /** The newest build there is; the instance may be given a later one. */
  readonly artifact: Artifact;
  readonly prepareIn: NonNullable<Backend['prepare']>;
  readonly prepareLine: NonNullable<Contract['prepare']>;
  readonly placement: Placement;
  readonly env: Readonly<Record<string, string>>;
  readonly debug: boolean;
  readonly clock: Clock;
}

/** As long as the provider grants an init phase. */
const PATIENCE_MS = 10_000;

/** Resolves when the runtime waits for its code, with undefined when it does not come up; rejects when it cannot be started. */
export async function prepareInstance(parts: PreparedParts): Promise<PreparedInstance | undefined> {
  const { instanceId, fn, artifact, prepareIn, prepareLine, placement, env, debug, clock } = parts;
  const voice = makeVoice();
  const session = await prepareLine(instanceId, fn, placement, { debug, onLog: voice.onLoose });
  try {
    const { setup } = session;
    const handle = await prepareIn(
      {
        instanceId,
        fn,
        artifact,
        env: { ...env, ...setup.env },
        mounts: setup.mounts,
        ...(setup.command ? { command: setup.command } : {}),
      },
      voice.onOutput,
    );
    const end = async () => {
      await Promise.all([handle.kill(), session.close()]);
    };
    if (await comesUp(session, handle, clock))
      return { instanceId, placement, env, session, handle, hear: voice.hear, end };
    await end();
    return undefined;
  } catch (failure) {
    await session.close();
    throw failure;
  }
}

async function comesUp(session: PreparedSession, handle: PreparedHandle, clock: Clock): Promise<boolean> {
  let timer: Timer | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = clock.after(PATIENCE_MS, () => resolve(false));
  });
  const isUp = await Promise.race([
    session.waiting.then(() => true),
    handle.exited.then(() => false),
    tooLate,
  ]);
  timer?.cancel();
  return isUp;
}

/** Keeps what is printed until somebody listens. */
function makeVoice() {
  const early: ((listeners: Listeners) => void)[] = [];
  let heard: Listeners | undefined;
  const say = (words: (listeners: Listeners) => void) => {
    if (heard) words(heard);
    else early.push(words);
  };
  return {
    onLoose: (line: LogLine) => say((listeners) => listeners.onLoose(line)),
    onOutput: (line: LogLine) => say((listeners) => listeners.onOutput(line)),
    hear(listeners: Listeners) {
      heard = listeners;
      for (const words of early.splice(0)) words(listeners);
    },
  };
}
