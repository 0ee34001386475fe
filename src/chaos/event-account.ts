/** Follows events from their bus to the targets of its rules: each is told, or the dead-letter queue is, exactly when due. */
import type { BusFaults, RoutedEvent } from '../model/faults.ts';
import type { Names } from './names.ts';
import type { Plan } from './plan.ts';
import type { RuleTarget, ruleTargets } from './rule-targets.ts';
import type { Accounts, Report } from './violation.ts';

export interface EventAccount extends Accounts, BusFaults {
  readonly deadLettered: number;
}

export interface EventAccountOptions {
  readonly names: Names;
  readonly plan: Plan;
  /** As `ruleTargets`, of the project. */
  readonly targets: (matching?: Parameters<typeof ruleTargets>[2]) => readonly RuleTarget[];
  readonly report: Report;
}

const LONGEST_DELAY_MS = 30_000;
const LONGEST_COPY_MS = 20_000;
const MOST_FAILURES = 4;
const MOST_LOST = 2;

/** An event for one target. */
interface Route {
  /** `3/orders for Worker by the rule placed`. */
  readonly name: string;
  isAsked: boolean;
  isDelivered: boolean;
  isOver: boolean;
}

export function makeEventAccount({ names, plan, targets, report }: EventAccountOptions): EventAccount {
  const events = new Map<string, string>();
  const routes = new Map<string, Route>();
  let deadLettered = 0;

  const keyOf = ({ eventId, bus, rule, targetId }: RoutedEvent) => `${eventId} ${bus} ${rule} ${targetId}`;
  const targetOf = ({ bus, rule, targetId }: RoutedEvent) =>
    targets().find((one) => one.bus === bus && one.rule === rule && one.id === targetId);

  const routeOf = (routed: RoutedEvent): Route => {
    const known = routes.get(keyOf(routed));
    if (known) return known;
    const { eventId, bus, rule, targetId, origin } = routed;
    const event = events.get(`${bus} ${eventId}`) ?? names.next(origin, bus);
    events.set(`${bus} ${eventId}`, event);
    const name = `${event} for ${targetOf(routed)?.name ?? targetId} by the rule ${rule}`;
    const route = { name, isAsked: false, isDelivered: false, isOver: false };
    routes.set(keyOf(routed), route);
    return route;
  };

  return {
    reached(bus, eventId, event, origin) {
      events.set(`${bus} ${eventId}`, names.next(origin, bus));
      for (const { rule, id } of targets({ bus, event })) routeOf({ bus, rule, targetId: id, eventId });
    },
    routing(routed) {
      const route = routeOf(routed);
      route.isAsked = true;
      const { bus, rule, targetId, eventId } = routed;
      const key = `${events.get(`${bus} ${eventId}`)}@${rule}/${targetId}`;
      const late = plan.strikes('delay', key, route.name);
      const again = plan.strikes('duplicate', key, route.name);
      const hard = plan.strikes('fail', key, route.name);
      const once = plan.strikes('throttle', key, route.name);
      const unheard = routed.isCalled ? plan.strikes('service-lose', key, route.name) : undefined;
      const failures =
        hard === undefined ? (once === undefined ? 0 : 1) : 1 + Math.floor(hard * MOST_FAILURES);
      if ([late, again, unheard].every((one) => one === undefined) && failures === 0) return undefined;
      return {
        ...(late !== undefined && { delayMs: Math.ceil(late * LONGEST_DELAY_MS) }),
        ...(again !== undefined && { copyAfterMs: Math.ceil(again * LONGEST_COPY_MS) }),
        ...(failures > 0 && { failures }),
        ...(unheard !== undefined && { lost: 1 + Math.floor(unheard * MOST_LOST) }),
      };
    },
    delivered(routed, answer) {
      const route = routeOf(routed);
      route.isDelivered = true;
      if (answer !== 'lost') route.isOver = true;
    },
    givenUp(routed, { reason, retries, told }) {
      const route = routeOf(routed);
      route.isOver = true;
      const { mostRetries } = targetOf(routed) ?? {};
      if (reason === 'MaximumRetryAttempts' && mostRetries !== undefined && retries !== mostRetries)
        report({
          invariant: 'dead-letter',
          message: `${route.name} was given up after ${retries} retries; it is due after ${mostRetries}`,
        });
      if (told) deadLettered++;
      // A copy of it may have gone well, or a try whose answer was lost.
      else if (!route.isDelivered)
        report({
          invariant: 'nothing-lost',
          message: `${route.name} was dropped (${reason}, ${retries} retries); ${told === undefined ? 'its target has no dead-letter queue' : 'its dead-letter queue was not there'}`,
        });
    },
    pending: () => [...routes.values()].filter(({ isOver }) => !isOver).map(({ name }) => name),
    finish() {
      for (const { name, isAsked, isOver } of routes.values())
        if (!isAsked && !isOver) report({ invariant: 'nothing-lost', message: `${name} was never sent on` });
    },
    get deadLettered() {
      return deadLettered;
    },
  };
}
