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

const key = { id: { S: '1' } };
const put = (item: JsonObject, more: JsonObject = {}) =>
  db.call('PutItem', { TableName: 'users', Item: item, ...more });
const get = async (more: JsonObject = {}) =>
  (await db.call('GetItem', { TableName: 'users', Key: key, ...more })).Item;
const invalid = 'One or more parameter values were invalid: ';

test('an item is put, got, replaced and deleted', async () => {
  const item = {
    ...key,
    n: { N: '01.0' },
    s: { SS: ['a', 'b'] },
    m: { M: { l: { L: [{ NULL: true }, { BOOL: false }] } } },
  };
  expect(await put(item)).toEqual({});
  expect(await get()).toEqual({ ...item, n: { N: '1' } });
  expect(await put({ ...key, x: { B: 'AQI=' } }, { ReturnValues: 'ALL_OLD' })).toEqual({
    Attributes: { ...item, n: { N: '1' } },
  });
  expect(await db.call('DeleteItem', { TableName: 'users', Key: key, ReturnValues: 'ALL_OLD' })).toEqual({
    Attributes: { ...key, x: { B: 'AQI=' } },
  });
  expect(await get()).toBeUndefined();
  expect(await db.call('DeleteItem', { TableName: 'users', Key: key })).toEqual({});
});

test('a projection gives parts, and nothing of an item without them', async () => {
  await put({ ...key, m: { M: { a: { S: 'x' }, b: { S: 'y' } } } });
  expect(await get({ ProjectionExpression: 'm.#a', ExpressionAttributeNames: { '#a': 'a' } })).toEqual({
    m: { M: { a: { S: 'x' } } },
  });
  expect(await get({ ProjectionExpression: 'gone' })).toEqual({});
  expect(await get({ AttributesToGet: ['id', 'gone'] })).toEqual(key);
});

