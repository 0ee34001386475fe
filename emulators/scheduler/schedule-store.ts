/** Storage of schedules, their groups, and the runs that are not over. */
import type { Store } from '../../src/model/platform.ts';
import type { ScheduleSettings } from './settings.ts';

export interface ScheduleRecord extends ScheduleSettings {
  readonly arn: string;
  readonly group: string;
  readonly name: string;
  /** Epoch ms, like all times here. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** What a rate counts from. */
  readonly since: number;
  /** What was due up to then is done or lies among the executions. */
  readonly cursor: number;
  /** What the project file last said of it; absent for those made through the API. */
  readonly declared?: string;
}

export interface GroupRecord {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly declared?: true;
}

/** One run of a target that has not succeeded yet. */
export interface Execution {
  /** 16 hex, as targets are told. */
  readonly id: string;
  readonly scheduleArn: string;
  /** When it was due, and when it was first run: within a flexible window those differ. */
  readonly dueAt: number;
  readonly runAt: number;
  /** Of the next try, from 1. */
  readonly attempt: number;
  readonly nextAt: number;
  readonly traceId: string;
}

/** What a client token was used for. */
export interface TokenRecord {
  readonly asked: string;
  readonly answer: string;
  readonly at: number;
}

export interface SchedulesStore {
  find(group: string, name: string): ScheduleRecord | undefined;
  byArn(arn: string): ScheduleRecord | undefined;
  /** By group and name. */
  all(group?: string): readonly ScheduleRecord[];
  save(record: ScheduleRecord): void;
  /** With what still runs of it. */
  remove(record: ScheduleRecord): void;
  group(name: string): GroupRecord | undefined;
  groups(): readonly GroupRecord[];
  saveGroup(record: GroupRecord): void;
  removeGroup(name: string): void;
  executions(scheduleArn?: string): readonly Execution[];
  /** False once it was removed, or its schedule was. */
  isOpen(execution: Execution): boolean;
  saveExecution(execution: Execution): void;
  removeExecution(execution: Execution): void;
  token(key: string): TokenRecord | undefined;
  saveToken(key: string, record: TokenRecord): void;
  write<T>(work: () => T): T;
}

const TOKEN_LIFE_MS = 24 * 3_600_000;

export function openSchedulesStore(store: Store): SchedulesStore {
  const schedules = store.map<ScheduleRecord>('scheduler:schedules');
  const groups = store.map<GroupRecord>('scheduler:groups');
  const executions = store.map<Execution>('scheduler:executions');
  const tokens = store.map<TokenRecord>('scheduler:tokens');
  const keyOf = ({ scheduleArn, dueAt, id }: Execution) => [scheduleArn, dueAt, id];
  const executionsOf = (arn?: string) =>
    [...executions.range()].flatMap(({ value }) =>
      arn === undefined || value.scheduleArn === arn ? [value] : [],
    );
  return {
    find: (group, name) => schedules.get([group, name]),
    byArn(arn) {
      const [, group = '', name = ''] = arn.split('/');
      return schedules.get([group, name]);
    },
    all: (group) =>
      [...schedules.range()].flatMap(({ value }) =>
        group === undefined || value.group === group ? [value] : [],
      ),
    save: (record) => schedules.put([record.group, record.name], record),
    remove: (record) =>
      store.write(() => {
        schedules.remove([record.group, record.name]);
        for (const execution of executionsOf(record.arn)) executions.remove(keyOf(execution));
      }),
    group: (name) => groups.get(name),
    groups: () => [...groups.range()].map(({ value }) => value),
    saveGroup: (record) => groups.put(record.name, record),
    removeGroup: (name) => groups.remove(name),
    executions: executionsOf,
    isOpen: (execution) => executions.has(keyOf(execution)),
    saveExecution: (execution) => executions.put(keyOf(execution), execution),
    removeExecution: (execution) => executions.remove(keyOf(execution)),
    token: (key) => tokens.get(key),
    saveToken: (key, record) =>
      store.write(() => {
        const old = [...tokens.range()].filter(({ value }) => value.at < record.at - TOKEN_LIFE_MS);
        for (const one of old) tokens.remove(one.key);
        tokens.put(key, record);
      }),
    write: (work) => store.write(work),
  };
}
