/** How an init phase ends: the runtime says so, it dies, or its time is over. */
import type { Clock, Timer } from '../model/platform.ts';
import type { ContractSession, InitResult, InstanceExit, InstanceHandle } from '../model/runtime.ts';
import { lastOutput } from './instance-end.ts';

export interface InitUnderWay {
  readonly session: ContractSession;
  readonly handle: InstanceHandle;
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

export async function endOfInit({ session, handle, died, clock, budgetMs }: InitUnderWay): Promise<InitEnd> {
  const beganAt = clock.now();
  let timer: Timer | undefined;
  const timedOut = new Promise<'timed-out'>((resolve) => {
    timer = clock.after(budgetMs, () => resolve('timed-out'));
  });
  const end = await Promise.race([session.ready, died, timedOut]);
  timer?.cancel();
  if (end !== 'timed-out' && 'status' in end && end.status === 'error') await lastOutput(session, handle);
  const isTold = end !== 'timed-out' && 'initMs' in end;
  return {
    end,
    initMs: isTold ? end.initMs : clock.now() - beganAt,
    imports: isTold && 'imports' in end ? end.imports : undefined,
  };
}
