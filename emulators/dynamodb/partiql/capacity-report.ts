/** Adds up what the reads of one statement consumed. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import type { ReturnConsumedCapacity } from '../input/members.ts';

/** Reports of one table, with their indexes. */
export function addReports(tableName: string, reports: readonly JsonObject[]): JsonObject {
  const sum: JsonObject = { TableName: tableName, CapacityUnits: 0, Table: { CapacityUnits: 0 } };
  for (const report of reports) addTo(sum, report);
  return sum;
}

function addTo(sum: JsonObject, report: JsonObject): void {
  for (const [name, value] of Object.entries(report)) {
    const present = sum[name];
    if (typeof value === 'number') sum[name] = (typeof present === 'number' ? present : 0) + value;
    else if (isObject(value)) {
      const inner: JsonObject = isObject(present) ? present : {};
      sum[name] = inner;
      addTo(inner, value);
    }
  }
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

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
