/** One schedule's timer: fires when due, by the product's clock, through asynchronous invocation. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { Timer } from '../../src/model/platform.ts';
import type { ScheduleTrigger } from '../../src/model/project.ts';
import type { NextDue } from '../../src/std/schedules/cron.ts';
import { makeScheduledEvent } from './event.ts';

export interface Schedule {
  readonly trigger: ScheduleTrigger;
  /** Epoch ms; undefined when it will not fire by itself. */
  readonly nextAt: number | undefined;
  fire(): { readonly requestId: string };
  stop(): void;
}

/** `next` absent = fires by hand only (disabled, or its expression is not valid). */
export function startSchedule(
  trigger: ScheduleTrigger,
  next: NextDue | undefined,
  context: EmulatorContext,
): Schedule {
  const { clock, ids, region, accountId } = context;
  let timer: Timer | undefined;
  let nextAt: number | undefined;

  const send = (at: number, byHand: boolean) =>
    context.enqueue({
      functionId: trigger.functionId,
      event: makeScheduledEvent(trigger, { id: ids.uuid(), at, region, accountId }),
      cause: { kind: 'schedule', name: trigger.name, byHand },
    });

  /** What was due while the machine slept or no session ran is not made up for, as the cloud has no such gap. */
  const arm = () => {
    const now = clock.now();
    nextAt = next?.(now);
    if (nextAt === undefined) return;
    const dueAt = nextAt;
    timer = clock.after(dueAt - now, () => {
      send(dueAt, false);
      arm();
    });
  };
  arm();

  return {
    trigger,
    get nextAt() {
      return nextAt;
    },
    fire: () => send(clock.now(), true),
    stop: () => timer?.cancel(),
  };
}
