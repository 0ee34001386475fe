/** Amazon EventBridge: buses, rules, and what events become. */
import type { Emulator } from '../../src/model/emulator.ts';
import { parseExpression, rateOfRules } from '../../src/std/schedules/expression.ts';
import { makeCallOutside } from '../_wire/outward.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { acceptMessage } from './accept.ts';
import { makeEventsApi } from './api.ts';
import { openArchives } from './archives/archives.ts';
import { openReplays } from './archives/replays.ts';
import { openBuses } from './buses.ts';
import { declareBuses } from './declare.ts';
import { declareFurther } from './declare-further.ts';
import { makeDeliveries } from './delivery/deliver.ts';
import { lateAttempt } from './delivery/late-attempt.ts';
import { openRetriedDeliveries } from './delivery/retried-deliveries.ts';
import { callDestination } from './destinations/call-destination.ts';
import { openDestinations } from './destinations/destination-store.ts';
import { openHttpDeliveries } from './destinations/http-deliveries.ts';
import { makeTokens } from './destinations/tokens.ts';
import { validation } from './errors.ts';
import { makeRouting } from './routing.ts';
import { openSchedules } from './schedules.ts';
import type { EventsService } from './service.ts';
import { openEventsStore } from './store.ts';

/** How long a closing session waits for endpoints to answer; what is not answered is sent again by the next one. */
const CLOSE_GRACE_MS = 1000;

export const eventbridge: Emulator = {
  name: 'eventbridge',
  kinds: ['event-bus', 'event-rule', 'event-archive', 'event-connection', 'api-destination'],
  async start(context) {
    const { clock, ids, region, accountId, notice } = context;
    const owner = { region, accountId };
    const store = openEventsStore(context.store);
    const buses = openBuses(store, owner, clock);
    const archives = openArchives(context.store, clock);
    const destinations = openDestinations(context.store);
    const callOutside = context.callOutside ?? makeCallOutside(clock);
    const tokens = makeTokens(clock, callOutside);
    const callers = { callOutside, destinations, tokens, frontDoor: context.frontDoor };
    const http = openHttpDeliveries({
      ...{ ...callers, clock, store: context.store },
      onDelivered: (delivery, answer) => deliveries.delivered(delivery, answer),
      onGivenUp: (delivery, failure) => deliveries.giveUp(delivery, failure),
    });
    const closing = new AbortController();
    const faults = context.faults?.buses;
    const late =
      faults &&
      openRetriedDeliveries({
        ...{ store: context.store, clock, name: 'late' },
        attempt: (job) => lateAttempt(job, deliveries.hand),
        onGivenUp: (delivery, failure) => deliveries.giveUp(delivery, failure),
      });
    const deliveries = makeDeliveries({
      ...{ context, keep: late?.add, toDestination: http.add },
    });
    const routing = makeRouting({ buses, deliveries, notice, archive: archives.keep, faults });
    const replays = openReplays({ store: context.store, archives, buses, routing, clock, ids });
    const schedules = openSchedules({ buses, routing, owner, context });
    const service: EventsService = {
      ...{ owner, buses, routing, archives, replays, destinations, store, clock, ids, notice },
      checkSchedule(expression) {
        try {
          // A rule has no single moment; that is for schedules.
          if (!/^(rate|cron)\(/.test(expression)) throw new Error('it is neither rate(…) nor cron(…)');
          if (rateOfRules(expression) !== expression) throw new Error('its unit is wrong');
          parseExpression(expression, 'UTC', clock.now());
        } catch {
          throw validation('Parameter ScheduleExpression is not valid.');
        }
      },
    };
    return {
      api: makeEventsApi(service),
      async apply(resources, triggers) {
        // One transaction for all: each of its own costs a commit.
        store.write(() => {
          declareBuses(service, { resources, triggers, functions: context.functions() });
          declareFurther(service, resources);
        });
        schedules.start();
        http.start();
        late?.start();
        replays.start();
      },
      accept: (message) => acceptMessage(service, message),
      has: (arn) => arn.includes(':event-bus/') && buses.find(arn)?.record.arn === arn,
      async callDestination({ arn, parameters, body, origin }) {
        const target = { Arn: arn, HttpParameters: parameters };
        const answer = await callDestination(callers, { target, body, origin }, closing.signal);
        if (answer.status === 'failed') throw new ServiceError(answer.code, answer.message);
        return answer.body;
      },
      timedRules: schedules.list,
      reload() {
        buses.reload();
        archives.reload();
        schedules.reload();
        http.reload();
        late?.reload();
        replays.reload();
      },
      async close() {
        closing.abort();
        schedules.close();
        await Promise.all([http.close(CLOSE_GRACE_MS), late?.close(CLOSE_GRACE_MS), replays.close()]);
      },
    };
  },
};
