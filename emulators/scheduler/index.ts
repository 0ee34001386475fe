/** EventBridge Scheduler, and the schedules of EventBridge rules. */
import type { Emulator, EmulatorContext, RunningEmulator } from '../../src/model/emulator.ts';
import type { Store } from '../../src/model/platform.ts';
import type { ScheduleTrigger } from '../../src/model/project.ts';
import { messageOf, SlsError } from '../../src/std/errors.ts';
import type { NextDue } from '../../src/std/schedules/cron.ts';
import { parseExpression } from '../../src/std/schedules/expression.ts';
import { makeSchedulerApi } from './api.ts';
import { declare } from './declare.ts';
import { type Schedule, startSchedule } from './deliver.ts';
import { makeRunner, type Runner } from './runner.ts';
import { openSchedulesStore, type ScheduleRecord } from './schedule-store.ts';
import { openScheduleStore, type ScheduleStore } from './store.ts';
import { storedTarget } from './target.ts';

export interface ListedSchedule {
  readonly name: string;
  /** The function's id; of a schedule with another target the target's ARN. */
  readonly functionId: string;
  readonly expression: string;
  /** Of EventBridge Scheduler; rules have none. */
  readonly group?: string;
  /** Epoch ms; absent when it will not fire by itself: disabled, over, or not valid. */
  readonly nextAt?: number;
  /** When it is due, where a later moment of its flexible window was chosen. */
  readonly dueAt?: number;
}

export interface RunningScheduler extends RunningEmulator {
  /** Fires a schedule now, by its name or its function's. Rejects with `SlsError` code `unknown-schedule`, which names `others` too. */
  fire(nameOrFunctionId: string, others?: readonly string[]): Promise<{ readonly requestId: string }>;
  list(): readonly ListedSchedule[];
}

export interface SchedulerEmulator extends Emulator {
  /** `ruleStore`: since when rules are known; absent = in the context's store. */
  start(context: EmulatorContext, ruleStore?: Store): Promise<RunningScheduler>;
}

/** How long a closing session waits for calls of targets. */
const CLOSE_GRACE_MS = 1000;

export const scheduler: SchedulerEmulator = {
  name: 'scheduler',
  kinds: ['schedule', 'schedule-group'],
  async start(context, ruleStore = context.store) {
    const { clock, region, accountId, services, notice } = context;
    const rules = openScheduleStore(ruleStore);
    const store = openSchedulesStore(context.store);
    const runner = makeRunner(store, context);
    const service = { store, runner, clock, region, accountId, services };
    const running = new Map<string, Schedule>();

    const start = (trigger: ScheduleTrigger) =>
      startSchedule(trigger, trigger.enabled ? nextDueOf(trigger, rules, context) : undefined, context);

    const listed = (record: ScheduleRecord): ListedSchedule => {
      const { arn } = storedTarget(record.target);
      const next = runner.next(record);
      return {
        name: record.name,
        functionId:
          context.functions().find((fn) => arn === fn.arn || arn.startsWith(`${fn.arn}:`))?.id ?? arn,
        expression: record.expression,
        group: record.group,
        ...(next && { nextAt: next.runAt }),
        ...(next && next.runAt !== next.dueAt && { dueAt: next.dueAt }),
      };
    };

    return {
      api: makeSchedulerApi(service),

      async apply(resources, triggers) {
        declare(service, resources, notice);
        runner.start();
        const wanted = new Map(triggers.filter(isSchedule).map((trigger) => [keyOf(trigger), trigger]));
        for (const [key, schedule] of running)
          if (!wanted.has(key)) {
            schedule.stop();
            running.delete(key);
          }
        for (const [key, trigger] of wanted) if (!running.has(key)) running.set(key, start(trigger));
      },

      async fire(nameOrFunctionId, others = []) {
        const all = [...running.values()];
        const records = store.all();
        const rule = all.find(({ trigger }) => trigger.name === nameOrFunctionId);
        if (rule) return rule.fire();
        const named = records.find(
          ({ name, group, arn }) =>
            name === nameOrFunctionId || `${group}/${name}` === nameOrFunctionId || arn === nameOrFunctionId,
        );
        if (named) return fireNow(runner, named);
        const ruleOf = all.find(({ trigger }) => trigger.functionId === nameOrFunctionId);
        if (ruleOf) return ruleOf.fire();
        const recordOf = records.find((record) => listed(record).functionId === nameOrFunctionId);
        if (recordOf) return fireNow(runner, recordOf);
        const names = [
          ...all.map(({ trigger }) => trigger.name),
          ...records.map(({ name }) => name),
          ...others,
        ];
        throw unknownSchedule(nameOrFunctionId, names);
      },

      list: () => [
        ...[...running.values()].map(({ trigger, nextAt }) => ({
          name: trigger.name,
          functionId: trigger.functionId,
          expression: trigger.expression,
          ...(nextAt !== undefined && { nextAt }),
        })),
        ...store.all().map(listed),
      ],

      /** Timers are for what was in the store; `apply` begins with what there is now. */
      reload: () => runner.stop(),

      async close() {
        await runner.close(CLOSE_GRACE_MS);
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

async function fireNow(runner: Runner, record: ScheduleRecord): Promise<{ readonly requestId: string }> {
  try {
    return await runner.fire(record);
  } catch (failure) {
    throw new SlsError('schedule-failed', `the schedule ${record.name} failed: ${messageOf(failure)}`, {
      cause: failure,
      exitCode: 1,
    });
  }
}

function unknownSchedule(asked: string, all: readonly string[]): SlsError {
  const names = all.join(', ');
  return new SlsError('unknown-schedule', `there is no schedule '${asked}'`, {
    hint: names === '' ? 'the project has no schedules' : `its schedules are: ${names}`,
  });
}
