import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order, ordersTable } from '../running-dynamodb.ts';
import { runPartiql, type TestPartiql } from './running-partiql.ts';

let ql: TestPartiql;
beforeAll(async () => {
  ql = await runPartiql();
  await ql.db.call('CreateTable', ordersTable);
  await ql.put('things', {
    pk: { S: 'all' },
    n: { N: '1' },
    flag: { S: 'right' },
    yes: { BOOL: true },
    nul: { NULL: true },
    ss: { SS: ['a', 'b'] },
    m: { M: { sub: { S: 'deep' }, k: { L: [{ S: 'c' }] } } },
    l: { L: [{ S: 'x' }, { S: 'y' }] },
  });
  for (const pk of ['o', 'p'])
    for (const sk of ['1', '2', '3']) await ql.put('pairs', { pk: { S: pk }, sk: { S: sk }, n: { N: sk } });
  const details = { day: { S: '1' }, phase: { S: 'new' }, total: { N: '5' }, note: { S: 'hi' } };
  await ql.put('orders', order('ann', 1, details));
  await ql.put('orders', order('ann', 2, { ...details, day: { S: '2' } }));
  await ql.put('orders', order('bob', 1, { note: { S: 'hi' } }));
});
afterAll(() => ql.db.close());

const matches = async (condition: string, ...parameters: JsonObject[]) =>
  (await ql.items(`SELECT pk FROM things WHERE pk = 'all' AND ${condition}`, ...parameters)).length === 1;

test.each([
  'n = 1',
  'n != 2',
  "flag <> 'left'",
  'n < 2 AND n <= 1 AND n > 0 AND n >= 1',
  '2 > n',
  'n BETWEEN 0 AND 5',
  'n NOT BETWEEN 2 AND 5',
  'n IN [1, 2]',
  'n IN (3, 1)',
  'n NOT IN [2]',
  'n = - - 1',
  "m.sub = 'deep' AND l[1] = 'y' AND m.\"k\"[0] = 'c'",
  'nope IS MISSING AND n IS NOT MISSING AND nope = MISSING',
  'nul IS NULL AND n IS NOT NULL AND NOT nope IS NULL AND nul = null',
  'flag IS STRING AND yes IS BOOL AND m IS STRUCT AND l IS LIST AND ss IS BAG AND n IS INT',
  "begins_with(flag, 'ri') AND contains(ss, 'b') AND CONTAINS(flag, 'igh')",
  "attribute_type(ss, 'SS') AND size(flag) = 5 AND SIZE(l) > 1",
  'attribute_exists(m.sub) AND ATTRIBUTE_NOT_EXISTS(m.nope)',
  "(n = 2 OR flag = 'right') AND NOT (n = 2)",
  'attribute_exists(ss) = true',
  'attribute_exists(nope) = false',
  'true = attribute_exists(n)',
  'attribute_exists(n) <> 1',
  "(n = 5 OR flag = 'x') = false",
  'attribute_exists(nope) IN [true, false]',
  'attribute_exists(n) = attribute_exists(flag)',
  'attribute_exists(n) = yes',
  'n = 1 -- a note\n AND /* another */ yes = true',
])('WHERE %s holds', async (condition) => {
  expect(await matches(condition)).toBe(true);
});

test.each([
  'n = 2',
  "n = '1'",
  'nope <> n AND nope = n',
  'absent IS NULL',
  'attribute_exists(n) = 1',
  'NOT attribute_exists(n) = true',
  '(attribute_exists(n) = true) = false',
  'attribute_exists(n) = flag',
  'n > -/* c */-1',
  'n IS STRING',
  'n IS TIMESTAMP',
])('WHERE %s does not hold', async (condition) => {
  expect(await matches(condition)).toBe(false);
});

test('parameters of every type are compared like any other value', async () => {
  expect(
    await matches(
      'ss = ? AND m = ?',
      { SS: ['b', 'a'] },
      { M: { k: { L: [{ S: 'c' }] }, sub: { S: 'deep' } } },
    ),
  ).toBe(true);
  expect(await matches('n IN [?, ?]', { N: '7' }, { N: '1.0' })).toBe(true);
});

