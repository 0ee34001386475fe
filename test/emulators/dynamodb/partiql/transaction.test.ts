import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runPartiql, type TestPartiql } from './running-partiql.ts';

let ql: TestPartiql;
beforeEach(async () => {
  ql = await runPartiql();
  await ql.put('pairs', { pk: { S: 'a' }, sk: { S: '1' }, n: { N: '1' } });
});
afterEach(() => ql.db.close());

type Statement = string | JsonObject;
const input = (statements: readonly Statement[]): JsonObject => ({
  TransactStatements: statements.map((each) => (typeof each === 'string' ? { Statement: each } : each)),
});
const transact = (...statements: Statement[]) => ql.db.call('ExecuteTransaction', input(statements));
const refusal = (...statements: Statement[]) => ql.db.refusal('ExecuteTransaction', input(statements));
const reasons = async (...statements: Statement[]) => {
  const { code, fields } = await ql.db.failure('ExecuteTransaction', input(statements));
  expect(code).toBe('TransactionCanceledException');
  return fields.CancellationReasons as readonly JsonObject[];
};
const pair = (pk: string) => ql.get('pairs', { pk: { S: pk }, sk: { S: '1' } });

const key = (pk: string) => `pk = '${pk}' AND sk = '1'`;
const update = (pk: string, more = '') => `UPDATE pairs SET n = n + 1 WHERE ${key(pk)}${more}`;
const insert = (pk: string) => `INSERT INTO pairs VALUE {'pk': '${pk}', 'sk': '1'}`;
const select = (where: string) => `SELECT * FROM pairs WHERE ${where}`;
const failed = 'Validation failed in TransactStatements[0]: ';

