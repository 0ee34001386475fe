/** Reads and writes many items: every page of a scan, puts in batches, emptying a table. */
import { attributeOf } from '../../emulators/dynamodb/values/attribute-value.ts';
import { itemSize } from '../../emulators/dynamodb/values/item-size.ts';
import type { JsonObject, JsonValue } from '../model/emulator.ts';
import { SlsError } from '../std/errors.ts';
import { type TableCall, TableRefusal } from './data-call.ts';
import { type Item, plainValue, quoted } from './data-plain.ts';
import { keyNames, type TableShape } from './data-tables.ts';

/** The service's limit. */
const MAX_BATCH = 25;
/** Items count less than their JSON is long, at most nine times less; a request is at most 16 MB. */
const MAX_BATCH_BYTES = 1_500_000;

/** Every page of a Scan or Query, as they are asked for. */
export async function* pagesOf(
  call: TableCall,
  operation: 'Scan' | 'Query',
  input: JsonObject,
): AsyncGenerator<readonly Item[]> {
  let start: JsonValue | undefined = input.ExclusiveStartKey;
  do {
    const page = await call(operation, start === undefined ? input : { ...input, ExclusiveStartKey: start });
    yield page.Items as unknown as readonly Item[];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** Answers how many were put. Throws `SlsError` `item-refused`, which tells how many were put before. */
export async function putItems(call: TableCall, table: TableShape, items: Iterable<Item>): Promise<number> {
  let count = 0;
  for (const batch of batchesOf(items)) {
    const requests = batch.map((item) => ({ PutRequest: { Item: item as unknown as JsonObject } }));
    try {
      await writeBatch(call, table.name, requests);
      count += batch.length;
    } catch (failure) {
      if (!(failure instanceof TableRefusal)) throw failure;
      // A batch may not name an item twice, and is refused without saying which item is the wrong one.
      for (const item of batch) {
        await putOne(call, table, item, count);
        count++;
      }
    }
  }
  return count;
}

/** Removes every item and answers how many there were. */
export async function emptyTable(call: TableCall, { name, key }: TableShape): Promise<number> {
  const names = keyNames(key);
  const keysOnly = {
    TableName: name,
    ProjectionExpression: names.map((_, i) => `#k${i}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names.map((each, i) => [`#k${i}`, each])),
  };
  let count = 0;
  for await (const keys of pagesOf(call, 'Scan', keysOnly)) {
    for (let at = 0; at < keys.length; at += MAX_BATCH) {
      const batch = keys.slice(at, at + MAX_BATCH) as unknown as JsonObject[];
      await writeBatch(
        call,
        name,
        batch.map((each) => ({ DeleteRequest: { Key: each } })),
      );
    }
    count += keys.length;
  }
  return count;
}

/** `id="1", at=5`, for messages. */
export function keyOfItem({ key }: Pick<TableShape, 'key'>, item: Item): string {
  return keyNames(key)
    .map((name) => {
      const value = attributeOf(item, name);
      return `${name}=${value ? quoted(plainValue(value)) : '?'}`;
    })
    .join(', ');
}

async function writeBatch(call: TableCall, table: string, requests: readonly JsonObject[]): Promise<void> {
  let left: JsonValue = [...requests];
  while (Array.isArray(left) && left.length > 0) {
    const { UnprocessedItems: unprocessed } = await call('BatchWriteItem', {
      RequestItems: { [table]: left },
    });
    left = (unprocessed as JsonObject | undefined)?.[table] ?? [];
  }
}

async function putOne(call: TableCall, table: TableShape, item: Item, before: number): Promise<void> {
  try {
    await call('PutItem', { TableName: table.name, Item: item as unknown as JsonObject });
  } catch (failure) {
    if (!(failure instanceof TableRefusal)) throw failure;
    throw new SlsError(
      'item-refused',
      `${table.name} refuses the item with ${keyOfItem(table, item)}: ${failure.message}`,
      { hint: before === 0 ? 'nothing was written' : `${before} items before it were written` },
    );
  }
}

function* batchesOf(items: Iterable<Item>): Generator<readonly Item[]> {
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = itemSize(item);
    if (batch.length === MAX_BATCH || (batch.length > 0 && bytes + size > MAX_BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
