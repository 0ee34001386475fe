/** The buses there are, their rules, and which rules an event is for. */
import type { JsonValue } from '../../src/model/emulator.ts';
import type { Clock } from '../../src/model/platform.ts';
import { PatternError } from '../../src/std/event-pattern.ts';
import { type Matcher, makeMatcher } from '../../src/std/patterns/matcher.ts';
import { parsePattern } from '../../src/std/patterns/parse-pattern.ts';
import { busArn, busNameIn, DEFAULT_BUS, type Owner } from './arns.ts';
import { invalidPattern, notFound, ruleNotFound } from './errors.ts';
import type { BusRecord, EventsStore, RuleRecord } from './store.ts';

export interface Bus {
  readonly record: BusRecord;
  /** By name. */
  readonly rules: ReadonlyMap<string, RuleRecord>;
}

export interface Buses {
  all(): readonly Bus[];
  /** By name or ARN. */
  find(nameOrArn: string): Bus | undefined;
  /** Throws the service's error. The default bus where nothing is named. */
  get(nameOrArn: string | undefined): Bus;
  rule(bus: Bus, name: string): RuleRecord;
  save(record: BusRecord): void;
  remove(name: string): void;
  saveRule(record: RuleRecord): void;
  removeRule(record: RuleRecord): void;
  /** The enabled rules whose pattern accepts the event, by name. */
  matching(bus: Bus, event: JsonValue): readonly RuleRecord[];
  /** Told of each rule that is saved or removed (then without its schedule), and of all after `reload`. */
  onRule(listener: (record: RuleRecord) => void): void;
  reload(): void;
}

interface Held extends Bus {
  record: BusRecord;
  readonly rules: Map<string, RuleRecord>;
  readonly matcher: Matcher<string>;
}

export function openBuses(store: EventsStore, owner: Owner, clock: Clock): Buses {
  let held = new Map<string, Held>();
  const listeners: ((record: RuleRecord) => void)[] = [];
  const tell = (record: RuleRecord) => {
    for (const listener of listeners) listener(record);
  };

  const hold = (record: BusRecord) => {
    const known = held.get(record.name);
    if (known) known.record = record;
    else held.set(record.name, { record, rules: new Map(), matcher: makeMatcher() });
  };

  const holdRule = (record: RuleRecord) => {
    const bus = held.get(record.bus);
    if (!bus) return;
    const known = bus.rules.get(record.name);
    bus.rules.set(record.name, record);
    if (known && known.pattern === record.pattern && known.state === record.state) return;
    if (record.pattern !== undefined && isEnabled(record))
      bus.matcher.set(record.name, parsePattern(record.pattern));
    else bus.matcher.delete(record.name);
  };

  const load = () => {
    held = new Map();
    for (const record of store.buses()) hold(record);
    if (!held.has(DEFAULT_BUS)) {
      const at = Math.floor(clock.now());
      const arn = busArn(owner, DEFAULT_BUS);
      hold({ name: DEFAULT_BUS, arn, statements: [], settings: {}, tags: {}, createdAt: at, changedAt: at });
    }
    for (const record of store.rules()) holdRule(record);
  };
  load();

  const find = (nameOrArn: string) => held.get(busNameIn(nameOrArn));
  return {
    all: () => [...held.values()],
    find,
    get(nameOrArn = DEFAULT_BUS) {
      const bus = find(nameOrArn);
      if (!bus) throw notFound(`Event bus ${busNameIn(nameOrArn)}`);
      return bus;
    },
    rule({ record: { name: bus }, rules }, name) {
      const rule = rules.get(name);
      if (!rule) throw ruleNotFound(name, bus);
      return rule;
    },
    save(record) {
      store.saveBus(record);
      hold(record);
    },
    remove(name) {
      store.forgetBus(name);
      held.delete(name);
    },
    saveRule(record) {
      store.saveRule(record);
      holdRule(record);
      tell(record);
    },
    removeRule(record) {
      store.forgetRule(record.bus, record.name);
      const bus = held.get(record.bus);
      bus?.rules.delete(record.name);
      bus?.matcher.delete(record.name);
      const { schedule: _, ...rest } = record;
      tell(rest);
    },
    matching({ record: { name } }, event) {
      const bus = held.get(name);
      if (!bus) return [];
      const names = [...bus.matcher.match(event)].sort();
      return names.flatMap((rule) => bus.rules.get(rule) ?? []);
    },
    onRule(listener) {
      listeners.push(listener);
    },
    reload: load,
  };
}

export function isEnabled({ state }: RuleRecord): boolean {
  return state !== 'DISABLED';
}

/** Throws the service's error for a pattern that is none. */
export function checkPattern(text: string): void {
  try {
    parsePattern(text);
  } catch (failure) {
    if (failure instanceof PatternError) throw invalidPattern(failure.message);
    throw failure;
  }
}
