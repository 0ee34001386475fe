/** One page of a Query or Scan: reads until the limit, the megabyte or the end. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { namesOf } from '../../../src/std/key-names.ts';
import { type Answer, answerJson } from '../answer.ts';
import { Consumption, consumedCapacity, readUnits } from '../capacity.ts';
import { type Condition, fulfils } from '../expressions/condition.ts';
import type { ReturnConsumedCapacity } from '../input/members.ts';
import type { KeyBounds } from '../keys/layout.ts';
import type { Service } from '../service.ts';
import type { StoredItem } from '../stored-item.ts';
import type { Index, Table } from '../tables/table.ts';
import { attributeOf, type Item } from '../values/attribute-value.ts';
import type { Selection } from './selection.ts';

const MAX_PAGE_BYTES = 1024 * 1024;
const afterKey = Uint8Array.of(0);

export interface PageRequest {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly bounds: KeyBounds;
  /** The key attributes of the item the page before ended at. */
  readonly start: Item | undefined;
  readonly reverse: boolean;
  readonly limit: number;
  readonly filter: Condition | undefined;
  readonly selection: Selection;
  readonly consistent: boolean;
  readonly capacity: ReturnConsumedCapacity | undefined;
}

/** `answerPage` as JSON. */
export function readPage(service: Service, request: PageRequest): JsonObject {
  return answerJson(answerPage(service, request));
}

export function answerPage(service: Service, request: PageRequest): Answer {
  const { table, index, filter, selection, limit } = request;
  const whole: StoredItem[] = [];
  const projected: JsonObject[] = [];
  let count = 0;
  let scanned = 0;
  let pageBytes = 0;
  let readBytes = 0;
  let fetchUnits = 0;
  let last: StoredItem | undefined;
  for (const { stored } of service.tables.range(table, index, positionOf(request))) {
    scanned++;
    pageBytes += stored.pageSize;
    readBytes += stored.size;
    const full = selection.fetch ? service.tables.get(table, table.layout.keyOf(stored.item)) : stored;
    if (selection.fetch) fetchUnits += readUnits(full?.size ?? 0, request.consistent);
    if (full && (!filter || fulfils(full.item, filter))) {
      count++;
      if (selection.project) projected.push(asJson(selection.project(full.item)));
      else if (!selection.countOnly) whole.push(full);
    }
    if (scanned >= limit || pageBytes >= MAX_PAGE_BYTES) {
      last = stored;
      break;
    }
  }
  return {
    ...(selection.countOnly ? {} : { Items: selection.project ? projected : whole }),
    Count: count,
    ScannedCount: scanned,
    ...(last && { LastEvaluatedKey: keyOf(table, index, last.item) }),
    ...consumedCapacity(request.capacity, () => {
      const units = readUnits(readBytes, request.consistent);
      const consumption = new Consumption(table).addTable(index ? fetchUnits : units);
      return index ? consumption.addIndex(index, units) : consumption;
    }),
  };
}

/** The part of the bounds that lies behind the start key in the direction of travel. */
function positionOf({ table, index, bounds, start, reverse }: PageRequest) {
  if (!start) return { ...bounds, reverse };
  const key = (index ?? table).layout.keyOf(start);
  if (reverse) return { from: bounds.from, to: key, reverse };
  return { ...bounds, from: Buffer.concat([key, afterKey]), reverse };
}

function keyOf(table: Table, index: Index | undefined, item: Item): JsonObject {
  const entries: [string, JsonObject][] = [];
  for (const name of [...table.keyNames, ...(index ? namesOf(index.key) : [])]) {
    const value = attributeOf(item, name);
    if (value) entries.push([name, asJson(value)]);
  }
  return Object.fromEntries(entries);
}

function asJson(value: object): JsonObject {
  return value as JsonObject;
}
