/** An init phase that took too long or ended the runtime is run once more, within the event that waits for it. */
import type { FailedInit } from '../model/runtime.ts';
import type { Instance } from './instance.ts';
import type { Started } from './instance-seam.ts';

export interface Begun {
  readonly instance: Instance;
  readonly started: Started;
}

/**
 * `begin` starts an instance; `initBudgetMs` is what its init phase may take, absent = what the platform grants. The second
 * init has the function's own timeout. An error that the runtime itself reported is not tried again: it would be the same.
 */
export async function withSecondInit(
  begin: (initBudgetMs?: number) => Promise<Begun>,
  timeoutMs: number,
  isWanted: () => boolean,
): Promise<Begun> {
  const first = await begin();
  const { started } = first;
  if (started.status === 'ready' || started.outcome.status === 'error' || !isWanted()) return first;
  const second = await begin(timeoutMs);
  const { coldStart } = second.started;
  const failedInit: FailedInit = {
    initMs: started.coldStart.initMs,
    logs: started.coldStart.logs,
    outcome: started.outcome,
  };
  return {
    instance: second.instance,
    started: {
      ...second.started,
      coldStart: {
        ...coldStart,
        startMs: started.coldStart.startMs + failedInit.initMs + coldStart.startMs,
        failedInit,
      },
    },
  };
}
