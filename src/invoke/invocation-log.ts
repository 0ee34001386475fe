/** The log of one invocation: the platform's own lines around those of the function, in the order they happen. */
import type { InvokeRequest, LogLine, Outcome } from '../model/invocation.ts';
import type { Clock } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { ColdStart } from '../model/runtime.ts';
import { systemLogOf } from './system-log.ts';

/** Lines kept with an invocation; more are still told to `onLog`. */
const MAX_LOG_LINES = 10_000;

export interface InvocationLog {
  readonly lines: readonly LogLine[];
  readonly add: (line: LogLine) => void;
  /** What was said before the event began. `failed`: how the init phase ended that was the last one. */
  coldStart(coldStart: ColdStart, failed?: Outcome): void;
  /** What the platform says when the event begins. */
  start(): void;
  end(
    outcome: Outcome,
    took: { readonly handlerMs: number; readonly initMs?: number },
    used: { readonly memoryPeakBytes?: number | undefined; readonly cpuMs?: number | undefined },
  ): void;
}

export function makeInvocationLog(
  { requestId }: InvokeRequest,
  fn: FunctionSpec,
  clock: Clock,
  onLog: (line: LogLine) => void,
): InvocationLog {
  const system = systemLogOf(fn);
  const lines: LogLine[] = [];
  let started = false;
  const keep = (line: LogLine) => {
    lines.push(line);
    onLog(line);
  };
  const platform = (texts: readonly string[]) => {
    for (const text of texts) keep({ at: clock.now(), stream: 'platform', text });
  };
  const add = (line: LogLine) => {
    if (lines.length < MAX_LOG_LINES) return keep(line);
    if (lines.length === MAX_LOG_LINES)
      platform([`only the first ${MAX_LOG_LINES} lines of this invocation are kept`]);
    onLog(line);
  };
  const start = () => {
    if (!started) platform(system.start(requestId, clock.now()));
    started = true;
  };
  return {
    lines,
    add,
    coldStart({ failedInit, initMs, logs }, failed) {
      platform(system.initStart(clock.now()));
      if (failedInit) {
        for (const line of failedInit.logs) add(line);
        const { outcome } = failedInit;
        platform(system.initReport({ phase: 'init', initMs: failedInit.initMs, outcome }, clock.now()));
        // The second init is part of the event.
        start();
      }
      for (const line of logs) add(line);
      if (!failed) return;
      const phase = failedInit ? 'invoke' : 'init';
      platform(system.initReport({ phase, initMs, outcome: failed }, clock.now()));
    },
    start,
    end(outcome, took, { memoryPeakBytes, cpuMs }) {
      const used = {
        ...(memoryPeakBytes === undefined ? {} : { memoryPeakBytes }),
        ...(cpuMs === undefined ? {} : { cpuMs }),
      };
      platform(system.end({ requestId, ...took, memoryMb: fn.memoryMb, ...used, outcome }, clock.now()));
    },
  };
}
