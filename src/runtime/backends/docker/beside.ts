/** The extensions of a function in a container: programs the engine runs in it beside the first process. */
import type { Readable } from 'node:stream';
import type { LogLine } from '../../../model/invocation.ts';
import type { Beside, BesideHandle, BesideProgram, InstanceExit } from '../../../model/runtime.ts';
import { messageOf, SlsError } from '../../../std/errors.ts';
import { readContainerLogs } from './container-logs.ts';
import { type ContainerPlan, type Engine, EngineError } from './engine.ts';
import { exitOf, lostExit } from './exit-status.ts';
import type { HeldRuntime } from './held-runtime.ts';

/** What shells and the engine answer for a program that is not there, or cannot be run. */
const NOT_RUN = [126, 127];

/** `held`: the runtime, where the container outlives it. */
export function makeBeside(
  engine: Engine,
  id: string,
  plan: ContainerPlan,
  now: () => number,
  held: HeldRuntime | undefined,
): Beside {
  let address: Promise<string> | undefined;

  const start = async (
    { file, path, env }: BesideProgram,
    onLog: (line: LogLine) => void,
  ): Promise<BesideHandle> => {
    const failed = (why: string, cause?: unknown) =>
      new SlsError('extension-launch', `${file} could not be started in the container: ${why}`, { cause });
    const run = await engine
      .exec(id, { command: [path], env: changesOf(plan.env, env), workingDir: '/' })
      .catch((failure: unknown) => {
        throw failed(messageOf(failure), failure);
      });
    // The engine says why as the program's output.
    const said: string[] = [];
    const hear = (line: LogLine) => {
      if (said.length < 5) said.push(line.text);
      onLog(line);
    };
    return { exited: exitOfRun(run, readContainerLogs(run.output, now, hear), () => said.join(' ')) };
  };

  return {
    start,
    endsWithRuntime: held === undefined,
    terminateRuntime: () => (held ? held.terminate() : engine.signal(id, 'SIGTERM')),
    address() {
      address ??= engine.address(id).then((found) => found ?? '127.0.0.1');
      return address;
    },
  };
}

async function exitOfRun(
  run: { readonly output: Readable; exitCode(): Promise<number | undefined> },
  outputRead: Promise<void>,
  said: () => string,
): Promise<InstanceExit> {
  await outputRead;
  try {
    const code = await run.exitCode();
    if (code === undefined) return lostExit('the container ended');
    if (NOT_RUN.includes(code)) return { ...exitOf(code, false), lost: said() };
    return exitOf(code, false);
  } catch (failure) {
    if (failure instanceof EngineError) return lostExit('the container ended');
    throw failure;
  }
}

/** `NAME=value` sets, `NAME` takes away what the container has. */
function changesOf(
  has: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...Object.keys(has).filter((name) => wanted[name] === undefined),
    ...Object.entries(wanted).map(([name, value]) => `${name}=${value}`),
  ];
}
