/** A transaction asked for again with its token is read, not done: it costs what reading its items would. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { readUnits } from '../capacity.ts';
import type { ReturnConsumedCapacity } from '../input/members.ts';
import type { ItemChange } from '../table-store.ts';
import { itemSize } from '../values/item-size.ts';

/** Units by table. */
export type ReplayUnits = ReadonlyMap<string, number>;

export function unitsOfReplay(changes: readonly ItemChange[]): ReplayUnits {
  const units = new Map<string, number>();
  for (const { table, before, after } of changes) {
    const size = Math.max(after ? itemSize(after) : 0, before?.size ?? 0);
    units.set(table.name, (units.get(table.name) ?? 0) + 2 * readUnits(size, true));
  }
  return units;
}

/** `{ ConsumedCapacity }` where it was asked for. */
export function consumedAgain(units: ReplayUnits, capacity: ReturnConsumedCapacity | undefined): JsonObject {
  if (capacity === undefined || capacity === 'NONE') return {};
  const reports = [...units].map(([name, each]): JsonObject => {
    const read = { CapacityUnits: each, ReadCapacityUnits: each };
    return { TableName: name, ...read, ...(capacity === 'INDEXES' && { Table: read }) };
  });
  return { ConsumedCapacity: reports };
}
