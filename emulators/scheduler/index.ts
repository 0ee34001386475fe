/** Schedules: EventBridge rules and EventBridge Scheduler, which to a function are the same. */
import type { Emulator, EmulatorContext, RunningEmulator } from '../../src/model/emulator.ts';
import type { ScheduleTrigger } from '../../src/model/project.ts';
import { messageOf, SlsError } from '../../src/std/errors.ts';
import type { NextDue } from './cron.ts';
import { type Schedule, startSchedule } from './deliver.ts';
import { parseExpression } from './expression.ts';
import { openScheduleStore, type ScheduleStore } from './store.ts';

export interface ListedSchedule {
  readonly name: string;
  readonly functionId: string;
  readonly expression: string;
  /** Epoch ms; absent when it will not fire by itself: disabled, over, or not valid. */
  readonly nextAt?: number;
}

export interface RunningScheduler extends RunningEmulator {
  /** Fires a schedule now, by its name or its function's. Rejects with `SlsError` code `unknown-schedule`. */
  fire(nameOrFunctionId: string): Promise<{ readonly requestId: string }>;
  list(): readonly ListedSchedule[];
}

export interface SchedulerEmulator extends Emulator {
  start(context: EmulatorContext): Promise<RunningScheduler>;
}

export const scheduler: SchedulerEmulator = {
  name: 'scheduler',
  kinds: [],
  async start(context) {
    const store = openScheduleStore(context.store);
    const running = new Map<string, Schedule>();

    const start = (trigger: ScheduleTrigger) =>
      startSchedule(trigger, trigger.enabled ? nextDueOf(trigger, store, context) : undefined, context);

    return {
      async apply(_resources, triggers) {
        const wanted = new Map(triggers.filter(isSchedule).map((trigger) => [keyOf(trigger), trigger]));
        for (const [key, schedule] of running)
          if (!wanted.has(key)) {
            schedule.stop();
            running.delete(key);
          }
        for (const [key, trigger] of wanted) if (!running.has(key)) running.set(key, start(trigger));
      },

      async fire(nameOrFunctionId) {
        const all = [...running.values()];
        const found =
          all.find(({ trigger }) => trigger.name === nameOrFunctionId) ??
          all.find(({ trigger }) => trigger.functionId === nameOrFunctionId);
        if (!found) throw unknownSchedule(nameOrFunctionId, all);
        return found.fire();
      },

      list: () =>
        [...running.values()].map(({ trigger, nextAt }) => ({
          name: trigger.name,
          functionId: trigger.functionId,
          expression: trigger.expression,
          ...(nextAt !== undefined && { nextAt }),
        })),

      async close() {
        for (const schedule of running.values()) schedule.stop();
        running.clear();
      },
    };
  },
};

const isSchedule = (trigger: { readonly kind: string }): trigger is ScheduleTrigger =>
  trigger.kind === 'schedule';

/** All that makes a schedule what it is; its place in the file does not. */
function keyOf({ place: _, ...trigger }: ScheduleTrigger): string {
  return JSON.stringify(trigger);
}

/** An expression the cloud would refuse is told to the user; the rest of the project runs. */
function nextDueOf(
  { name, functionId, expression, timezone }: ScheduleTrigger,
  store: ScheduleStore,
  { clock, notice }: EmulatorContext,
): NextDue | undefined {
  try {
    return parseExpression(expression, timezone, store.since(name, expression, Math.floor(clock.now())));
  } catch (failure) {
    notice(`the schedule ${name} of ${functionId} does not run: ${messageOf(failure)}`);
    return undefined;
  }
}

function unknownSchedule(asked: string, all: readonly Schedule[]): SlsError {
  const names = all.map(({ trigger }) => trigger.name).join(', ');
  return new SlsError('unknown-schedule', `there is no schedule '${asked}'`, {
    hint: names === '' ? 'the project has no schedules' : `its schedules are: ${names}`,
  });
}
