/** Amazon EventBridge: buses, rules, and what events become. */
import { join } from 'node:path';
import type { Emulator } from '../../src/model/emulator.ts';
import { acceptMessage } from './accept.ts';
import { makeEventsApi } from './api.ts';
import { openBuses } from './buses.ts';
import { declareBuses } from './declare.ts';
import { makeDeliveries } from './delivery/deliver.ts';
import { makeLogGroups } from './delivery/log-groups.ts';
import { validation } from './errors.ts';
import { makeRouting } from './routing.ts';
import { openSchedules } from './schedules.ts';
import type { EventsService } from './service.ts';
import { openEventsStore } from './store.ts';

export const eventbridge: Emulator = {
  name: 'eventbridge',
  kinds: ['event-bus', 'event-rule', 'event-archive', 'event-connection', 'api-destination'],
  async start(context) {
    const { clock, ids, region, accountId, notice } = context;
    const owner = { region, accountId };
    const store = openEventsStore(context.store);
    const buses = openBuses(store, owner, clock);
    const logs = makeLogGroups({ folder: join(context.folder, 'logs'), notice });
    const deliveries = makeDeliveries({
      context,
      toDestination: ({ rule, target }) =>
        notice(
          `${rule.name} → ${String(target.Arn)}: API destinations are not emulated; the event was dropped`,
        ),
      toLog: logs.write,
    });
    const routing = makeRouting({ buses, deliveries, notice, archive() {} });
    const schedules = openSchedules({ buses, routing, owner, context });
    const service: EventsService = {
      ...{ owner, buses, routing, store, clock, ids, notice },
      checkSchedule(expression) {
        try {
          // A rule has no single moment; that is for schedules.
          if (!/^\s*(rate|cron)\(/.test(expression)) throw new Error('it is neither rate(…) nor cron(…)');
          context.parseSchedule?.(expression, 'UTC', clock.now());
        } catch {
          throw validation('Parameter ScheduleExpression is not valid.');
        }
      },
    };
    return {
      api: makeEventsApi(service),
      async apply(resources, triggers) {
        declareBuses(service, { resources, triggers, functions: context.functions() });
        schedules.start();
      },
      accept: (message) => acceptMessage(service, message),
      has: (arn) => arn.includes(':event-bus/') && buses.find(arn)?.record.arn === arn,
      reload() {
        buses.reload();
        schedules.reload();
      },
      async close() {
        schedules.close();
      },
    };
  },
};
