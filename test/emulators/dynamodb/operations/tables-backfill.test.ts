import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { openTemporaryStore } from '../../../../src/std/store/store.ts';
import { itemsOf, putOrders } from '../backups/backed-up.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await makeOrders(db);
});
afterEach(() => db.close());

async function makeOrders(on: TestDynamodb): Promise<void> {
  const { GlobalSecondaryIndexes: _, LocalSecondaryIndexes: __, ...definition } = ordersTable;
  const names = ['customer', 'id'];
  const AttributeDefinitions = (definition.AttributeDefinitions as JsonObject[]).filter(
    ({ AttributeName: name }) => names.includes(String(name)),
  );
  await on.call('CreateTable', { ...definition, AttributeDefinitions });
  await putOrders(on, 0, 2500, { phase: { S: 'old' } });
}
const addIndex = (on: TestDynamodb, IndexName = 'by-phase') =>
  on.call('UpdateTable', {
    TableName: 'orders',
    AttributeDefinitions: [{ AttributeName: 'phase', AttributeType: 'S' }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName,
          KeySchema: [{ AttributeName: 'phase', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      },
    ],
  });
const indexOf = async () => {
  const { Table } = await db.call('DescribeTable', { TableName: 'orders' });
  const [index] = ((Table as JsonObject).GlobalSecondaryIndexes ?? []) as JsonObject[];
  return index;
};
const put = (id: number, phase: string) =>
  db.call('PutItem', { TableName: 'orders', Item: order('ann', id, { phase: { S: phase } }) });

test('the answer shows an index that is made or removed under way, and no other', async () => {
  const [small, other] = ['small', 'other'];
  await db.call('CreateTable', tableInput(small, 'id:S'));
  await db.call('PutItem', { TableName: small, Item: { id: { S: '1' }, phase: { S: 'new' } } });
  const states = async (updates: JsonObject) => {
    const phase = [{ AttributeName: 'phase', AttributeType: 'S' }];
    const answer = await db.call('UpdateTable', {
      ...{ TableName: small, AttributeDefinitions: phase },
      ...updates,
    });
    const { GlobalSecondaryIndexes: indexes = [] } = answer.TableDescription as JsonObject;
    return (indexes as JsonObject[]).map(({ IndexName, IndexStatus, Backfilling, ItemCount }) => [
      ...[IndexName, IndexStatus, Backfilling, ItemCount],
    ]);
  };
  const create = (IndexName: string) => ({
    Create: {
      IndexName,
      KeySchema: [{ AttributeName: 'phase', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  });
  expect(await states({ GlobalSecondaryIndexUpdates: [create(small)] })).toEqual([
    [small, 'CREATING', false, 0],
  ]);
  expect(await states({ GlobalSecondaryIndexUpdates: [create(other)] })).toEqual([
    [small, 'ACTIVE', undefined, 1],
    [other, 'CREATING', false, 0],
  ]);
  expect(await states({ DeletionProtectionEnabled: false })).toEqual([
    [small, 'ACTIVE', undefined, 1],
    [other, 'ACTIVE', undefined, 1],
  ]);
  expect(await states({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: small } }] })).toEqual([
    [other, 'ACTIVE', undefined, 1],
    [small, 'DELETING', undefined, 1],
  ]);
});

test('the new index of a large table is filled while the table is written to', async () => {
  const { TableDescription } = await addIndex(db);
  expect(TableDescription).toMatchObject({
    TableStatus: 'UPDATING',
    GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING', Backfilling: true }],
  });
  expect(await indexOf()).toMatchObject({ IndexStatus: 'CREATING', Backfilling: true });
  expect(await db.refusal('Scan', { TableName: 'orders', IndexName: 'by-phase' })).toBe(
    'Cannot read from backfilling global secondary index: by-phase',
  );
  for (let id = 0; id < 2500; id += 10) await put(id, 'new');
  for (let id = 5; id < 2500; id += 10)
    await db.call('DeleteItem', { TableName: 'orders', Key: order('ann', id) });
  await put(7000, 'new');
  await db.running.settled();
  const index = await indexOf();
  expect(index).toMatchObject({ IndexStatus: 'ACTIVE', ItemCount: 2251 });
  expect(index).not.toHaveProperty('Backfilling');
  const items = await itemsOf(db, 'orders', { IndexName: 'by-phase' });
  const count = (phase: string) => items.filter((item) => (item.phase as JsonObject).S === phase).length;
  expect([count('new'), count('old')]).toEqual([251, 2000]);
  const { Table } = await db.call('DescribeTable', { TableName: 'orders' });
  expect(index?.IndexSizeBytes).toBe((Table as JsonObject).TableSizeBytes);
});

test('one index is made at a time, and the table stays until it is done', async () => {
  await addIndex(db);
  expect(
    await db.refusal('UpdateTable', {
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'phase', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'other',
            KeySchema: [{ AttributeName: 'phase', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    }),
  ).toContain('LimitExceededException: Subscriber limit exceeded: Only 1 online index');
  expect(await db.refusal('DeleteTable', { TableName: 'orders' })).toContain(
    'Cannot delete table while indexes are being created, updated, or deleted',
  );
  await db.running.settled();
  await db.call('DeleteTable', { TableName: 'orders' });
});

test('an index that is deleted while it is filled, and made anew, holds all items', async () => {
  await addIndex(db);
  const remove = { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-phase' } }] };
  await db.call('UpdateTable', { TableName: 'orders', ...remove });
  await addIndex(db);
  await db.running.settled();
  expect(await itemsOf(db, 'orders', { IndexName: 'by-phase' })).toHaveLength(2500);
});

test('filling goes on in the next session', async () => {
  const store = openTemporaryStore();
  const first = await runDynamodb({ ...store, close: async () => {} });
  await makeOrders(first);
  await addIndex(first);
  await first.close();
  const second = await runDynamodb(store);
  await second.running.settled();
  expect(await itemsOf(second, 'orders', { IndexName: 'by-phase' })).toHaveLength(2500);
  await second.close();
});