test('columns are named by the end of their path', async () => {
  expect(await ql.items("SELECT n, m.sub, l[1], m.k[0], l[-0], nope FROM things WHERE pk = 'all'")).toEqual([
    { n: { N: '1' }, sub: { S: 'deep' }, 'l[1]': { S: 'y' }, 'k[0]': { S: 'c' }, 'l[0]': { S: 'x' } },
  ]);
});

const sorts = async (rest: string, more: JsonObject = {}) => {
  const { Items } = await ql.run(`SELECT pk, sk FROM pairs WHERE ${rest}`, more);
  return (Items as { pk: { S: string }; sk: { S: string } }[]).map(({ pk, sk }) => pk.S + sk.S);
};

test('a condition on the range key is part of the query', async () => {
  expect(await sorts("pk = 'o' AND sk > '1'")).toEqual(['o2', 'o3']);
  expect(await sorts("pk = 'o' AND sk BETWEEN '1' AND '2' AND n > 1")).toEqual(['o2']);
  expect(await sorts("pk = 'o' AND begins_with(sk, '3')")).toEqual(['o3']);
  expect(await sorts("pk = 'o' AND sk > '0' AND sk <> '1'")).toEqual(['o2', 'o3']);
  expect(await sorts("pk = 'o' AND sk = '1' AND sk > '1'")).toEqual([]);
  const { ConsumedCapacity } = await ql.run("SELECT * FROM pairs WHERE pk = 'o' AND sk = '1'", {
    ReturnConsumedCapacity: 'TOTAL',
  });
  expect(ConsumedCapacity).toEqual({ TableName: 'pairs', CapacityUnits: 0.5 });
});

test('alternatives of the keys are read one after the other', async () => {
  expect(await sorts("pk IN ['p', 'o'] AND sk IN ['3', '1']")).toEqual(['p3', 'p1', 'o3', 'o1']);
  expect(await sorts("pk = 'o' AND (sk < '2' OR sk > '2' OR sk = '2')")).toEqual(['o1', 'o3', 'o2']);
  expect(await sorts("(pk = 'o' AND sk = '2') OR (pk = 'p' AND n = 3)")).toEqual(['o2', 'p3']);
  expect(await sorts("pk = 'o' OR n = 3")).toEqual(expect.arrayContaining(['o1', 'o2', 'o3', 'p3']));
});

test.each([
  ["pk = 'o' AND NOT sk = '1' OR pk = 'o' AND sk = '2'", ['o2', 'o3']],
  ["pk = 'o' AND sk <> '1' OR pk = 'o' AND sk = '2'", ['o2', 'o3']],
  ["pk = 'o' AND NOT sk IN ['1', '3'] OR pk = 'o' AND sk = '2'", ['o2']],
  ["pk = 'o' OR pk = 'o' AND NOT sk = '1'", ['o1', 'o2', 'o3']],
])('alternatives that meet give nothing twice: %s', async (where, expected) => {
  expect(await sorts(where)).toEqual(expected);
});

test.each([
  ["pk = 'o' ORDER BY sk DESC", ['o3', 'o2', 'o1']],
  ["pk = 'o' ORDER BY sk", ['o1', 'o2', 'o3']],
  ["pk = 'o' ORDER BY pk ASC", ['o3', 'o2', 'o1']],
  ["pk IN ['o', 'p'] ORDER BY pk DESC, sk ASC", ['p1', 'p2', 'p3', 'o1', 'o2', 'o3']],
  ["pk = 'o' AND sk IN ['3', '1', '2'] ORDER BY sk DESC", ['o3', 'o2', 'o1']],
])('WHERE %s orders the items', async (where, expected) => {
  expect(await sorts(where)).toEqual(expected);
});

test('pages go on behind one another, across alternatives', async () => {
  const statement = "SELECT pk, sk FROM pairs WHERE pk IN ['o', 'p'] ORDER BY pk DESC";
  const first = await ql.run(statement, { Limit: 2 });
  expect(first.Items).toEqual([
    { pk: { S: 'p' }, sk: { S: '3' } },
    { pk: { S: 'p' }, sk: { S: '2' } },
  ]);
  expect(first.LastEvaluatedKey).toEqual({ pk: { S: 'p' }, sk: { S: '2' } });
  const token = first.NextToken as string;
  const second = await ql.run(statement, { Limit: 2, NextToken: token });
  expect(second.Items).toEqual([
    { pk: { S: 'p' }, sk: { S: '1' } },
    { pk: { S: 'o' }, sk: { S: '3' } },
  ]);
  const third = await ql.run(statement, { NextToken: second.NextToken as string });
  expect(third).toEqual({
    Items: [
      { pk: { S: 'o' }, sk: { S: '2' } },
      { pk: { S: 'o' }, sk: { S: '1' } },
    ],
  });
  const refusal = (NextToken: string, Statement = statement) =>
    ql.db.refusal('ExecuteStatement', { Statement, NextToken });
  expect(await refusal(token, 'SELECT * FROM pairs')).toBe('NextToken does not match request');
  expect(await refusal('nonsense')).toBe('Invalid NextToken');
});

