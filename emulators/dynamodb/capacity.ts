/** Capacity units that requests consume, and how they are reported. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { IndexWrite } from './index-writes.ts';
import type { ReturnConsumedCapacity } from './input/members.ts';
import type { CommittedChange } from './table-store.ts';
import type { Index, Table } from './tables/table.ts';

/** 4 KB a unit, half of it for an eventually consistent read. */
export function readUnits(sizeBytes: number, consistent: boolean): number {
  const units = Math.max(1, Math.ceil(sizeBytes / 4096));
  return consistent ? units : units / 2;
}

/** 1 KB a unit, the greater of the item before and after. */
export function writeUnits(before: number, after: number): number {
  return Math.max(1, Math.ceil(Math.max(before, after) / 1024));
}

/** What one request consumed of one table. */
export class Consumption {
  readonly #tableName: string;
  readonly #kind: 'read' | 'write' | undefined;
  #table = 0;
  readonly #local = new Map<string, number>();
  readonly #global = new Map<string, number>();

  /** `kind` is reported for transactions. */
  constructor(table: Table, kind?: 'read' | 'write') {
    this.#tableName = table.name;
    this.#kind = kind;
  }

  addTable(units: number): this {
    this.#table += units;
    return this;
  }

  addIndex(index: Index, units: number): this {
    const units_ = index.kind === 'local' ? this.#local : this.#global;
    units_.set(index.name, (units_.get(index.name) ?? 0) + units);
    return this;
  }

  /** `factor` is 2 in a transaction: its indexes cost what they always do. */
  addChange({ before, after, indexWrites }: Omit<CommittedChange, 'table' | 'key'>, factor = 1): this {
    this.addTable(factor * writeUnits(before?.size ?? 0, after?.size ?? 0));
    for (const { index, units } of indexWrites as readonly IndexWrite[]) this.addIndex(index, units);
    return this;
  }

  report(mode: ReturnConsumedCapacity): JsonObject {
    const total = sum(this.#local) + sum(this.#global) + this.#table;
    const answer: JsonObject = { TableName: this.#tableName, ...this.#units(total) };
    if (mode !== 'INDEXES') return answer;
    answer.Table = this.#units(this.#table);
    if (this.#local.size > 0) answer.LocalSecondaryIndexes = this.#perIndex(this.#local);
    if (this.#global.size > 0) answer.GlobalSecondaryIndexes = this.#perIndex(this.#global);
    return answer;
  }

  #units(units: number): JsonObject {
    if (this.#kind === undefined) return { CapacityUnits: units };
    return this.#kind === 'read'
      ? { CapacityUnits: units, ReadCapacityUnits: units }
      : { CapacityUnits: units, WriteCapacityUnits: units };
  }

  #perIndex(indexes: ReadonlyMap<string, number>): JsonObject {
    return Object.fromEntries([...indexes].map(([name, units]) => [name, this.#units(units)]));
  }
}

/** `{ ConsumedCapacity }` where it was asked for. */
export function consumedCapacity(
  mode: ReturnConsumedCapacity | undefined,
  consumption: () => Consumption,
): JsonObject {
  return mode === undefined || mode === 'NONE' ? {} : { ConsumedCapacity: consumption().report(mode) };
}

/** The same for a request that touches several tables. */
export function consumedCapacities(
  mode: ReturnConsumedCapacity | undefined,
  consumptions: () => Iterable<Consumption>,
): JsonObject {
  if (mode === undefined || mode === 'NONE') return {};
  return { ConsumedCapacity: [...consumptions()].map((consumption) => consumption.report(mode)) };
}

function sum(units: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const each of units.values()) total += each;
  return total;
}
