/** Adds up what the reads of one statement consumed. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { ReturnConsumedCapacity } from '../input/members.ts';

/** Reports of one table, with their indexes. */
export function addReports(tableName: string, reports: readonly JsonObject[]): JsonObject {
  const nothing: JsonObject = { TableName: tableName, CapacityUnits: 0, Table: { CapacityUnits: 0 } };
  return reports.reduce(sumOf, nothing);
}

/** Numbers are added up; an index may have any name, also that of what every object has. */
function sumOf(sum: JsonObject, report: JsonObject): JsonObject {
  const members = new Map(Object.entries(sum));
  for (const [name, value] of Object.entries(report)) {
    const present = members.get(name);
    if (typeof value === 'number') members.set(name, (typeof present === 'number' ? present : 0) + value);
    else if (isObject(value)) members.set(name, sumOf(isObject(present) ? present : {}, value));
  }
  return Object.fromEntries(members);
}

export function unitsOf({ CapacityUnits: units }: JsonObject): number {
  return typeof units === 'number' ? units : 0;
}

/** `{ ConsumedCapacity }` as far as it was asked for. */
export function reportAs(mode: ReturnConsumedCapacity | undefined, report: JsonObject): JsonObject {
  if (mode === undefined || mode === 'NONE') return {};
  const { TableName: name, CapacityUnits: units } = report;
  return {
    ConsumedCapacity: mode === 'INDEXES' ? report : { TableName: name ?? '', CapacityUnits: units ?? 0 },
  };
}