test('all writes are done, or none', async () => {
  expect(await transact(update('a'), insert('b'))).toEqual({ Responses: [] });
  expect(await pair('a')).toMatchObject({ n: { N: '2' } });
  expect(await reasons(insert('c'), insert('b'), update('none'), update('a', ' AND n = 7'))).toEqual([
    { Code: 'None' },
    { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
    { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
  ]);
  expect(await pair('c')).toBeUndefined();
  expect(await pair('a')).toMatchObject({ n: { N: '2' } });
});

test('reads answer in the order of the statements', async () => {
  expect(
    await transact(
      select(key('a')),
      select(key('none')),
      `SELECT n FROM pairs WHERE pk IN ['b'] AND sk = '1'`,
    ),
  ).toEqual({
    Responses: [{ Item: { pk: { S: 'a' }, sk: { S: '1' }, n: { N: '1' } } }, {}, {}],
  });
});

test('EXISTS checks an item without writing it', async () => {
  const exists = (more: string, pk = 'a') => `EXISTS(SELECT * FROM pairs WHERE ${key(pk)}${more})`;
  await transact(exists(' AND gone IS MISSING'), insert('b'));
  expect(await pair('b')).toBeDefined();
  expect(await reasons(exists(' AND n IS MISSING'), insert('c'))).toEqual([
    { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    { Code: 'None' },
  ]);
  expect(
    await reasons({
      Statement: exists(' AND n = ?'),
      Parameters: [{ N: '9' }],
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  ).toMatchObject([{ Code: 'ConditionalCheckFailed', Item: { n: { N: '1' } } }]);
  expect(await reasons(exists(" AND pk = 'other'"), insert('c'))).toMatchObject([
    { Code: 'ConditionalCheckFailed' },
    { Code: 'None' },
  ]);
  const needs = `${failed}EXISTS() must contain a single item read with additional condition`;
  expect(await refusal(exists(''), insert('c'))).toBe(needs);
  expect(await refusal("EXISTS(SELECT * FROM pairs WHERE pk IN ['a'] AND sk = '1' AND n = 1)")).toBe(needs);
  expect(await pair('c')).toBeUndefined();
});

test.each([
  ['SELECT * FROM pairs WHERE', "Statement wasn't well formed, can't be processed: Unexpected term"],
  [
    "UPDATE pairs SET n = n + [1] WHERE pk = 'a' AND sk = '1'",
    'Incorrect operand type for operator or function; operator or function: +, operand type: L',
  ],
  [`${update('a')} RETURNING ALL NEW *`, 'RETURNING clause is not supported in ExecuteTransaction.'],
  [
    select("pk = 'a'"),
    'Select statements within ExecuteTransaction must specify the primary key in the where clause.',
  ],
  [
    select(`${key('a')} AND n = 1`),
    'Select statements within ExecuteTransaction must specify the primary key in the where clause.',
  ],
  [
    select("pk IN ['a', 'a'] AND sk = '1'"),
    'Overlapping conditions with range keys are not supported in where clause',
  ],
  ["SELECT * FROM pairs.idx WHERE pk = 'a'", 'Reads on indices are not supported within transactions.'],
  ["DELETE FROM pairs.idx WHERE pk = 'a' AND sk = '1'", 'This operation is not supported on an index'],
])('%s refuses the transaction', async (statement, text) => {
  expect(await refusal(statement)).toBe(failed + text);
});

test('keys that do not fit cancel it', async () => {
  const Message = 'The provided key element does not match the schema';
  const mismatch = { Code: 'ValidationError', Message };
  expect(
    await reasons(
      "UPDATE pairs SET a = 1 WHERE pk = 'a'",
      "UPDATE pairs SET a = 1 WHERE pk IN ['a'] AND sk = '1'",
      "DELETE FROM pairs WHERE pk = 'a' AND sk = '1' AND pk = 'b'",
      "DELETE FROM pairs WHERE pk = 'a' AND sk = 1",
      update('a'),
    ),
  ).toEqual([mismatch, mismatch, mismatch, mismatch, { Code: 'None' }]);
  expect(await reasons(select("pk = 'a' AND sk = 1"))).toEqual([mismatch]);
  expect(await reasons("INSERT INTO pairs VALUE {'pk': 'x'}")).toEqual([
    {
      Code: 'ValidationError',
      Message: 'One or more parameter values were invalid: Missing the key sk in the item',
    },
  ]);
});

test('a table that is not there cancels it, unless another statement is wrong in itself', async () => {
  const missing = `UPDATE nowhere SET a = 1 WHERE ${key('x')}`;
  const reason = { Code: 'ResourceNotFound', Message: 'Requested resource not found' };
  expect(await reasons(`${missing} RETURNING ALL NEW *`, update('a'))).toEqual([reason, { Code: 'None' }]);
  expect(await reasons(select(key('a')), `SELECT * FROM nowhere.idx WHERE ${key('x')}`)).toEqual([
    { Code: 'None' },
    reason,
  ]);
  expect(await refusal(missing, `${update('a')} RETURNING ALL NEW *`)).toBe(
    'Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction.',
  );
});

test('an item may be in it once, and reads do not go with writes', async () => {
  const twice = 'Transaction request cannot include multiple operations on one item';
  expect(await refusal(update('a'), `DELETE FROM pairs WHERE ${key('a')}`)).toBe(twice);
  expect(await refusal(select(key('a')), select("sk = '1' AND pk = 'a'"))).toBe(twice);
  expect(await refusal(select(key('a')), update('a'))).toBe(
    'ExecuteTransaction API does not support both read and write operations in the same request.',
  );
});

test('a client token makes a transaction happen once', async () => {
  const request = { ...input([update('a')]), ClientRequestToken: 'once', ReturnConsumedCapacity: 'TOTAL' };
  expect(await ql.db.call('ExecuteTransaction', request)).toEqual({
    Responses: [],
    ConsumedCapacity: [{ TableName: 'pairs', CapacityUnits: 2, WriteCapacityUnits: 2 }],
  });
  expect(await ql.db.call('ExecuteTransaction', request)).toEqual({
    Responses: [],
    ConsumedCapacity: [{ TableName: 'pairs', CapacityUnits: 2, ReadCapacityUnits: 2 }],
  });
  expect(await pair('a')).toMatchObject({ n: { N: '2' } });
  expect(
    (await ql.db.failure('ExecuteTransaction', { ...input([update('b')]), ClientRequestToken: 'once' })).code,
  ).toBe('IdempotentParameterMismatchException');
  await ql.db.world.clock.advance(10 * 60 * 1000);
  await ql.db.call('ExecuteTransaction', request);
  expect(await pair('a')).toMatchObject({ n: { N: '3' } });
});

test('a transaction has 1 to 100 statements', async () => {
  expect(await refusal()).toContain('length greater than or equal to 1');
  expect(await refusal(...Array.from({ length: 101 }, (_, i) => insert(String(i))))).toContain(
    'length less than or equal to 100',
  );
});
