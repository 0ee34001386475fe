/** Reads some items of a table or an index, page after page, until there are as many as were asked for. */
import type { TableCall } from '../../app/data-call.ts';
import { BadItem, type Item, typedItem } from '../../app/data-plain.ts';
import { type IndexShape, keyNames, nearestName, type TableShape } from '../../app/data-tables.ts';
import { pagesOf } from '../../app/data-write.ts';
import type { JsonObject } from '../../model/emulator.ts';
import type { KeySchema } from '../../model/resources.ts';
import { SlsError } from '../../std/errors.ts';
import { JsonSyntaxError, parseExactJson } from '../../std/json-reader.ts';
import type { FilterInput } from './filter-input.ts';

export interface ItemRequest {
  readonly table: TableShape;
  readonly index: IndexShape | undefined;
  readonly operation: 'Scan' | 'Query';
  /** A query's own members: its key condition with names and values, its direction. */
  readonly query?: JsonObject;
  readonly filter: FilterInput | undefined;
  /** At most so many; 0 = all. */
  readonly limit: number;
  /** Plain JSON of the key to begin behind. */
  readonly after: string | undefined;
}

export interface SomeItems {
  readonly items: readonly Item[];
  readonly more: boolean;
}

/** Calls `onPage` with items as they come; answers whether there are more. */
export async function readSome(
  call: TableCall,
  request: ItemRequest,
  onPage: (items: readonly Item[]) => void | Promise<void>,
): Promise<boolean> {
  const wanted = request.limit === 0 ? Number.POSITIVE_INFINITY : request.limit;
  let count = 0;
  for await (const page of pagesOf(call, request.operation, inputOf(request))) {
    const room = wanted - count;
    if (page.length > 0) await onPage(page.slice(0, room));
    if (page.length > room) return true;
    count += page.length;
    if (count === wanted) return hasMore(call, request, page.at(-1));
  }
  return false;
}

/** All keys an item's place in the table or index is made of. */
export function keysOf({ table, index }: Pick<ItemRequest, 'table' | 'index'>): readonly KeySchema[] {
  return index ? [index.key, table.key] : [table.key];
}

/** Throws `SlsError` `index-unknown`. */
export function needIndex(table: TableShape, name: string | undefined): IndexShape | undefined {
  if (name === undefined) return undefined;
  const found = table.indexes.find((index) => index.name === name);
  if (found) return found;
  const known = table.indexes.map((index) => index.name);
  const near = nearestName(name, known);
  throw new SlsError(
    'index-unknown',
    `${table.name} has no index "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    { hint: known.length === 0 ? 'it has no indexes' : `it has: ${known.join(', ')}` },
  );
}

function inputOf(request: ItemRequest): JsonObject {
  const { table, index, filter, query = {}, after, limit } = request;
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, ...rest } = query;
  const allNames = { ...(names as JsonObject | undefined), ...filter?.names };
  const allValues = { ...(values as JsonObject | undefined), ...(filter?.values as JsonObject | undefined) };
  return {
    ...rest,
    TableName: table.name,
    ...(index ? { IndexName: index.name } : {}),
    ...(filter ? { FilterExpression: filter.expression } : {}),
    ...(Object.keys(allNames).length > 0 ? { ExpressionAttributeNames: allNames } : {}),
    ...(Object.keys(allValues).length > 0 ? { ExpressionAttributeValues: allValues } : {}),
    // With a filter the limit would count the items that are left out.
    ...(limit > 0 && !filter ? { Limit: Math.min(limit, 1000) } : {}),
    ...(after === undefined ? {} : { ExclusiveStartKey: startKey(after, request) as unknown as JsonObject }),
  };
}

/** The service says there may be more also where there is none. */
async function hasMore(call: TableCall, request: ItemRequest, last: Item | undefined): Promise<boolean> {
  if (!last) return false;
  const names = new Set(keysOf(request).flatMap(keyNames));
  const key = Object.fromEntries(Object.entries(last).filter(([name]) => names.has(name)));
  const input = {
    ...inputOf(request),
    ...(request.filter ? {} : { Limit: 1 }),
    ExclusiveStartKey: key as unknown as JsonObject,
  };
  for await (const page of pagesOf(call, request.operation, input)) if (page.length > 0) return true;
  return false;
}

function startKey(text: string, request: ItemRequest): Item {
  const wanted = [...new Set(keysOf(request).flatMap(keyNames))];
  const bad = (reason: string) =>
    new SlsError('bad-key', `--after: ${reason}`, {
      hint: `it is what was printed below the last page: {${wanted.map((name) => `"${name}":…`).join(',')}}`,
    });
  try {
    return typedItem(parseExactJson(text));
  } catch (failure) {
    if (failure instanceof JsonSyntaxError)
      throw bad(`this is not JSON: ${failure.reason} at character ${failure.offset + 1}`);
    throw failure instanceof BadItem ? bad(failure.message) : failure;
  }
}
