import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', tableInput('users', 'id:S'));
  await db.call('CreateTable', ordersTable);
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: 'a' }, money: { N: '10' } } });
});
afterEach(() => db.close());

const user = (id: string) => ({ TableName: 'users', Key: { id: { S: id } } });
const money = async (id: string) => (await db.call('GetItem', user(id))).Item;
const pay = (amount: number, more: JsonObject = {}) => ({
  Update: {
    ...user('a'),
    UpdateExpression: 'SET money = money - :m',
    ConditionExpression: 'money >= :m',
    ExpressionAttributeValues: { ':m': { N: String(amount) } },
    ...more,
  },
});
const newOrder = (id: number) => ({
  Put: { TableName: 'orders', Item: order('a', id), ConditionExpression: 'attribute_not_exists(customer)' },
});
const transact = (...TransactItems: JsonObject[]) => ({ TransactItems });

test('all actions of a transaction are done', async () => {
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: 'gone' } } });
  expect(
    await db.call('TransactWriteItems', {
      ...transact(
        pay(4),
        newOrder(1),
        { Delete: user('gone') },
        {
          ConditionCheck: { ...user('none'), ConditionExpression: 'attribute_not_exists(id)' },
        },
      ),
      ReturnConsumedCapacity: 'TOTAL',
    }),
  ).toEqual({
    ConsumedCapacity: [
      { TableName: 'users', CapacityUnits: 6, WriteCapacityUnits: 6 },
      { TableName: 'orders', CapacityUnits: 2, WriteCapacityUnits: 2 },
    ],
  });
  expect(
    await db.call('TransactGetItems', {
      TransactItems: [
        { Get: { ...user('a'), ProjectionExpression: 'money' } },
        { Get: user('gone') },
        { Get: { TableName: 'orders', Key: order('a', 1) } },
      ],
    }),
  ).toEqual({ Responses: [{ Item: { money: { N: '6' } } }, {}, { Item: order('a', 1) }] });
});

test('one action that is not possible cancels all, with a reason at its place', async () => {
  await db.call('TransactWriteItems', transact(newOrder(1)));
  const failure = await db.failure(
    'TransactWriteItems',
    transact(newOrder(2), newOrder(1), pay(99, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }), {
      Update: { ...user('b'), UpdateExpression: 'SET x = missing_attribute' },
    }),
  );
  expect(failure.code).toBe('TransactionCanceledException');
  expect(failure.message).toBe(
    'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]',
  );
  expect(failure.fields.CancellationReasons).toEqual([
    { Code: 'None' },
    { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      Item: { id: { S: 'a' }, money: { N: '10' } },
    },
    {
      Code: 'ValidationError',
      Message: 'The provided expression refers to an attribute that does not exist in the item',
    },
  ]);
  expect(await money('a')).toMatchObject({ money: { N: '10' } });
  expect((await db.call('GetItem', { TableName: 'orders', Key: order('a', 2) })).Item).toBeUndefined();
});

test('a key that does not fit cancels the transaction too', async () => {
  const failure = await db.failure(
    'TransactWriteItems',
    transact(pay(1), { Delete: { TableName: 'users', Key: { x: { S: '1' } } } }),
  );
  expect(failure.fields.CancellationReasons).toEqual([
    { Code: 'None' },
    { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
  ]);
});

test('a transaction is about each item once', async () => {
  const twice = 'Transaction request cannot include multiple operations on one item';
  expect(await db.refusal('TransactWriteItems', transact(pay(1), { Delete: user('a') }))).toBe(twice);
  expect(
    await db.refusal('TransactGetItems', { TransactItems: [{ Get: user('a') }, { Get: user('a') }] }),
  ).toBe(twice);
});

test('the same token with the same request is the same transaction for ten minutes', async () => {
  const request = { ...transact(pay(3)), ClientRequestToken: 'token-1' };
  const done = await db.call('TransactWriteItems', { ...request, ReturnConsumedCapacity: 'TOTAL' });
  expect(done.ConsumedCapacity).toMatchObject([{ WriteCapacityUnits: expect.any(Number) }]);
  const again = await db.call('TransactWriteItems', { ...request, ReturnConsumedCapacity: 'TOTAL' });
  // Nothing is done again: the items are read.
  expect(again).toEqual({
    ConsumedCapacity: [{ TableName: 'users', CapacityUnits: 2, ReadCapacityUnits: 2 }],
  });
  expect(await money('a')).toMatchObject({ money: { N: '7' } });
  expect(await db.refusal('TransactWriteItems', { ...transact(pay(2)), ClientRequestToken: 'token-1' })).toBe(
    'IdempotentParameterMismatchException: The provided client token is already in use with different request parameters',
  );
  await db.world.clock.advance(10 * 60_000);
  await db.call('TransactWriteItems', request);
  expect(await money('a')).toMatchObject({ money: { N: '4' } });
});

test('transactions that cannot be are refused whole', async () => {
  expect(await db.refusal('TransactWriteItems', transact({}))).toBe(
    'TransactItems can only contain one of Check, Put, Update or Delete',
  );
  expect(
    await db.refusal(
      'TransactWriteItems',
      transact({ Delete: { TableName: 'nope', Key: { id: { S: '1' } } } }),
    ),
  ).toBe('ResourceNotFoundException: Requested resource not found');
  const many = Array.from({ length: 101 }, (_, i) => newOrder(i));
  expect(await db.refusal('TransactWriteItems', transact(...many))).toContain(
    'Member must have length less than or equal to 100',
  );
});

test.each<JsonObject>([
  { Delete: { ...user('b'), ExpressionAttributeValues: { ':v': { SS: [null] } } } },
  { Put: { TableName: 'users', Item: { id: { S: 'b' } }, ExpressionAttributeValues: { ':v': {} } } },
  { Put: { TableName: 'users', Item: { id: { S: 'b', N: null }, n: { S: null, N: '1' } } } },
  { Delete: { TableName: 'users', Key: { id: { SS: null, S: 'b' } } } },
])('what is ignored of an action counts nothing: %o', async (action) => {
  expect(await db.call('TransactWriteItems', transact(action))).toEqual({});
});
