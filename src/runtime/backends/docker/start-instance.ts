/** Creates, attaches to and starts one container, and follows it to its end. */
import type { Readable } from 'node:stream';
import type { LogLine } from '../../../model/invocation.ts';
import type { Clock } from '../../../model/platform.ts';
import type { Beside, InstanceExit, InstanceHandle } from '../../../model/runtime.ts';
import { makeBeside } from './beside.ts';
import { makeFreeze } from './container-freeze.ts';
import { readContainerLogs } from './container-logs.ts';
import { findContainer, type SeenContainer } from './container-processes.ts';
import { type ContainerPlan, type Engine, EngineError } from './engine.ts';
import { ENGINE_GONE, exitOf, lostExit } from './exit-status.ts';
import { type HeldRuntime, holdRuntime } from './held-runtime.ts';
import { makeMemoryPeak } from './memory-peak.ts';
import type { ProgramCheck } from './program-check.ts';

export interface StartedContainer extends InstanceHandle {
  readonly id: string;
  /** Settles when the container has ended, which may be after its runtime. */
  readonly ended: Promise<InstanceExit>;
  /** Takes effect a few milliseconds later; a container whose limit cannot be set is ended. */
  limitMemory(bytes: number): void;
}

export interface StartOptions {
  readonly clock: Clock;
  readonly onLog: (line: LogLine) => void;
  readonly programs: ProgramCheck;
}

/** V8 sizes its heap by the container's limit and may give up before the kernel does. */
const HEAP_IS_FULL = 'heap out of memory';

/** Rejects with `EngineError` or `SlsError`; nothing is left of the container then. */
export async function startContainer(
  engine: Engine,
  plan: ContainerPlan,
  { clock, onLog, programs }: StartOptions,
): Promise<StartedContainer> {
  const id = await engine.create(plan);
  let output: Readable | undefined;
  let heapWasFull = false;
  const onLine = (line: LogLine) => {
    if (line.text.includes(HEAP_IS_FULL)) heapWasFull = true;
    onLog(line);
  };
  try {
    await programs.check(engine, id, plan);
    // Attached before it starts: its first words would be lost otherwise.
    output = await engine.attach(id);
    const logsRead = readContainerLogs(output, clock.now, onLine);
    await engine.start(id);
    const ended = waitForExit(engine, id, logsRead, () => heapWasFull);
    const seen = findContainer(engine, id).catch(() => undefined);
    const { held: program } = plan;
    const held =
      program &&
      holdRuntime({
        engine,
        id,
        plan,
        command: program.command,
        seen,
        now: clock.now,
        onLine,
        outOfMemory: async () => heapWasFull || (await hasKilledForMemory(engine, id, await seen)),
      });
    if (held && !program.waits) await held.begin();
    return follow(engine, id, clock, { ended, seen, held }, makeBeside(engine, id, plan, clock.now, held));
  } catch (failure) {
    // The engine never ends the output of a container that was removed before it ran.
    output?.destroy();
    await engine.remove(id).catch(() => {});
    throw failure;
  }
}

interface Followed {
  readonly ended: Promise<InstanceExit>;
  readonly seen: Promise<SeenContainer | undefined>;
  readonly held: HeldRuntime | undefined;
}

function follow(
  engine: Engine,
  id: string,
  clock: Clock,
  { ended, seen: seeing, held }: Followed,
  beside: Beside,
): StartedContainer {
  let seen: SeenContainer | undefined;
  void seeing.then(async (found) => {
    seen = found;
    await ended;
    found?.counts.close();
  });
  const memory = makeMemoryPeak(engine, id, seeing);
  const { freeze, thaw, memoryBytes } = makeFreeze(
    engine,
    id,
    clock,
    seeing.then((found) => found?.processes),
  );
  const kill = async () => {
    // An engine that is gone has settled `exited` too.
    await engine.kill(id).catch(() => {});
    await ended;
  };
  return {
    id,
    ended,
    exited: held ? Promise.race([held.exited, ended]) : ended,
    // One that cannot be started ends with its container.
    ...(held && { begin: () => void held.begin().catch(kill) }),
    kill,
    limitMemory: (bytes) => void engine.setMemory(id, bytes).catch(kill),
    memoryPeakBytes: () => memory.read(),
    countedPeakBytes: () => seen?.counts.memoryPeakBytes(),
    cpuMs: () => seen?.counts.cpuMs(),
    beside,
    freeze,
    thaw,
    memoryBytes,
  };
}

async function waitForExit(
  engine: Engine,
  id: string,
  logsRead: Promise<void>,
  heapWasFull: () => boolean,
): Promise<InstanceExit> {
  try {
    const code = await engine.wait(id);
    await logsRead;
    return exitOf(code, heapWasFull() || (await wasKilledForMemory(engine, id)));
  } catch (failure) {
    const gone = failure instanceof EngineError && failure.gone;
    return lostExit(gone ? ENGINE_GONE : 'the container was removed');
  }
}

/** Of a container that still runs, older engines tell only at its end. */
async function hasKilledForMemory(
  engine: Engine,
  id: string,
  seen: SeenContainer | undefined,
): Promise<boolean> {
  return (seen?.counts.memoryKills() ?? 0) > 0 || wasKilledForMemory(engine, id);
}

async function wasKilledForMemory(engine: Engine, id: string): Promise<boolean> {
  try {
    return (await engine.inspect(id)).outOfMemory;
  } catch (failure) {
    // Somebody has removed it already; how it ended is known all the same.
    if (failure instanceof EngineError && failure.status === 404) return false;
    throw failure;
  }
}
