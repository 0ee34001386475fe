/** How the end of an instance is told as the end of what it was doing. */
import type { Outcome } from '../model/invocation.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { ContractSession, InstanceExit, InstanceHandle } from '../model/runtime.ts';

/** What an instance that died has said is read before its death is told; a line that stays open costs no more than this. */
const LAST_WORDS_MS = 150;

export const stopped: Outcome = {
  status: 'unavailable',
  code: 'instance-stopped',
  reason: 'the instance was stopped',
};

export function lastWords(session: ContractSession): Promise<void> | undefined {
  if (!session.ended) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LAST_WORDS_MS);
  });
  return Promise.race([session.ended, enough]).finally(() => clearTimeout(timer));
}

/** What a runtime that is told of by its container or process has printed is complete when that has ended; it is expected to exit. */
const EXIT_AFTER_INIT_ERROR_MS = 1_000;

export async function lastOutput(handle: InstanceHandle): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, EXIT_AFTER_INIT_ERROR_MS);
  });
  await Promise.race([handle.exited, enough]).finally(() => clearTimeout(timer));
}

export function outcomeOf(exit: InstanceExit, phase: 'init' | 'invoke', fn: FunctionSpec): Outcome {
  if (exit.lost !== undefined) return { status: 'unavailable', code: 'instance-lost', reason: exit.lost };
  if (exit.outOfMemory) return { status: 'out-of-memory', memoryMb: fn.memoryMb };
  return { status: 'crash', phase, exitCode: exit.exitCode, signal: exit.signal };
}
