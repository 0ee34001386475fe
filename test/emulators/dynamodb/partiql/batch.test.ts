import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { ordersTable } from '../running-dynamodb.ts';
import { runPartiql, type TestPartiql } from './running-partiql.ts';

let ql: TestPartiql;
beforeEach(async () => {
  ql = await runPartiql();
  await ql.put('things', { pk: { S: 'a' }, n: { N: '1' } });
});
afterEach(() => ql.db.close());

const batch = async (...statements: (string | JsonObject)[]) =>
  (
    await ql.db.call('BatchExecuteStatement', {
      Statements: statements.map((each) => (typeof each === 'string' ? { Statement: each } : each)),
    })
  ).Responses as readonly JsonObject[];

const TableName = 'things';
const needsKey =
  'Select statements within BatchExecuteStatement must specify the primary key in the where clause.';

test('reads answer in the order of the statements', async () => {
  expect(
    await batch("SELECT n FROM things WHERE pk = 'a'", "SELECT * FROM things WHERE pk = 'none'", {
      Statement: 'SELECT * FROM things WHERE pk IN [?]',
      Parameters: [{ S: 'a' }],
    }),
  ).toEqual([
    { TableName, Item: { n: { N: '1' } } },
    { TableName },
    { TableName, Item: { pk: { S: 'a' }, n: { N: '1' } } },
  ]);
});

test('writes are done one after the other, each with its own answer', async () => {
  expect(
    await batch(
      "INSERT INTO things VALUE {'pk': 'b'}",
      "INSERT INTO things VALUE {'pk': 'a'}",
      {
        Statement: "UPDATE things SET n = 2 WHERE pk = 'a' AND n = ?",
        Parameters: [{ N: '7' }],
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      "UPDATE things SET n = 3 WHERE pk = 'a' RETURNING MODIFIED NEW *",
      "UPDATE things REMOVE n WHERE pk = 'a' RETURNING MODIFIED NEW *",
      "DELETE FROM things WHERE pk = 'b' RETURNING ALL OLD *",
    ),
  ).toEqual([
    { TableName },
    { TableName, Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' } },
    {
      TableName,
      Error: {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'a' }, n: { N: '1' } },
      },
    },
    { TableName, Item: { n: { N: '3' } } },
    { TableName },
    { TableName, Item: { pk: { S: 'b' } } },
  ]);
});

test('a statement that is refused does not stop the others', async () => {
  const error = (Code: string, Message: string) => ({ Error: { Code, Message } });
  const validation = (message: string) => error('ValidationError', message);
  expect(
    await batch(
      "SLECT * FROM things WHERE pk = 'a'",
      "SELECT * FROM nowhere WHERE pk = 'a'",
      'SELECT * FROM things WHERE n = 1',
      "SELECT * FROM things WHERE pk = 'a' AND n = 1",
      "SELECT * FROM things.idx WHERE pk = 'a'",
      'SELECT * FROM things WHERE pk = 1',
      { Statement: 'SELECT * FROM things WHERE pk = ?', Parameters: [{ SS: [] }] },
      "EXISTS(SELECT * FROM things WHERE pk = 'a' AND n = 1)",
      "SELECT n FROM things WHERE pk = 'a'",
    ),
  ).toEqual([
    validation("Statement wasn't well formed, can't be processed: Expected data manipulation"),
    error('ResourceNotFound', 'Requested resource not found'),
    validation(needsKey),
    validation(needsKey),
    validation(needsKey),
    validation('The provided key element does not match the schema'),
    validation('One or more parameter values were invalid: An string set  may not be empty'),
    validation('EXISTS can only be used in ExecuteTransaction write requests.'),
    { TableName, Item: { n: { N: '1' } } },
  ]);
});

test('a batch reads or writes', async () => {
  const Statements = ["SELECT * FROM things WHERE pk = 'a'", "DELETE FROM things WHERE pk = 'a'"];
  expect(
    await ql.db.refusal('BatchExecuteStatement', {
      Statements: Statements.map((Statement) => ({ Statement })),
    }),
  ).toBe('BatchExecuteStatement API does not support both read and write operations in the same request.');
  expect(await ql.get('things', { pk: { S: 'a' } })).toBeDefined();
});

test('a batch has 1 to 25 statements', async () => {
  const refusal = (length: number) =>
    ql.db.refusal('BatchExecuteStatement', {
      Statements: Array.from({ length }, () => ({ Statement: "SELECT * FROM things WHERE pk = 'a'" })),
    });
  expect(await refusal(0)).toContain('length greater than or equal to 1');
  expect(await refusal(26)).toContain('length less than or equal to 25');
});

test('each statement tells what it consumed', async () => {
  await ql.db.call('CreateTable', ordersTable);
  const { ConsumedCapacity } = await ql.db.call('BatchExecuteStatement', {
    Statements: [
      { Statement: "SELECT * FROM things WHERE pk = 'a'" },
      { Statement: "SELECT * FROM things WHERE pk = 'a'", ConsistentRead: true },
      { Statement: "SELECT * FROM orders WHERE customer = 'ann' AND id = 1" },
    ],
    ReturnConsumedCapacity: 'TOTAL',
  });
  expect(ConsumedCapacity).toEqual([
    { TableName, CapacityUnits: 0.5 },
    { TableName, CapacityUnits: 1 },
    { TableName: 'orders', CapacityUnits: 0.5 },
  ]);
});
