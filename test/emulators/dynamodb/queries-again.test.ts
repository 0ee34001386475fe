/** A Query that was made before sees whatever has been written since, by whichever operation: it answers what a Scan finds. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { saveState } from '../saved-state.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb } from './running-dynamodb.ts';

let store: FileStore;
let db: TestDynamodb;
beforeEach(async () => {
  store = openTemporaryStore();
  db = await runDynamodb(store);
  await db.call('CreateTable', ordersTable);
  await put(order('ann', 1, phase('new')));
  await put(order('ann', 2, phase('new')));
  await put(order('bob', 1, phase('new')));
});
afterEach(() => db.close());

const TableName = 'orders';
const phase = (name: string) => ({ phase: { S: name } });
const put = (Item: JsonObject) => db.call('PutItem', { TableName, Item });
const items = async (operation: string, input: JsonObject) =>
  ((await db.call(operation, { TableName, ...input })).Items as JsonObject[]).map((item) =>
    JSON.stringify(item),
  );

/** By the table's key and by the index, each in both directions and by two. */
async function queried(): Promise<readonly string[][]> {
  const byCustomer = {
    KeyConditionExpression: 'customer = :c',
    ExpressionAttributeValues: { ':c': { S: 'ann' } },
  };
  const byPhase = {
    IndexName: 'by-phase',
    KeyConditionExpression: 'phase = :p',
    ExpressionAttributeValues: { ':p': { S: 'new' } },
  };
  const all = [byCustomer, byPhase].flatMap((query) => [
    items('Query', query),
    items('Query', { ...query, ScanIndexForward: false }),
    items('Query', { ...query, Limit: 2 }),
  ]);
  return Promise.all(all);
}

async function scanned(): Promise<readonly string[][]> {
  const sorted = (list: readonly string[]) =>
    [...list].sort((a, b) => Number(JSON.parse(a).id.N) - Number(JSON.parse(b).id.N));
  const ofAnn = sorted(
    await items('Scan', {
      FilterExpression: 'customer = :c',
      ExpressionAttributeValues: { ':c': { S: 'ann' } },
    }),
  );
  const isNew = await items('Scan', {
    IndexName: 'by-phase',
    FilterExpression: 'phase = :p',
    ExpressionAttributeValues: { ':p': { S: 'new' } },
  });
  return [ofAnn, isNew].flatMap((list) => [list, [...list].reverse(), list.slice(0, 2)]);
}

const key = (number: number) => ({ customer: { S: 'ann' }, id: { N: String(number) } });

test.each<[string, JsonObject]>([
  ['PutItem', { Item: order('ann', 3, phase('new')) }],
  ['PutItem', { Item: order('ann', 1, phase('done')) }],
  ['DeleteItem', { Key: key(1) }],
  [
    'UpdateItem',
    { Key: key(2), UpdateExpression: 'SET phase = :p', ExpressionAttributeValues: { ':p': { S: 'done' } } },
  ],
  ['BatchWriteItem', { RequestItems: { orders: [{ DeleteRequest: { Key: key(2) } }] } }],
  [
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { TableName, Item: order('ann', 4, phase('new')) } },
        { Delete: { TableName, Key: key(1) } },
      ],
    },
  ],
  ['ExecuteStatement', { Statement: `UPDATE orders SET phase = 'done' WHERE customer = 'ann' AND id = 1` }],
])('after %s of %j', async (operation, input) => {
  const before = await queried();
  expect(before).toEqual(await scanned());
  const isOfOneTable = /^(Put|Update|Delete)Item$/.test(operation);
  await db.call(operation, isOfOneTable ? { TableName, ...input } : input);
  const after = await queried();
  expect(after).not.toEqual(before);
  expect(after).toEqual(await scanned());
});

test('after a write that failed, and one that was taken back with it', async () => {
  const before = await queried();
  const isNew = { ConditionExpression: 'attribute_not_exists(customer)' };
  await db.failure('PutItem', { TableName, Item: order('ann', 1, phase('done')), ...isNew });
  await db.failure('TransactWriteItems', {
    TransactItems: [
      { Put: { TableName, Item: order('ann', 5, phase('new')) } },
      { Put: { TableName, Item: order('ann', 1, phase('done')), ...isNew } },
    ],
  });
  expect(await queried()).toEqual(before);
});

test('after a restore of the state, and after the table was made anew', async () => {
  const restore = await saveState(store);
  const saved = await queried();
  await put(order('ann', 3, phase('new')));
  expect(await queried()).not.toEqual(saved);
  await restore(db.running);
  expect(await queried()).toEqual(saved);
  await db.call('DeleteTable', { TableName });
  await db.call('CreateTable', ordersTable);
  expect((await queried()).flat()).toEqual([]);
});

test('after an index was made anew for other items', async () => {
  expect(await queried()).toEqual(await scanned());
  await db.call('UpdateTable', {
    TableName,
    GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-phase' } }],
  });
  await put(order('ann', 2, phase('done')));
  await db.call('UpdateTable', {
    TableName,
    AttributeDefinitions: ordersTable.AttributeDefinitions as JsonObject[],
    GlobalSecondaryIndexUpdates: [
      { Create: (ordersTable.GlobalSecondaryIndexes as JsonObject[])[0] as JsonObject },
    ],
  });
  expect(await queried()).toEqual(await scanned());
});