test('a page of many alternatives has ten of them', async () => {
  const keys = Array.from({ length: 12 }, (_, i) => `'${i === 11 ? 'p' : `x${i}`}'`);
  const statement = `SELECT sk FROM pairs WHERE pk IN [${keys}]`;
  const first = await ql.run(statement);
  expect(first).toEqual({ Items: [], NextToken: expect.any(String) });
  expect((await ql.run(statement, { NextToken: first.NextToken as string })).Items).toHaveLength(3);
});

test('a page of a scan ends at a megabyte', async () => {
  const big = 'x'.repeat(300_000);
  for (let i = 0; i < 5; i++) await ql.put('things', { pk: { S: `big${i}` }, big: { S: big } });
  const statement = "SELECT pk FROM things WHERE begins_with(pk, 'big')";
  let count = 0;
  let pages = 0;
  let token: string | undefined;
  do {
    const page = await ql.run(statement, token === undefined ? {} : { NextToken: token });
    count += (page.Items as unknown[]).length;
    pages++;
    token = page.NextToken as string | undefined;
  } while (token !== undefined);
  expect([count, pages]).toEqual([5, 2]);
});

test('an index gives what it holds', async () => {
  expect(await ql.items("SELECT * FROM orders.\"by-phase-day\" WHERE phase = 'new' AND day > '1'")).toEqual([
    { ...order('ann', 2), day: { S: '2' }, phase: { S: 'new' }, total: { N: '5' } },
  ]);
  expect(await ql.items('SELECT id FROM "orders"."by-phase"')).toHaveLength(2);
  expect(await ql.items('SELECT id FROM orders."by-phase-day" WHERE note = \'hi\'')).toEqual([]);
  expect(
    await ql.items('SELECT note FROM orders."by-day" WHERE customer = \'ann\' ORDER BY day DESC'),
  ).toHaveLength(2);
  const local = await ql.run('SELECT note FROM orders."by-day" WHERE customer = \'ann\'', {
    ReturnConsumedCapacity: 'INDEXES',
    ConsistentRead: true,
  });
  expect(local.ConsumedCapacity).toEqual({
    TableName: 'orders',
    CapacityUnits: 3,
    Table: { CapacityUnits: 2 },
    LocalSecondaryIndexes: { 'by-day': { CapacityUnits: 1 } },
  });
});

test.each([
  [
    'SELECT note FROM orders."by-phase-day" WHERE phase = \'new\'',
    'One or more parameter values were invalid: Global secondary index by-phase-day does not project [note]',
  ],
  [
    "SELECT id FROM orders.\"by-phase-day\" WHERE phase = 'new' AND note = 'hi'",
    'One or more parameter values were invalid: Secondary index by-phase-day does not project one or more filter attributes: [note]',
  ],
  [
    'SELECT id FROM orders."by-day" WHERE customer = \'ann\' AND note IS MISSING',
    'One or more parameter values were invalid: Secondary index by-day does not project one or more filter attributes: [note]',
  ],
])('%s asks an index for what it does not hold', async (statement, text) => {
  expect(await ql.refusal(statement)).toBe(text);
});

test('a global index cannot be read consistently', async () => {
  expect(
    await ql.db.refusal('ExecuteStatement', {
      Statement: 'SELECT * FROM orders."by-phase"',
      ConsistentRead: true,
    }),
  ).toBe('Strongly consistent read is not supported on Global Secondary Indexes');
});

test('a table may be named by its ARN', async () => {
  const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/pairs';
  expect(await ql.items(`SELECT sk FROM "${arn}" WHERE pk = 'o'`)).toHaveLength(3);
});
