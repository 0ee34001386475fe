/** Storage of buses, rules with their targets, archives, replays, connections and destinations. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Store } from '../../src/model/platform.ts';

export type Tags = Readonly<Record<string, string>>;

export interface BusRecord {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  /** Statements of its policy, which nothing enforces. */
  readonly statements: readonly JsonObject[];
  /** Further members, as they were given: `KmsKeyIdentifier`, `DeadLetterConfig`, `LogConfig`. */
  readonly settings: JsonObject;
  readonly tags: Tags;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
  /** What the project file last said of it, as JSON; absent for those made through the API. */
  readonly declared?: string;
}

export interface RuleRecord {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly state: RuleState;
  readonly description?: string;
  readonly roleArn?: string;
  readonly tags: Tags;
  /** As the API has them, in the order they were put. */
  readonly targets: readonly JsonObject[];
  /** When it got its schedule, epoch ms: a rate counts from then. */
  readonly since: number;
  readonly declared?: string;
}

export const RULE_STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'] as const;
export type RuleState = (typeof RULE_STATES)[number];

export interface EventsStore {
  buses(): BusRecord[];
  saveBus(record: BusRecord): void;
  forgetBus(name: string): void;
  rules(): RuleRecord[];
  saveRule(record: RuleRecord): void;
  forgetRule(bus: string, name: string): void;
  write<T>(work: () => T): T;
}

export function openEventsStore(store: Store): EventsStore {
  const buses = store.map<BusRecord>('events:buses');
  const rules = store.map<RuleRecord>('events:rules');
  return {
    buses: () => [...buses.range()].map(({ value }) => value),
    saveBus: (record) => buses.put(record.name, record),
    forgetBus: (name) => buses.remove(name),
    rules: () => [...rules.range()].map(({ value }) => value),
    saveRule: (record) => rules.put([record.bus, record.name], record),
    forgetRule: (bus, name) => rules.remove([bus, name]),
    write: (work) => store.write(work),
  };
}
