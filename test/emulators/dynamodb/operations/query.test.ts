import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', ordersTable);
});
afterEach(() => db.close());

const put = async (...items: JsonObject[]) => {
  for (const Item of items) await db.call('PutItem', { TableName: 'orders', Item });
};
const of = (customer: string, more: JsonObject = {}): JsonObject => ({
  TableName: 'orders',
  KeyConditionExpression: 'customer = :c',
  ExpressionAttributeValues: { ':c': { S: customer } },
  ...more,
});
const where = (condition: string, values: JsonObject, more: JsonObject = {}): JsonObject => ({
  TableName: 'orders',
  KeyConditionExpression: condition,
  ExpressionAttributeValues: values,
  ...more,
});
const ids = (answer: JsonObject) => (answer.Items as { id: { N: string } }[]).map(({ id }) => Number(id.N));

test('a query gives one partition in the order of its range key, or the other way round', async () => {
  await put(...[10, 9, -1, 0.5, 100].map((id) => order('a', id)), order('b', 1));
  expect(ids(await db.call('Query', of('a')))).toEqual([-1, 0.5, 9, 10, 100]);
  expect(ids(await db.call('Query', of('a', { ScanIndexForward: false })))).toEqual([100, 10, 9, 0.5, -1]);
  expect(await db.call('Query', of('none'))).toEqual({ Items: [], Count: 0, ScannedCount: 0 });
});

test('conditions on the range key bound what is read', async () => {
  await put(...[1, 2, 3, 4, 5].map((id) => order('a', id)));
  const queries: [string, number[]][] = [
    ['id = :x', [3]],
    ['id < :x', [1, 2]],
    ['id <= :x', [1, 2, 3]],
    ['id > :x', [4, 5]],
    [':x <= id', [3, 4, 5]],
    ['id BETWEEN :x AND :y', [3, 4]],
  ];
  for (const [condition, found] of queries) {
    const values = {
      ':c': { S: 'a' },
      ':x': { N: '3' },
      ...(condition.includes(':y') && { ':y': { N: '4' } }),
    };
    const answer = await db.call('Query', where(`customer = :c AND ${condition}`, values));
    expect(ids(answer)).toEqual(found);
    expect(answer.ScannedCount).toBe(found.length);
  }
});

test('a limit ends the page, and the next one begins behind its last key, in both directions', async () => {
  await put(...[1, 2, 3, 4].map((id) => order('a', id, { pad: { S: 'x' } })));
  for (const ScanIndexForward of [true, false]) {
    const first = await db.call('Query', of('a', { Limit: 3, ScanIndexForward }));
    const lastKey = order('a', ScanIndexForward ? 3 : 2);
    expect(first).toMatchObject({ Count: 3, LastEvaluatedKey: lastKey });
    const second = await db.call(
      'Query',
      of('a', { Limit: 3, ScanIndexForward, ExclusiveStartKey: lastKey }),
    );
    expect(ids(second)).toEqual([ScanIndexForward ? 4 : 1]);
    expect(second.LastEvaluatedKey).toBeUndefined();
  }
});

test('a limit that is just reached leaves a key though nothing follows', async () => {
  await put(order('a', 1), order('a', 2));
  const first = await db.call('Query', of('a', { Limit: 2 }));
  expect(first.LastEvaluatedKey).toEqual(order('a', 2));
  const rest = of('a', { Limit: 2, ExclusiveStartKey: order('a', 2) });
  expect(await db.call('Query', rest)).toEqual({ Items: [], Count: 0, ScannedCount: 0 });
});

test('the limit and the count of scanned items are those before the filter', async () => {
  await put(...[1, 2, 3, 4].map((id) => order('a', id, { even: { BOOL: id % 2 === 0 } })));
  const filtered = where(
    'customer = :c',
    { ':c': { S: 'a' }, ':t': { BOOL: true } },
    { FilterExpression: 'even = :t', Limit: 3 },
  );
  expect(await db.call('Query', filtered)).toMatchObject({
    Count: 1,
    ScannedCount: 3,
    LastEvaluatedKey: order('a', 3),
  });
  expect(await db.call('Query', { ...filtered, Select: 'COUNT' })).toEqual({
    Count: 1,
    ScannedCount: 3,
    LastEvaluatedKey: order('a', 3),
  });
});