test('a condition that does not hold stops the write and gives the item back where asked', async () => {
  await put({ ...key, n: { N: '1' } });
  const conditional = {
    TableName: 'users',
    Item: { ...key, n: { N: '2' } },
    ConditionExpression: 'attribute_not_exists(id)',
  };
  const failure = await db.failure('PutItem', {
    ...conditional,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  expect(failure).toMatchObject({
    code: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    namespace: 'com.amazonaws.dynamodb.v20120810#',
    fields: { Item: { ...key, n: { N: '1' } } },
  });
  expect((await db.failure('PutItem', conditional)).fields).toEqual({});
  expect(
    await db.refusal('DeleteItem', { TableName: 'users', Key: key, ConditionExpression: 'n > n2' }),
  ).toContain('ConditionalCheckFailedException');
  expect(await get()).toEqual({ ...key, n: { N: '1' } });
});

test('an update makes the item when there is none, and returns what was asked for', async () => {
  const update = (ReturnValues: string, UpdateExpression: string, values: JsonObject) =>
    db.call('UpdateItem', {
      TableName: 'users',
      Key: key,
      UpdateExpression,
      ExpressionAttributeValues: values,
      ReturnValues,
    });
  expect(
    await update('UPDATED_OLD', 'SET a = :a, b.c = :a', { ':a': { M: {} } }).catch((e: Error) => e.message),
  ).toBe('The document path provided in the update expression is invalid for update');
  expect(
    await update('UPDATED_NEW', 'SET a = :a, l = :l', { ':a': { N: '1' }, ':l': { L: [{ N: '1' }] } }),
  ).toEqual({
    Attributes: { a: { N: '1' }, l: { L: [{ N: '1' }] } },
  });
  expect(await update('UPDATED_OLD', 'SET a = a + :a REMOVE l[0]', { ':a': { N: '1' } })).toEqual({
    Attributes: { a: { N: '1' }, l: { L: [{ N: '1' }] } },
  });
  expect(await update('ALL_NEW', 'ADD a :a', { ':a': { N: '0.5' } })).toEqual({
    Attributes: { ...key, a: { N: '2.5' }, l: { L: [] } },
  });
  expect(await update('ALL_OLD', 'SET a = :a', { ':a': { S: '' } })).toEqual({
    Attributes: { ...key, a: { N: '2.5' }, l: { L: [] } },
  });
  expect(await update('NONE', 'SET a = :a', { ':a': { S: '' } })).toEqual({});
});

test('keys that do not fit the schema are refused in the words of the service', async () => {
  const noMatch = 'The provided key element does not match the schema';
  for (const wrong of [{}, { x: { S: '1' } }, { id: { N: '1' } }, { ...key, x: { S: '1' } }])
    for (const operation of ['GetItem', 'DeleteItem', 'UpdateItem'])
      expect(await db.refusal(operation, { TableName: 'users', Key: wrong })).toBe(noMatch);
  const refusals: [JsonObject, string][] = [
    [{}, `${invalid}Missing the key id in the item`],
    [{ id: { N: '1' } }, `${invalid}Type mismatch for key id expected: S actual: N`],
    [
      { id: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    ],
    [
      { id: { S: 'x'.repeat(2049) } },
      `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
  ];
  for (const [Item, message] of refusals)
    expect(await db.refusal('PutItem', { TableName: 'users', Item })).toBe(message);
  expect(
    await db.refusal('PutItem', { TableName: 'orders', Item: order('a', 1, { phase: { N: '1' } }) }),
  ).toBe(`${invalid}Type mismatch for Index Key phase Expected: S Actual: N IndexName: by-phase`);
  expect(
    await db.refusal('PutItem', { TableName: 'orders', Item: order('a', 1, { phase: { S: '' } }) }),
  ).toContain('A value specified for a secondary index key is not supported.');
});

test('updates leave keys alone and index keys in their type', async () => {
  const update = (UpdateExpression: string, values?: JsonObject) =>
    db.refusal('UpdateItem', {
      TableName: 'orders',
      Key: order('a', 1),
      UpdateExpression,
      ...(values && { ExpressionAttributeValues: values }),
    });
  const one = { ':n': { N: '1' } };
  expect(await update('SET id = :n', one)).toBe(
    `${invalid}Cannot update attribute id. This attribute is part of the key`,
  );
  expect(await update('SET phase = :n', one)).toBe(
    `${invalid}Type mismatch for Index Key phase Expected: S Actual: N IndexName: by-phase`,
  );
  expect(await update('SET phase.x = :n', one)).toBe(
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: phase",
  );
  expect(await update('SET phase = id')).toBe(
    'The update expression attempted to update the secondary index key to unsupported type',
  );
});

test('an item may have 400 KB and no byte more', async () => {
  const filler = 'x'.repeat(400 * 1024 - 3 - 1);
  await put({ id: { S: '1' }, f: { S: filler } });
  expect(
    await db.refusal('PutItem', { TableName: 'users', Item: { id: { S: '1' }, f: { S: `${filler}x` } } }),
  ).toBe('Item size has exceeded the maximum allowed size');
  expect(
    await db.refusal('UpdateItem', {
      TableName: 'users',
      Key: key,
      UpdateExpression: 'SET g = :g',
      ExpressionAttributeValues: { ':g': { S: 'x' } },
    }),
  ).toBe('Item size to update has exceeded the maximum allowed size');
});

test('capacity is counted for the table and each index a write touches', async () => {
  const capacity = async (operation: string, input: JsonObject) =>
    (await db.call(operation, { TableName: 'orders', ReturnConsumedCapacity: 'INDEXES', ...input }))
      .ConsumedCapacity;
  const big = { pad: { S: 'x'.repeat(1500) } };
  expect(await capacity('PutItem', { Item: order('a', 1, { phase: { S: 'new' }, ...big }) })).toEqual({
    TableName: 'orders',
    CapacityUnits: 4,
    Table: { CapacityUnits: 2 },
    GlobalSecondaryIndexes: { 'by-phase': { CapacityUnits: 2 } },
  });
  const moved = { UpdateExpression: 'SET phase = :p', ExpressionAttributeValues: { ':p': { S: 'paid' } } };
  expect(await capacity('UpdateItem', { Key: order('a', 1), ...moved })).toMatchObject({
    GlobalSecondaryIndexes: { 'by-phase': { CapacityUnits: 4 } },
  });
  expect(await capacity('UpdateItem', { Key: order('a', 1), ...moved })).toEqual({
    TableName: 'orders',
    CapacityUnits: 2,
    Table: { CapacityUnits: 2 },
  });
  expect(await capacity('GetItem', { Key: order('a', 1) })).toMatchObject({ CapacityUnits: 0.5 });
  expect(await capacity('GetItem', { Key: order('a', 1), ConsistentRead: true })).toMatchObject({
    CapacityUnits: 1,
  });
  expect(await capacity('DeleteItem', { Key: order('a', 1), ReturnConsumedCapacity: 'TOTAL' })).toEqual({
    TableName: 'orders',
    CapacityUnits: 4,
  });
});

test('item collection metrics are given for tables with local indexes', async () => {
  const more = { ReturnItemCollectionMetrics: 'SIZE' };
  expect(await db.call('PutItem', { TableName: 'orders', Item: order('a', 1), ...more })).toEqual({
    ItemCollectionMetrics: { ItemCollectionKey: { customer: { S: 'a' } }, SizeEstimateRangeGB: [0, 1] },
  });
  expect(await db.call('PutItem', { TableName: 'users', Item: key, ...more })).toEqual({});
});

test('requests that are wrong in themselves are refused before the table is looked up', async () => {
  const one = '1 validation error detected: ';
  const refusals: [JsonObject, string][] = [
    [
      { TableName: 'a;' },
      "3 validation errors detected: Value 'a;' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value 'a;' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3; " +
        "Value null at 'item' failed to satisfy constraint: Member must not be null",
    ],
    [
      { TableName: 'abc', Item: {}, Expected: {}, ConditionExpression: 'x' },
      `${one}Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}`,
    ],
    [
      { TableName: 'abc', Item: {}, ExpressionAttributeNames: { '#a': 'a' } },
      `${one}ExpressionAttributeNames can only be specified when using expressions`,
    ],
    [
      { TableName: 'abc', Item: {}, ExpressionAttributeValues: {} },
      `${one}ExpressionAttributeValues can only be specified when using expressions`,
    ],
    [
      { TableName: 'abc', Item: {}, ReturnValues: 'ALL_NEW' },
      `${one}ReturnValues can only be ALL_OLD or NONE`,
    ],
    [{ TableName: 'abc', Item: {} }, 'ResourceNotFoundException: Requested resource not found'],
  ];
  for (const [input, message] of refusals) expect(await db.refusal('PutItem', input)).toBe(message);
});

test('binaries must be canonical base64', async () => {
  const refusal = (B: string) => db.refusal('PutItem', { TableName: 'users', Item: { ...key, b: { B } } });
  expect(await refusal('23456')).toBe(
    'SerializationException: Base64 encoded length is expected a multiple of 4 bytes but found: 5',
  );
  for (const B of ['=+/=', '+/+=', 'YR=='])
    expect(await refusal(B)).toContain('Invalid last non-pad Base64 character');
});

test('the older parameters Expected and AttributeUpdates do what they did', async () => {
  await put({ ...key, n: { N: '1' }, s: { SS: ['a'] } });
  const update = (input: JsonObject) => ({ TableName: 'users', Key: key, ReturnValues: 'ALL_NEW', ...input });
  expect(
    await db.call(
      'UpdateItem',
      update({
        Expected: {
          n: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ N: '0' }, { N: '2' }] },
          x: { Exists: false },
        },
        AttributeUpdates: {
          n: { Action: 'ADD', Value: { N: '4' } },
          s: { Action: 'DELETE', Value: { SS: ['a'] } },
          t: { Value: { S: 'new' } },
        },
      }),
    ),
  ).toEqual({ Attributes: { ...key, n: { N: '5' }, t: { S: 'new' } } });
  expect(await db.refusal('UpdateItem', update({ Expected: { n: { Value: { N: '1' } } } }))).toContain(
    'ConditionalCheckFailedException',
  );
  expect(
    await db.call(
      'UpdateItem',
      update({
        Expected: { n: { Value: { N: '1' } }, t: { ComparisonOperator: 'NOT_NULL' } },
        ConditionalOperator: 'OR',
      }),
    ),
  ).toMatchObject({ Attributes: { n: { N: '5' } } });
  expect(await db.refusal('UpdateItem', update({ Expected: { a: {} } }))).toBe(
    `1 validation error detected: ${invalid}Value must be provided when Exists is null for Attribute: a`,
  );
  expect(
    await db.refusal('UpdateItem', update({ AttributeUpdates: { t: { Action: 'ADD', Value: { N: '1' } } } })),
  ).toBe('Type mismatch for attribute to update');
});

test('an item of thousands of levels is refused for its levels, like one of 33', async () => {
  for (const levels of [33, 20_000]) {
    let deep: JsonObject = { S: 'bottom' };
    for (let i = 0; i < levels; i++) deep = { L: [deep] };
    expect(await db.refusal('PutItem', { TableName: 'users', Item: { ...key, deep } })).toContain(
      'Nesting Levels have exceeded supported limits',
    );
  }
});
