import { expect, test } from 'vitest';
import { makeIndexLayout } from '../../../../emulators/dynamodb/keys/layout.ts';
import type { Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { openTemporaryStore } from '../../../../src/std/store/store.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

/** Keys that are the same bytes in a row, under one key of the index. */
const one = { a: { S: 'x' }, b: { S: 'yz' }, group: { S: 'g' } };
const other = { a: { S: 'xy' }, b: { S: 'z' }, group: { S: 'g' } };
const table = {
  ...tableInput('pairs', 'a:S', 'b:S'),
  AttributeDefinitions: ['a', 'b', 'group'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-group',
      KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

async function readAll(db: TestDynamodb, more: JsonObject = {}): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let ExclusiveStartKey: JsonObject | undefined;
  do {
    const page = await db.call('Query', {
      TableName: 'pairs',
      IndexName: 'by-group',
      KeyConditionExpression: '#g = :g',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':g': { S: 'g' } },
      Limit: 1,
      ...more,
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    });
    items.push(...(page.Items as JsonObject[]));
    ExclusiveStartKey = page.LastEvaluatedKey as JsonObject | undefined;
  } while (ExclusiveStartKey);
  return items;
}

test('an index holds both of two items whose keys are the same bytes in a row', async () => {
  const db = await runDynamodb();
  await db.call('CreateTable', table);
  for (const Item of [one, other]) await db.call('PutItem', { TableName: 'pairs', Item });
  const both = await readAll(db);
  expect(both).toHaveLength(2);
  expect(await readAll(db, { ScanIndexForward: false })).toEqual(both.toReversed());
  await db.call('DeleteItem', { TableName: 'pairs', Key: { a: one.a, b: one.b } });
  expect(await readAll(db)).toEqual([other]);
  await db.close();
});

test('a table of an earlier build, whose index lacks one of the two, has both', async () => {
  const store = openTemporaryStore();
  const db = await runDynamodb(store);
  await db.call('CreateTable', table);
  for (const Item of [one, other]) await db.call('PutItem', { TableName: 'pairs', Item });
  await db.running.close();
  const id = String(store.map<{ id: string }>('dynamodb.tables').get('pairs')?.id);
  const key = { hash: 'a', range: 'b' };
  const entries = store.map<string>(`dynamodb/${id}/index/by-group`, { keys: 'bytes', values: 'string' });
  const last = [...entries.range()].at(-1);
  const older = makeIndexLayout({ hash: 'group' }, key)
    .entryKeyOf(other as Item)
    ?.subarray(0, 32);
  store.write(() => {
    for (const entry of [...entries.keys()]) entries.remove(entry);
    entries.put(older ?? '', last?.value ?? '');
    store.map('dynamodb.layouts').remove(id);
  });
  const again = await runDynamodb(store);
  expect(await readAll(again)).toHaveLength(2);
  await again.close();
});