test('a page ends at a megabyte', async () => {
  await put(...[1, 2, 3, 4].map((id) => order('a', id, { pad: { S: 'x'.repeat(390_000) } })));
  const first = await db.call('Query', of('a', { ReturnConsumedCapacity: 'TOTAL' }));
  expect(first).toMatchObject({ Count: 3, LastEvaluatedKey: order('a', 3) });
  expect(first.ConsumedCapacity).toEqual({ TableName: 'orders', CapacityUnits: 143 });
});

test('a global index holds the items that have its key, with the attributes it projects', async () => {
  await put(
    order('a', 1, { phase: { S: 'new' }, day: { S: '02' }, total: { N: '5' }, note: { S: 'x' } }),
    order('b', 2, { phase: { S: 'new' }, day: { S: '01' } }),
    order('c', 3, { phase: { S: 'new' } }),
    order('d', 4),
  );
  const byPhase = where('phase = :p', { ':p': { S: 'new' } });
  expect(ids(await db.call('Query', { ...byPhase, IndexName: 'by-phase' })).sort()).toEqual([1, 2, 3]);
  expect((await db.call('Query', { ...byPhase, IndexName: 'by-phase-day' })).Items).toEqual([
    order('b', 2, { phase: { S: 'new' }, day: { S: '01' } }),
    order('a', 1, { phase: { S: 'new' }, day: { S: '02' }, total: { N: '5' } }),
  ]);
  expect(await db.call('Query', { ...byPhase, IndexName: 'by-phase-day', Limit: 1 })).toMatchObject({
    LastEvaluatedKey: order('b', 2, { phase: { S: 'new' }, day: { S: '01' } }),
  });
});

test('index entries follow updates and deletes', async () => {
  await put(order('a', 1, { phase: { S: 'new' } }));
  const found = async (phase: string) =>
    ids(await db.call('Query', where('phase = :p', { ':p': { S: phase } }, { IndexName: 'by-phase' })));
  const set = (UpdateExpression: string, values?: JsonObject) =>
    db.call('UpdateItem', {
      TableName: 'orders',
      Key: order('a', 1),
      UpdateExpression,
      ...(values && { ExpressionAttributeValues: values }),
    });
  await set('SET phase = :p', { ':p': { S: 'paid' } });
  expect([await found('new'), await found('paid')]).toEqual([[], [1]]);
  await set('REMOVE phase');
  expect(await found('paid')).toEqual([]);
  await set('SET phase = :p', { ':p': { S: 'paid' } });
  await db.call('DeleteItem', { TableName: 'orders', Key: order('a', 1) });
  expect(await found('paid')).toEqual([]);
});

test('a local index fetches what it does not hold, and counts that', async () => {
  await put(
    order('a', 1, { day: { S: '2' }, note: { S: 'x' } }),
    order('a', 2, { day: { S: '1' }, note: { S: 'y' } }),
  );
  const byDay = of('a', { IndexName: 'by-day', ReturnConsumedCapacity: 'INDEXES', ConsistentRead: true });
  expect(await db.call('Query', byDay)).toMatchObject({
    Items: [order('a', 2, { day: { S: '1' } }), order('a', 1, { day: { S: '2' } })],
    ConsumedCapacity: {
      CapacityUnits: 1,
      Table: { CapacityUnits: 0 },
      LocalSecondaryIndexes: { 'by-day': { CapacityUnits: 1 } },
    },
  });
  expect(await db.call('Query', { ...byDay, ProjectionExpression: 'note' })).toMatchObject({
    Items: [{ note: { S: 'y' } }, { note: { S: 'x' } }],
    ConsumedCapacity: { CapacityUnits: 3, Table: { CapacityUnits: 2 } },
  });
  expect(ids(await db.call('Query', { ...byDay, Select: 'ALL_ATTRIBUTES' }))).toEqual([2, 1]);
});

