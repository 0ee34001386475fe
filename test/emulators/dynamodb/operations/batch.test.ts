import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', tableInput('users', 'id:S'));
  await db.call('CreateTable', ordersTable);
});
afterEach(() => db.close());

const user = (id: string, more: JsonObject = {}) => ({ id: { S: id }, ...more });
const putRequest = (Item: JsonObject) => ({ PutRequest: { Item } });

test('a batch puts and deletes in several tables, another reads them', async () => {
  await db.call('PutItem', { TableName: 'users', Item: user('old') });
  expect(
    await db.call('BatchWriteItem', {
      RequestItems: {
        users: [putRequest(user('a', { n: { N: '1' } })), { DeleteRequest: { Key: user('old') } }],
        orders: [putRequest(order('a', 1)), { DeleteRequest: { Key: order('a', 9) } }],
      },
      ReturnConsumedCapacity: 'TOTAL',
      ReturnItemCollectionMetrics: 'SIZE',
    }),
  ).toEqual({
    UnprocessedItems: {},
    ConsumedCapacity: [
      { TableName: 'users', CapacityUnits: 2 },
      { TableName: 'orders', CapacityUnits: 2 },
    ],
    ItemCollectionMetrics: {
      orders: [{ ItemCollectionKey: { customer: { S: 'a' } }, SizeEstimateRangeGB: [0, 1] }],
    },
  });
  expect(
    await db.call('BatchGetItem', {
      RequestItems: {
        users: {
          Keys: [user('a'), user('old'), user('none')],
          ProjectionExpression: 'n',
          ConsistentRead: true,
        },
        orders: { Keys: [order('a', 1)] },
      },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  ).toEqual({
    Responses: { users: [{ n: { N: '1' } }], orders: [order('a', 1)] },
    UnprocessedKeys: {},
    ConsumedCapacity: [
      { TableName: 'users', CapacityUnits: 3 },
      { TableName: 'orders', CapacityUnits: 0.5 },
    ],
  });
});

test('keys that do not fit into the answer come back as unprocessed', async () => {
  const keys = Array.from({ length: 45 }, (_, i) => user(`u${i}`));
  for (const each of keys)
    await db.call('PutItem', { TableName: 'users', Item: { ...each, f: { S: 'x'.repeat(400_000) } } });
  const request = { Keys: keys, ConsistentRead: true };
  const first = await db.call('BatchGetItem', { RequestItems: { users: request } });
  const unprocessed = first.UnprocessedKeys as { users: { Keys: JsonObject[]; ConsistentRead: boolean } };
  expect((first.Responses as { users: JsonObject[] }).users).toHaveLength(42);
  expect(unprocessed.users).toEqual({ Keys: keys.slice(42), ConsistentRead: true });
  const second = await db.call('BatchGetItem', { RequestItems: unprocessed });
  expect((second.Responses as { users: JsonObject[] }).users).toHaveLength(3);
});

test('a batch with one impossible request writes nothing', async () => {
  const requests = [putRequest(user('a')), putRequest({ x: { S: '1' } })];
  expect(await db.refusal('BatchWriteItem', { RequestItems: { users: requests } })).toBe(
    'The provided key element does not match the schema',
  );
  expect(await db.call('Scan', { TableName: 'users', Select: 'COUNT' })).toMatchObject({ Count: 0 });
});

test('batches that cannot be are refused in the words of the service', async () => {
  const duplicates = 'Provided list of item keys contains duplicates';
  const many = Array.from({ length: 26 }, (_, i) => putRequest(user(`u${i}`)));
  expect(
    await db.refusal('BatchWriteItem', {
      RequestItems: { users: [putRequest(user('a')), { DeleteRequest: { Key: user('a') } }] },
    }),
  ).toBe(duplicates);
  expect(
    await db.refusal('BatchGetItem', { RequestItems: { users: { Keys: [user('a'), user('a')] } } }),
  ).toBe(duplicates);
  expect(await db.refusal('BatchWriteItem', { RequestItems: { users: many } })).toContain(
    'Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]',
  );
  expect(
    await db.refusal('BatchWriteItem', {
      RequestItems: { users: many.slice(0, 25), orders: [putRequest(order('a', 1))] },
    }),
  ).toBe('Too many items requested for the BatchWriteItem call');
  expect(await db.refusal('BatchWriteItem', { RequestItems: { users: [{}] } })).toContain(
    'more than one datatypes set',
  );
  expect(await db.refusal('BatchGetItem', { RequestItems: {} })).toBe(
    "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
  expect(await db.refusal('BatchGetItem', { RequestItems: { users: { Keys: [] } } })).toBe(
    "1 validation error detected: Value at 'RequestItems.users.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
  expect(
    await db.refusal('BatchGetItem', {
      RequestItems: { 'bad!name': { Keys: [user('a')] } },
      ReturnConsumedCapacity: 'BOGUS',
    }),
  ).toBe(
    `2 validation errors detected: Value '{"bad!name":{"Keys":[{"id":{"S":"a"}}]}}' at 'requestItems' failed to satisfy constraint: ` +
      'Map keys must satisfy constraint: [Member must have length less than or equal to 255, ' +
      'Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]; ' +
      "Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
  );
  expect(await db.refusal('BatchWriteItem', { RequestItems: {} })).toBe(
    'The requestItems parameter is required for BatchWriteItem',
  );
  expect(await db.refusal('BatchGetItem', { RequestItems: { nope: { Keys: [user('a')] } } })).toBe(
    'ResourceNotFoundException: Requested resource not found',
  );
});
