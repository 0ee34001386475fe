/** The runtime of a container that outlives it: run by the engine beside a first process that only keeps the container. */
import type { Readable } from 'node:stream';
import type { LogLine } from '../../../model/invocation.ts';
import type { InstanceExit } from '../../../model/runtime.ts';
import { readContainerLogs } from './container-logs.ts';
import type { SeenContainer } from './container-processes.ts';
import { type ContainerPlan, type Engine, EngineError, type ExecRun } from './engine.ts';
import { exitOf } from './exit-status.ts';

export interface HeldRuntime {
  /** Settles when it has ended; never, where its container ends first or it is not begun. */
  readonly exited: Promise<InstanceExit>;
  /** Rejects with `EngineError` when it cannot be started. Once. */
  begin(): Promise<void>;
  /** SIGTERM to it alone; one that has not begun never will. */
  terminate(): Promise<void>;
}

export interface HeldRuntimeParts {
  readonly engine: Engine;
  readonly id: string;
  readonly plan: ContainerPlan;
  readonly command: readonly string[];
  /** The container as this machine sees it; undefined where its kernel is another. */
  readonly seen: Promise<SeenContainer | undefined>;
  readonly now: () => number;
  readonly onLine: (line: LogLine) => void;
  /** Whether it was its memory it died of. */
  readonly outOfMemory: () => Promise<boolean>;
}

const SHELL = '/bin/sh';
/** Says its process id inside the container, and becomes the program. */
const TELLING = 'echo "$$" >&2; exec "$@"';
const NOT_BEGUN: InstanceExit = { exitCode: 0, signal: null, outOfMemory: false };

export function holdRuntime(parts: HeldRuntimeParts): HeldRuntime {
  const { engine, id, plan, command, seen, now, onLine, outOfMemory } = parts;
  let settle: (exit: InstanceExit) => void = () => {};
  const exited = new Promise<InstanceExit>((resolve) => {
    settle = resolve;
  });
  let running: { readonly terminate: () => Promise<void> } | undefined;
  let over = false;

  const begin = async () => {
    const found = await seen;
    const tells = !found && (await engine.hasFile(id, SHELL));
    if (over) return;
    const run = await engine.exec(id, {
      command: tells ? [SHELL, '-c', TELLING, SHELL, ...command] : command,
      env: [],
      workingDir: plan.workingDir ?? '/',
    });
    const voice = tells ? withoutFirstLine(onLine) : { hear: onLine, first: async () => undefined };
    void follow(run, readContainerLogs(run.output, now, voice.hear));
    running = {
      async terminate() {
        if (found) return terminateHere(await run.pid(), found);
        const pid = await voice.first();
        if (pid === undefined || !/^\d+$/.test(pid)) return;
        drain(
          await engine.exec(id, { command: [SHELL, '-c', `kill -TERM ${pid}`], env: [], workingDir: '/' }),
        );
      },
    };
  };

  const follow = async (run: ExecRun, outputRead: Promise<void>) => {
    await outputRead;
    // Undefined, or no answer at all: the container's own end tells more.
    const code = await run.exitCode().catch(ignoreEngine);
    if (code !== undefined) settle(exitOf(code, await outOfMemory()));
  };

  return {
    exited,
    begin,
    async terminate() {
      if (over) return;
      over = true;
      if (running) await running.terminate().catch(ignoreEngine);
      else settle(NOT_BEGUN);
    },
  };
}

/** Only a process that is in the container: the engine's ids could be those of another machine. */
function terminateHere(pid: number | undefined, { processes }: SeenContainer): void {
  if (pid === undefined || !processes().includes(pid)) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended meanwhile, or is not ours: it is killed when its time is over.
  }
}

/** Splits off the first line of stderr. */
function withoutFirstLine(onLine: (line: LogLine) => void) {
  let settle: (text: string) => void = () => {};
  const first = new Promise<string>((resolve) => {
    settle = resolve;
  });
  let seen = false;
  return {
    first: (): Promise<string | undefined> => first,
    hear(line: LogLine) {
      if (seen || line.stream !== 'stderr') return onLine(line);
      seen = true;
      settle(line.text);
    },
  };
}

function drain({ output }: { readonly output: Readable }): void {
  output.on('error', () => output.destroy()).resume();
}

function ignoreEngine(failure: unknown): undefined {
  if (failure instanceof EngineError) return undefined;
  throw failure;
}
