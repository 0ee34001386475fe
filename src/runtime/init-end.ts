/** How an init phase ends: the runtime says so, it dies, or its time is over. */
import type { Clock, Timer } from '../model/platform.ts';
import type { ContractSession, InitResult, InstanceExit, InstanceHandle } from '../model/runtime.ts';
import { lastOutput } from './instance-end.ts';

export interface InitUnderWay {
  readonly session: ContractSession;
  readonly handle: InstanceHandle;
  /** What it printed came with its word, in order. */
  readonly printsInFrames: boolean;
  /** Settles when it has ended and its last words were heard. */
  readonly died: Promise<InstanceExit>;
  readonly clock: Clock;
  readonly budgetMs: number;
}

export interface InitEnd {
  readonly end: InitResult | InstanceExit | 'timed-out';
  /** As the runtime tells it; else by the clock. */
  readonly initMs: number;
  readonly imports?: Extract<InitResult, { status: 'ready' }>['imports'];
}

export async function endOfInit(init: InitUnderWay): Promise<InitEnd> {
  const { session, handle, printsInFrames, died, clock, budgetMs } = init;
  const beganAt = clock.now();
  let timer: Timer | undefined;
  const timedOut = new Promise<'timed-out'>((resolve) => {
    timer = clock.after(budgetMs, () => resolve('timed-out'));
  });
  const end = await Promise.race([session.ready, died, timedOut]);
  timer?.cancel();
  const isInitError = end !== 'timed-out' && 'status' in end && end.status === 'error';
  if (isInitError && !printsInFrames) await lastOutput(handle);
  const isTold = end !== 'timed-out' && 'initMs' in end;
  return {
    end,
    initMs: isTold ? end.initMs : clock.now() - beganAt,
    imports: isTold && 'imports' in end ? end.imports : undefined,
  };
}
