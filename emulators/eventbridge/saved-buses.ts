/** The event buses and archives in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import type { ArchiveRecord } from './archives/archives.ts';
import { busNameIn } from './arns.ts';
import { openEventsStore, type RuleRecord } from './store.ts';

export interface SavedBus {
  readonly name: string;
  /** Names. */
  readonly rules: readonly string[];
  /** What may differ: a text for each rule. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface SavedArchive {
  readonly name: string;
  readonly events: number;
  readonly facts: Readonly<Record<string, string>>;
}

/** Sorted by name. The default bus is among them where something was said of it, or it has rules. */
export function readSavedBuses(store: Store): SavedBus[] {
  const events = openEventsStore(store);
  const rules = events.rules();
  const buses = events.buses();
  const names = [...new Set([...buses.map(({ name }) => name), ...rules.map(({ bus }) => bus)])].sort();
  return names.map((name) => {
    const own = rules.filter(({ bus }) => bus === name);
    const settings = buses.find((one) => one.name === name)?.settings ?? {};
    return {
      name,
      rules: own.map((rule) => rule.name),
      facts: {
        ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)])),
        ...Object.fromEntries(own.map((rule) => [`rule ${rule.name}`, ruleText(rule)])),
      },
    };
  });
}

function ruleText({ state, pattern, schedule, targets }: RuleRecord): string {
  const when = [schedule, pattern].filter((one) => one !== undefined).join(' ');
  const told = targets.map((target) => JSON.stringify(target)).join(', ');
  return `${state === 'DISABLED' ? 'disabled ' : ''}${when} → ${told === '' ? 'nobody' : told}`;
}

/** Sorted by name. */
export function readSavedArchives(store: Store): SavedArchive[] {
  return [...store.map<ArchiveRecord>('events:archives').range()].map(({ value }) => {
    const { name, busArn, events, pattern, retentionDays } = value;
    return {
      ...{ name, events },
      facts: {
        ...{ bus: busNameIn(busArn), events: String(events) },
        ...(pattern !== undefined && { pattern }),
        retention: retentionDays === 0 ? 'for good' : `${retentionDays} days`,
      },
    };
  });
}
