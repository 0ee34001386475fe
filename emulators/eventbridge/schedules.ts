/** Rules with a schedule: each has a timer on the product's clock. */
import type { EmulatorContext, JsonObject, TimedRule } from '../../src/model/emulator.ts';
import type { Timer } from '../../src/model/platform.ts';
import { makeTraceId } from '../../src/std/ids.ts';
import type { NextDue } from '../../src/std/schedules/cron.ts';
import { parseExpression } from '../../src/std/schedules/expression.ts';
import type { Owner } from './arns.ts';
import { type Buses, isEnabled } from './buses.ts';
import { makeEventText } from './event.ts';
import type { Routing } from './routing.ts';
import type { RuleRecord } from './store.ts';

export interface Schedules {
  /** Begins to fire. */
  start(): void;
  list(): readonly TimedRule[];
  reload(): void;
  close(): void;
}

export interface SchedulesOptions {
  readonly buses: Buses;
  readonly routing: Routing;
  readonly owner: Owner;
  readonly context: Pick<EmulatorContext, 'clock' | 'ids' | 'store' | 'notice'>;
}

/** What was due while no session ran is not made up for, as the cloud has no such gap. */
export function openSchedules({ buses, routing, owner, context }: SchedulesOptions): Schedules {
  const { clock, ids, store, notice } = context;
  const timers = new Map<string, { readonly key: string; timer?: Timer }>();
  let state: 'waiting' | 'started' | 'closed' = 'waiting';

  const follow = (rule: RuleRecord) => {
    const { arn, schedule, since } = rule;
    const wanted = schedule !== undefined && isEnabled(rule) && state === 'started';
    const key = `${schedule} ${since}`;
    const known = timers.get(arn);
    if (wanted && known?.key === key) return;
    known?.timer?.cancel();
    timers.delete(arn);
    if (!wanted) return;
    const next = nextDueOf(rule);
    if (next) arm(rule, key, next);
  };

  const nextDueOf = ({ name, schedule = '', since }: RuleRecord): NextDue | undefined => {
    try {
      return parseExpression(schedule, 'UTC', since);
    } catch (failure) {
      notice(`the rule ${name} does not run: ${String(failure)}`);
      return undefined;
    }
  };

  const arm = ({ arn, bus, name }: RuleRecord, key: string, next: NextDue) => {
    const dueAt = next(clock.now());
    if (dueAt === undefined) return void timers.set(arn, { key });
    const timer = clock.after(dueAt - clock.now(), () => {
      const rule = buses.find(bus)?.rules.get(name);
      if (!rule || state !== 'started') return;
      fire(rule, dueAt);
      arm(rule, key, next);
    });
    timers.set(arn, { key, timer });
  };

  const fire = (rule: RuleRecord, at: number): string => {
    const id = ids.uuid();
    const parts = {
      id,
      source: 'aws.events',
      detailType: 'Scheduled Event',
      time: at,
      resources: [rule.arn],
    };
    const text = makeEventText({ ...parts, detail: '{}' }, owner);
    const origin = { traceId: makeTraceId(clock, ids) };
    const json = JSON.parse(text) as JsonObject;
    store.write(() => routing.tell(rule, { id, text, json, ingestedAt: at, hops: 0, origin }));
    return id;
  };

  const listed = (rule: RuleRecord): TimedRule[] => {
    const { name, schedule, targets } = rule;
    if (schedule === undefined) return [];
    const nextAt = isEnabled(rule) ? nextDueOf(rule)?.(clock.now()) : undefined;
    return [
      {
        ...{ name, expression: schedule, arns: targets.map(({ Arn: arn }) => String(arn)) },
        ...(nextAt !== undefined && { nextAt }),
        fire: () => fire(rule, clock.now()),
      },
    ];
  };

  const followAll = () => {
    for (const { timer } of timers.values()) timer?.cancel();
    timers.clear();
    for (const { rules } of buses.all()) for (const rule of rules.values()) follow(rule);
  };

  buses.onRule(follow);
  return {
    start() {
      if (state !== 'waiting') return;
      state = 'started';
      followAll();
    },
    list: () => [...buses.all()].flatMap(({ rules }) => [...rules.values()].flatMap(listed)),
    reload: followAll,
    close() {
      state = 'closed';
      followAll();
    },
  };
}
