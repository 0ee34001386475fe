import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb } from './running-dynamodb.ts';

/** Tables, indexes and attributes may have the names of what every object in JavaScript has. */
const NAMES = ['constructor', 'toString', '__proto__'];

let db: TestDynamodb;
beforeAll(async () => {
  db = await runDynamodb();
  for (const name of NAMES) await db.call('CreateTable', tableNamed(name));
});
afterAll(() => db.close());

/** Table, index and range keys have the same name. */
function tableNamed(name: string): JsonObject {
  const range = { AttributeName: name, KeyType: 'RANGE' };
  const schema = (hash: string) => [{ AttributeName: hash, KeyType: 'HASH' }, range];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['id', name].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: schema('id'),
    LocalSecondaryIndexes: [
      { IndexName: name, KeySchema: schema('id'), Projection: { ProjectionType: 'ALL' } },
    ],
  };
}

const keyed = (name: string, range: string) => ofEntries(['id', { S: 'a' }], [name, { S: range }]);
const ofEntries = (...entries: readonly (readonly [string, JsonObject | readonly JsonObject[]])[]) =>
  Object.fromEntries(entries) as JsonObject;

test.each(NAMES)(
  'a table, index and key named %s are written and read by batches and transactions',
  async (name) => {
    const metrics = { ReturnItemCollectionMetrics: 'SIZE', ReturnConsumedCapacity: 'TOTAL' };
    const item = keyed(name, 'batch');
    const written = await db.call('BatchWriteItem', {
      RequestItems: ofEntries([name, [{ PutRequest: { Item: item } }]]),
      ...metrics,
    });
    const collections = [{ ItemCollectionKey: { id: { S: 'a' } }, SizeEstimateRangeGB: [0, 1] }];
    expect(written.ItemCollectionMetrics).toEqual(ofEntries([name, collections]));
    const read = await db.call('BatchGetItem', { RequestItems: ofEntries([name, { Keys: [item] }]) });
    expect(Object.entries(read.Responses as JsonObject)).toEqual([[name, [item]]]);

    const transaction = {
      ClientRequestToken: `once-${name}`,
      TransactItems: [{ Put: { TableName: name, Item: keyed(name, 'transaction') } }],
      ...metrics,
    };
    const first = await db.call('TransactWriteItems', transaction);
    expect(first.ItemCollectionMetrics).toEqual(ofEntries([name, collections]));
    expect((await db.call('TransactWriteItems', transaction)).ConsumedCapacity).toEqual([
      { TableName: name, CapacityUnits: 2, ReadCapacityUnits: 2 },
    ]);
  },
);

test.each(NAMES)('pages of a table with a key named %s go on behind each other', async (name) => {
  const items = ['p1', 'p2', 'p3'].map((range) => keyed(name, range));
  for (const Item of items) await db.call('PutItem', { TableName: name, Item });
  const query = {
    TableName: name,
    IndexName: name,
    KeyConditionExpression: 'id = :a AND begins_with(#r, :p)',
    ExpressionAttributeNames: { '#r': name },
    ExpressionAttributeValues: { ':a': { S: 'a' }, ':p': { S: 'p' } },
  };
  const first = await db.call('Query', { ...query, Limit: 2 });
  expect(first).toEqual({ Items: items.slice(0, 2), Count: 2, ScannedCount: 2, LastEvaluatedKey: items[1] });
  const second = await db.call('Query', { ...query, ExclusiveStartKey: first.LastEvaluatedKey ?? {} });
  expect(second.Items).toEqual(items.slice(2));
});

test.each(NAMES)(
  'statements find the key named %s, and add up what an index of that name cost',
  async (name) => {
    await db.call('PutItem', { TableName: name, Item: keyed(name, 'statement') });
    const where = `WHERE id = 'a' AND "${name}" = 'statement'`;
    await db.call('ExecuteStatement', { Statement: `UPDATE "${name}" SET n = 1 ${where}` });
    const { Items: items, ConsumedCapacity: consumed } = await db.call('ExecuteStatement', {
      Statement: `SELECT n FROM "${name}"."${name}" ${where}`,
      ReturnConsumedCapacity: 'INDEXES',
    });
    expect(items).toEqual([{ n: { N: '1' } }]);
    const { LocalSecondaryIndexes: indexes } = consumed as JsonObject;
    expect(Object.entries(indexes as JsonObject)).toEqual([[name, { CapacityUnits: 0.5 }]]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  },
);