test('what an index cannot give is refused', async () => {
  const byPhase = where('phase = :p', { ':p': { S: 'new' } }, { IndexName: 'by-phase-day' });
  expect(await db.refusal('Query', { ...byPhase, Select: 'ALL_ATTRIBUTES' })).toBe(
    'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index by-phase-day because its projection type is not ALL',
  );
  expect(await db.refusal('Query', { ...byPhase, ProjectionExpression: 'note' })).toBe(
    'One or more parameter values were invalid: Global secondary index by-phase-day does not project [note]',
  );
  expect(await db.refusal('Query', { ...byPhase, ConsistentRead: true })).toBe(
    'Consistent reads are not supported on global secondary indexes',
  );
  expect(await db.refusal('Query', { ...byPhase, IndexName: 'other' })).toBe(
    'The table does not have the specified index: other',
  );
});

test('key conditions that cannot be are refused in the words of the service', async () => {
  const v = { ':v': { S: 'x' } };
  const refusals: [string, string][] = [
    ['id = :v', 'Query condition missed key schema element: customer'],
    ['customer = :v AND amount = :v', 'Query condition missed key schema element: id'],
    ['customer > :v', 'Query key condition not supported'],
    [
      'customer = :v AND id = :v',
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    ['customer = :v OR id = :v', 'Invalid operator used in KeyConditionExpression: OR'],
    ['customer <> :v', 'Invalid operator used in KeyConditionExpression: <>'],
    ['attribute_exists(customer)', 'Invalid operator used in KeyConditionExpression: attribute_exists'],
    [
      'customer = :v AND customer > :v',
      'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key',
    ],
    [
      'customer.x = :v',
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    ],
    ['size(customer) = :v', 'KeyConditionExpressions cannot contain nested operations'],
    [
      'customer = id',
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    ],
    [
      'a = :v AND b = :v AND c = :v',
      'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)',
    ],
    [
      'begins_with(:v, customer)',
      'Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand',
    ],
  ];
  for (const [condition, message] of refusals) {
    const values = condition.includes(':v') ? { ExpressionAttributeValues: v } : {};
    expect(
      await db.refusal('Query', { TableName: 'orders', KeyConditionExpression: condition, ...values }),
    ).toBe(message);
  }
  expect(await db.refusal('Query', { TableName: 'orders' })).toBe(
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  );
  expect(await db.refusal('Query', of('a', { FilterExpression: 'attribute_exists(id)' }))).toBe(
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: id',
  );
});

test('a start key must be one the query could have ended at', async () => {
  const start = (ExclusiveStartKey: JsonObject, more: JsonObject = {}) =>
    db.refusal('Query', of('a', { ExclusiveStartKey, ...more }));
  expect(await start({ customer: { S: 'a' } })).toBe('The provided starting key is invalid');
  expect(await start({ customer: { S: 'a' }, id: { S: '1' } })).toBe(
    'The provided key element does not match the schema',
  );
  expect(await start(order('b', 1))).toBe(
    'The provided starting key is outside query boundaries based on provided conditions',
  );
  expect(await start({ customer: {}, id: { N: '1' } })).toBe(
    'The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  );
  const bounded = where('customer = :c AND id > :n', { ':c': { S: 'a' }, ':n': { N: '5' } });
  expect(await db.refusal('Query', { ...bounded, ExclusiveStartKey: order('a', 5) })).toBe(
    'The provided starting key does not match the range key predicate',
  );
});

test('the older parameters KeyConditions and QueryFilter do what they did', async () => {
  await put(...[1, 2, 3].map((id) => order('a', id, { tag: { S: `t${id}` } })));
  const legacy = {
    TableName: 'orders',
    KeyConditions: {
      customer: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'a' }] },
      id: { ComparisonOperator: 'GE', AttributeValueList: [{ N: '2' }] },
    },
  };
  expect(ids(await db.call('Query', legacy))).toEqual([2, 3]);
  const filter = { tag: { ComparisonOperator: 'IN', AttributeValueList: [{ S: 't3' }, { S: 't1' }] } };
  expect(ids(await db.call('Query', { ...legacy, QueryFilter: filter }))).toEqual([3]);
  const unindexable = { customer: { ComparisonOperator: 'NOT_NULL' } };
  expect(await db.refusal('Query', { TableName: 'orders', KeyConditions: unindexable })).toBe(
    'Attempted conditional constraint is not an indexable operation',
  );
});
