/** Takes events to a bus and hands them to the targets of the rules they match. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { BusFaults } from '../../src/model/faults.ts';
import { serviceOf } from './arns.ts';
import type { Bus, Buses } from './buses.ts';
import type { Deliveries } from './delivery/deliver.ts';
import type { BusEvent } from './event.ts';
import type { RuleRecord } from './store.ts';

export interface Routing {
  /** Everything that is to become of the event is stored when this returns. To be called within a transaction. */
  route(bus: Bus, event: BusEvent): void;
  /** The same for one rule, whatever its pattern. */
  tell(rule: RuleRecord, event: BusEvent): void;
}

export interface RoutingOptions {
  readonly buses: Buses;
  readonly deliveries: Deliveries;
  readonly notice: (message: string) => void;
  /** Keeps the event where the bus has archives. */
  readonly archive: (bus: Bus, event: BusEvent) => void;
  readonly faults: BusFaults | undefined;
}

/** The service stops an event that goes from bus to bus; where a circle is, it would go on for ever. */
const MOST_HOPS = 5;

export function makeRouting({ buses, deliveries, notice, archive, faults }: RoutingOptions): Routing {
  const tell = (rule: RuleRecord, event: BusEvent) => {
    for (const target of rule.targets)
      if (isBus(target)) toBus(rule, target, event);
      else deliveries.deliver({ rule, target, event });
  };

  const toBus = (rule: RuleRecord, target: JsonObject, event: BusEvent) => {
    const bus = buses.find(String(target.Arn));
    if (!bus)
      return deliveries.giveUp(
        { rule, target, event },
        { code: 'NO_RESOURCE', message: `Event bus ${String(target.Arn)} does not exist.` },
      );
    if (event.hops >= MOST_HOPS) {
      notice(`the event ${event.id} went from bus to bus ${event.hops} times and is dropped by ${rule.name}`);
      return;
    }
    const { onlyRules: _, ...rest } = event;
    route(bus, { ...rest, hops: event.hops + 1 });
  };

  const route = (bus: Bus, event: BusEvent) => {
    archive(bus, event);
    if (event.onlyRules === undefined) faults?.reached(bus.record.name, event.id, event.json, event.origin);
    for (const rule of buses.matching(bus, event.json)) {
      const { onlyRules } = event;
      if (onlyRules && onlyRules.length > 0 && !onlyRules.includes(rule.arn)) continue;
      tell(rule, event);
    }
  };
  return { route, tell };
}

function isBus({ Arn: arn }: JsonObject): boolean {
  return typeof arn === 'string' && serviceOf(arn) === 'events' && arn.includes(':event-bus/');
}
