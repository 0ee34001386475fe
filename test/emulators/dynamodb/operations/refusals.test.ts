import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

/**
 * What the service was seen to answer: every text here was captured from it by the authors of scylladb's Alternator
 * tests, ExtendDB's dual-target tests or paritysuite/dynamodb-conformance.
 */
let db: TestDynamodb;
beforeAll(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', tableInput('users', 'id:S'));
  await db.call('CreateTable', {
    ...tableInput('posts', 'id:S', 'at:N'),
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
      { AttributeName: 'topic', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-topic',
        KeySchema: [
          { AttributeName: 'topic', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});
afterAll(() => db.close());

const id = { id: { S: 'a' } };
const NESTED =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';
const deep = (levels: number): JsonObject => (levels === 0 ? { S: 'leaf' } : { M: { n: deep(levels - 1) } });

async function refusals(operation: string, cases: readonly (readonly [JsonObject, string])[]) {
  for (const [input, message] of cases)
    expect(await db.refusal(operation, { TableName: 'users', ...input })).toBe(message);
}

/** Since June 2026 writes of one item are told in an envelope what is wrong with their request. */
const enveloped = (operation: string, cases: readonly (readonly [JsonObject, string])[]) =>
  refusals(
    operation,
    cases.map(([input, message]) => [input, `1 validation error detected: ${message}`] as const),
  );

const condition = (ConditionExpression: string, more: JsonObject = {}) => ({
  Item: id,
  ConditionExpression,
  ...more,
});
const values = { ExpressionAttributeValues: { ':v': { N: '1' } } };

test('an expression has a greatest length, of which all but projections are told', async () => {
  const name = 'a'.repeat(4097);
  const tooLong = 'Expression size has exceeded the maximum allowed size;';
  await enveloped('PutItem', [
    [
      condition(`attribute_exists(${name})`),
      `Invalid ConditionExpression: ${tooLong} expression size: ${name.length + 18}`,
    ],
  ]);
  await refusals('GetItem', [
    [{ Key: id, ProjectionExpression: name }, `Invalid ProjectionExpression: ${tooLong}`],
  ]);
  await enveloped('UpdateItem', [
    [
      { Key: id, UpdateExpression: `REMOVE ${name}` },
      `Invalid UpdateExpression: ${tooLong} expression size: ${name.length + 7}`,
    ],
  ]);
  await db.call('GetItem', { TableName: 'users', Key: id, ProjectionExpression: name.slice(1) });
});

test('an expression has a greatest number of operators, options, levels and positions', async () => {
  const all = Array.from({ length: 151 }, () => 'a=b').join(' AND ');
  await enveloped('PutItem', [
    [
      condition(all),
      'Invalid ConditionExpression: The expression contains too many operators; operator count: 301',
    ],
    [
      condition(`a IN (${Array(101).fill(':v').join(',')})`, values),
      'Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101',
    ],
    [
      condition(`${'('.repeat(2000)}a=b${')'.repeat(2000)}`),
      'Invalid ConditionExpression: The expression has redundant parentheses;',
    ],
    [
      condition('if_not_exists(a, b) = :v', values),
      'Invalid ConditionExpression: The function is not allowed in a condition expression; function: if_not_exists',
    ],
  ]);
  await refusals('GetItem', [
    [
      { Key: id, ProjectionExpression: `a${'.b'.repeat(32)}` },
      'Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33',
    ],
    [
      { Key: id, ProjectionExpression: 'a[99999999999999]' },
      'Invalid ProjectionExpression: List index is not within the allowable range; index: [99999999999999]',
    ],
  ]);
  await enveloped('UpdateItem', [
    [
      {
        Key: id,
        UpdateExpression: 'SET a = list_append(list_append(a, :v), :v)',
        ExpressionAttributeValues: { ':v': { L: [] } },
      },
      'Invalid UpdateExpression: The function is not allowed to be used this way in an expression; function: list_append',
    ],
  ]);
});

test('placeholders have well-formed keys of at most 255 bytes and stand for names', async () => {
  const names = (ExpressionAttributeNames: JsonObject) => ({
    Key: id,
    ProjectionExpression: '#a',
    ExpressionAttributeNames,
  });
  const long = `#${'a'.repeat(255)}`;
  await refusals('GetItem', [
    [names({ '#': 'a' }), 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'],
    [
      names({ [long]: 'a' }),
      'ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: 256',
    ],
    [names({ '#a': '' }), 'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a'],
    [
      names({ '#a': 'a'.repeat(65536) }),
      'ExpressionAttributeNames contains invalid value: Attribute name is too large, must be less than 65536 bytes for key #a',
    ],
  ]);
  await enveloped('PutItem', [
    [
      condition('a = :v', { ExpressionAttributeValues: { [`:${'v'.repeat(255)}`]: { N: '1' } } }),
      'ExpressionAttributeValues contains invalid key: The expression attribute map contains a key that is too long;',
    ],
  ]);
});

test('names, sets and numbers that cannot be are refused wherever they stand', async () => {
  const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
  const put = (a: JsonObject) => ({ Item: { ...id, a } });
  const noNull =
    'One or more parameter values were invalid: An string set may not have a null string as a member';
  await enveloped('PutItem', [
    [{ Item: { ...id, '': { S: 'x' } } }, 'Empty attribute name'],
    [put({ M: { '': { S: 'x' } } }), 'Empty attribute name'],
    [
      { Item: { ...id, ['a'.repeat(65536)]: { S: '' } } },
      'Attribute name is too large, must be less than 65536 bytes',
    ],
    [put({ SS: ['a', null] }), noNull],
    [put({ L: [{ SS: ['a', null] }] }), noNull],
    [
      put({ N: '1e9223372036854775808' }),
      'The parameter cannot be converted to a numeric value: 1e9223372036854775808',
    ],
    [put({ N: '1e99999999999' }), overflow],
    [put({ N: '0e126' }), overflow],
    [put({ N: '0e-131' }), overflow.replace('overflow', 'underflow').replace('larger', 'smaller')],
    [put(deep(32)), NESTED],
  ]);
  await db.call('PutItem', { TableName: 'users', Item: { ...id, a: { N: '0.0e126' }, b: deep(31) } });
  await refusals('UpdateItem', [
    [
      {
        Key: id,
        UpdateExpression: 'SET a = :a + :b',
        ExpressionAttributeValues: { ':a': { N: '1e50' }, ':b': { N: '1' } },
      },
      overflow,
    ],
  ]);
});

test('a ConditionalOperator needs two conditions to join', async () => {
  const one = 'ConditionalOperator can only be used when Filter or Expected has two or more elements';
  const none = 'ConditionalOperator cannot be used without Filter or Expected';
  const ConditionalOperator = 'OR';
  await refusals('Scan', [
    [{ ConditionalOperator }, none],
    [{ ConditionalOperator, ScanFilter: {} }, none],
    [{ ConditionalOperator, ScanFilter: { a: { ComparisonOperator: 'NULL' } } }, one],
  ]);
  await enveloped('PutItem', [
    [{ Item: id, ConditionalOperator }, none],
    [{ Item: id, ConditionalOperator, Expected: { a: { Exists: false } } }, one],
  ]);
});

const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const NOT_NUMERIC = 'The parameter cannot be converted to a numeric value';
const INVALID = 'One or more parameter values were invalid: ';
const wrongValues: JsonObject[] = [
  { N: 'abc' },
  { N: '' },
  { N: '1e126' },
  { N: '1e2147483647' },
  { SS: ['b', 'a', 'b', 'c'] },
  { BS: ['/w==', 'AA==', 'AA=='] },
  { NS: ['2', '1', '2'] },
];
const inOlderWords = [
  `${NOT_NUMERIC}: abc`,
  NOT_NUMERIC,
  OVERFLOW,
  OVERFLOW.replace('overflow', 'underflow').replace('larger', 'smaller'),
  `${INVALID}Input collection [b, a, b, c] contains duplicates.`,
  `${INVALID}Input collection [/w==, AA==, AA==]of type BS contains duplicates.`,
  'Input collection contains duplicates',
];
const inNewerWords = [
  `${NOT_NUMERIC}: abc`,
  `${NOT_NUMERIC}: `,
  OVERFLOW,
  OVERFLOW,
  `${INVALID}Input collection ["a", "b", "b", "c"] contains duplicates.`,
  `${INVALID}Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.`,
  `${INVALID}Input collection contains duplicates.`,
];

test('writes of one item, GetItem, BatchGetItem and Query word wrong values anew, the others as ever', async () => {
  const inEnvelope = inNewerWords.map((message) => `1 validation error detected: ${message}`);
  const each = (inputOf: (value: JsonObject) => JsonObject, words: readonly string[]) =>
    wrongValues.map((value, i) => [inputOf(value), words[i] ?? ''] as const);
  const compared = (v: JsonObject) => ({ ExpressionAttributeValues: { ':v': v } });
  const expected = (Value: JsonObject) => ({ Expected: { a: { Value } } });
  await refusals(
    'PutItem',
    each((a) => ({ Item: { ...id, a } }), inEnvelope),
  );
  await refusals(
    'PutItem',
    each((a) => ({ Item: { ...id, m: { M: { l: { L: [a] } } } } }), inEnvelope),
  );
  await refusals(
    'PutItem',
    each((v) => condition('a = :v', compared(v)), inEnvelope),
  );
  await refusals(
    'PutItem',
    each((v) => ({ Item: id, ...expected(v) }), inEnvelope),
  );
  await refusals(
    'UpdateItem',
    each((v) => ({ Key: id, UpdateExpression: 'SET a = :v', ...compared(v) }), inEnvelope),
  );
  await refusals(
    'UpdateItem',
    each((Value) => ({ Key: id, AttributeUpdates: { a: { Value } } }), inEnvelope),
  );
  await refusals(
    'DeleteItem',
    each((v) => ({ Key: { id: v } }), inEnvelope),
  );
  await refusals(
    'GetItem',
    each((v) => ({ Key: { id: v } }), inNewerWords),
  );
  await refusals(
    'BatchGetItem',
    each((v) => ({ RequestItems: { users: { Keys: [{ id: v }] } } }), inNewerWords),
  );
  await refusals(
    'Query',
    each((v) => ({ KeyConditionExpression: 'id = :v', ...compared(v) }), inNewerWords),
  );
  await refusals(
    'Query',
    each((v) => ({ ExclusiveStartKey: { id: v } }), inNewerWords),
  );
  const wrapped = inOlderWords.map(
    (message) => `ExpressionAttributeValues contains invalid value: ${message} for key :v`,
  );
  const inTransaction = (action: JsonObject) => ({ TransactItems: [action] });
  await refusals(
    'Scan',
    each((v) => ({ FilterExpression: 'a = :v', ...compared(v) }), wrapped),
  );
  await refusals(
    'BatchWriteItem',
    each((a) => ({ RequestItems: { users: [{ PutRequest: { Item: { ...id, a } } }] } }), inOlderWords),
  );
  await refusals(
    'TransactWriteItems',
    each((a) => inTransaction({ Put: { TableName: 'users', Item: { ...id, a } } }), inOlderWords),
  );
  await refusals(
    'TransactWriteItems',
    each(
      (v) =>
        inTransaction({
          Update: { TableName: 'users', Key: id, UpdateExpression: 'SET a = :v', ...compared(v) },
        }),
      wrapped,
    ),
  );
});

test('writes of one item word wrong members anew, unless one is missing', async () => {
  const TableName = '';
  const wrongEnums = { ReturnValues: 'NO', ReturnConsumedCapacity: 'NO' };
  const noName =
    "Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1";
  const noValues =
    'Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]';
  await enveloped('PutItem', [
    [{ TableName, Item: id, ...wrongEnums }, noName],
    [{ Item: id, ReturnValues: 'NO' }, noValues],
    [{ Item: id, ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
    [{ Item: id, ...values }, 'ExpressionAttributeValues can only be specified when using expressions'],
    [condition(''), 'Invalid ConditionExpression: The expression can not be empty;'],
  ]);
  await enveloped('DeleteItem', [
    [{ Key: id, ReturnValues: 'UPDATED_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
    [
      { Key: id, ConditionExpression: 'attribute_exists(a)', ...values },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
    ],
  ]);
  const constraint = 'failed to satisfy constraint: Member must';
  const noCapacity = `Value 'NO' at 'returnConsumedCapacity' ${constraint} satisfy enum value set: [INDEXES, TOTAL, NONE]`;
  await refusals('DeleteItem', [
    [{ Key: id, ...wrongEnums }, `2 validation errors detected: ${noCapacity}; ${noValues}`],
  ]);
  await enveloped('UpdateItem', [[{ Key: id, ...wrongEnums }, noValues]]);
  await refusals('UpdateItem', [
    [
      { TableName, ...wrongEnums },
      `4 validation errors detected: ${noCapacity}; ` +
        `Value '' at 'tableName' ${constraint} have length greater than or equal to 1; ` +
        `Value 'NO' at 'returnValues' ${constraint} satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; ` +
        `Value null at 'key' ${constraint} not be null`,
    ],
  ]);
  const two = { a: { ComparisonOperator: 'NULL' }, b: { ComparisonOperator: 'NULL' } };
  const noOperator = 'Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]';
  await enveloped('PutItem', [[{ Item: id, Expected: two, ConditionalOperator: 'XOR' }, noOperator]]);
  await refusals('Query', [
    [{ QueryFilter: two, ConditionalOperator: 'XOR', Select: 'NO' }, noOperator],
    [
      { Limit: 0 },
      `1 validation error detected: Value at 'Limit' ${constraint} have value greater than or equal to 1`,
    ],
  ]);
});

test('NOT_CONTAINS is not met by an attribute that is not there, NE is', async () => {
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: 'bare' } } });
  const expecting = (ComparisonOperator: string) => ({
    TableName: 'users',
    Item: { id: { S: 'bare' } },
    Expected: { q: { ComparisonOperator, AttributeValueList: [{ N: '1' }] } },
  });
  expect(await db.refusal('PutItem', expecting('NOT_CONTAINS'))).toContain('ConditionalCheckFailedException');
  await db.call('PutItem', expecting('NE'));
});

test('an update that only takes away makes no item, one that does nothing does', async () => {
  const get = async (name: string) =>
    (await db.call('GetItem', { TableName: 'users', Key: { id: { S: name } } })).Item;
  const update = (name: string, more: JsonObject) =>
    db.call('UpdateItem', { TableName: 'users', Key: { id: { S: name } }, ReturnValues: 'ALL_NEW', ...more });
  expect(await update('absent', { UpdateExpression: 'REMOVE a' })).toEqual({});
  expect(await update('absent', { UpdateExpression: 'REMOVE a.b, c[0]' })).toEqual({});
  expect(await update('absent', { AttributeUpdates: { a: { Action: 'DELETE' } } })).toEqual({});
  expect(
    await update('absent', {
      UpdateExpression: 'DELETE a :s',
      ExpressionAttributeValues: { ':s': { SS: ['x'] } },
    }),
  ).toEqual({});
  expect(await get('absent')).toBeUndefined();
  expect(await update('made', {})).toEqual({ Attributes: { id: { S: 'made' } } });
});

test('empty keys are refused in the same words by every operation', async () => {
  const empty =
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id';
  const Key = { id: { S: '' } };
  await refusals('PutItem', [[{ Item: Key }, empty]]);
  await refusals('GetItem', [[{ Key }, empty]]);
  await refusals('DeleteItem', [[{ Key }, empty]]);
  await refusals('BatchGetItem', [[{ RequestItems: { users: { Keys: [Key] } } }, empty]]);
  await refusals('TransactGetItems', [[{ TransactItems: [{ Get: { TableName: 'users', Key } }] }, empty]]);
  await refusals('TransactWriteItems', [
    [{ TransactItems: [{ Delete: { TableName: 'users', Key } }] }, empty],
    [{ TransactItems: [{ Put: { TableName: 'users', Item: Key } }] }, empty],
  ]);
  const posted = { id: { S: 'a' }, at: { N: '1' } };
  await refusals('UpdateItem', [
    [
      {
        TableName: 'posts',
        Key: posted,
        UpdateExpression: 'SET topic = :t',
        ExpressionAttributeValues: { ':t': { S: '' } },
      },
      'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
    ],
  ]);
});

test('a query of an index may begin at any entry with its key, one of a table without range key at none', async () => {
  const start = (topic: string, at: number) => ({
    id: { S: 'z' },
    topic: { S: topic },
    at: { N: String(at) },
  });
  const query = (ExclusiveStartKey: JsonObject) => ({
    TableName: 'posts',
    IndexName: 'by-topic',
    KeyConditionExpression: 'topic = :t AND #at = :a',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':t': { S: 'x' }, ':a': { N: '1' } },
    ExclusiveStartKey,
  });
  expect(await db.call('Query', query(start('x', 1)))).toMatchObject({ Count: 0 });
  await refusals('Query', [
    [
      query(start('x', 2)),
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [query(start('y', 1)), 'The query can return at most one row and cannot be restarted'],
    [query({ ...start('x', 1), more: { S: 'y' } }), 'The provided starting key is invalid'],
    [
      {
        KeyConditionExpression: 'id = :i',
        ExpressionAttributeValues: { ':i': { S: 'a' } },
        ExclusiveStartKey: id,
      },
      'The provided exclusive start key is invalid: ExclusiveStartKey: {id=AttributeValue: {S:a}}',
    ],
  ]);
});

test('of several wrong actions of a transaction the first is named, and no condition is looked at', async () => {
  const put = (Item: JsonObject, more: JsonObject = {}) => ({ Put: { TableName: 'users', Item, ...more } });
  const { fields } = await db.failure('TransactWriteItems', {
    TransactItems: [
      put({ id: { S: 'new' } }, { ConditionExpression: 'attribute_exists(id)' }),
      put({ id: { N: '7' } }),
      put({ id: { N: '8' } }),
    ],
  });
  expect(fields.CancellationReasons).toEqual([
    { Code: 'None' },
    {
      Code: 'ValidationError',
      Message: 'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N',
    },
    { Code: 'None' },
  ]);
});

test('a transaction counts what it carries, not what it is about', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `big-${i}`);
  const big = (name: string) => ({ id: { S: name }, x: { S: 'x'.repeat(390_000) } });
  const { message } = await db.failure('TransactWriteItems', {
    TransactItems: names.map((name) => ({ Put: { TableName: 'users', Item: big(name) } })),
  });
  expect(message).toContain('Transaction payload size cannot exceed 4MB. Payload Size: ');
  const insert = (name: string) => ({
    Statement: `INSERT INTO users VALUE {'id': '${name}', 'x': ?}`,
    Parameters: [big(name).x],
  });
  expect(await db.refusal('ExecuteTransaction', { TransactStatements: names.map(insert) })).toContain(
    'Transaction payload size cannot exceed 4MB. Payload Size: ',
  );
  for (const name of names) await db.call('PutItem', { TableName: 'users', Item: big(name) });
  await db.call('TransactWriteItems', {
    TransactItems: names.map((name) => ({ Delete: { TableName: 'users', Key: { id: { S: name } } } })),
  });
});

test('a transaction of reads counts the items it finds', async () => {
  const names = Array.from({ length: 11 }, (_, i) => `found-${i}`);
  for (const name of names)
    await db.call('PutItem', {
      TableName: 'users',
      Item: { id: { S: name }, x: { S: 'x'.repeat(390_000) } },
    });
  const gets = names.map((name) => ({ Get: { TableName: 'users', Key: { id: { S: name } } } }));
  const selects = names.map((name) => ({ Statement: `SELECT id FROM users WHERE id = '${name}'` }));
  for (const read of [
    ['TransactGetItems', { TransactItems: gets }, { TransactItems: gets.slice(1) }],
    ['ExecuteTransaction', { TransactStatements: selects }, { TransactStatements: selects.slice(1) }],
  ] as const) {
    expect(await db.refusal(read[0], read[1])).toContain('Transaction payload size cannot exceed 4MB.');
    expect((await db.call(read[0], read[2])).Responses).toHaveLength(10);
  }
});

test('transactions do not mind placeholders where no expression could use them', async () => {
  const ExpressionAttributeNames = { '#n': 'a' };
  const put = { TableName: 'users', Item: id, ExpressionAttributeNames, ...values };
  await db.call('TransactWriteItems', { TransactItems: [{ Put: put }] });
  await db.call('TransactGetItems', {
    TransactItems: [{ Get: { TableName: 'users', Key: id, ExpressionAttributeNames } }],
  });
  expect(
    await db.refusal('TransactWriteItems', {
      TransactItems: [
        {
          Put: { ...put, ConditionExpression: 'attribute_exists(id)', ExpressionAttributeValues: undefined },
        },
      ] as unknown as JsonObject[],
    }),
  ).toBe('Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}');
});

test('TransactGetItems leaves out an item of which nothing is left, GetItem gives an empty one', async () => {
  await db.call('PutItem', { TableName: 'users', Item: id });
  const get = { TableName: 'users', Key: id, ProjectionExpression: 'nothing' };
  expect(await db.call('GetItem', get)).toEqual({ Item: {} });
  expect(await db.call('TransactGetItems', { TransactItems: [{ Get: get }] })).toEqual({ Responses: [{}] });
});

test('sets come back in the order of their members', async () => {
  const Item = {
    id: { S: 'sets' },
    s: { SS: ['c', 'é', 'a'] },
    b: { BS: ['/w==', 'AA=='] },
    n: { NS: ['10', '9', '-2'] },
  };
  await db.call('PutItem', { TableName: 'users', Item });
  await db.call('UpdateItem', {
    TableName: 'users',
    Key: { id: { S: 'sets' } },
    UpdateExpression: 'ADD s :s, n :n',
    ExpressionAttributeValues: { ':s': { SS: ['b'] }, ':n': { NS: ['9.5', '-10'] } },
  });
  expect((await db.call('GetItem', { TableName: 'users', Key: { id: { S: 'sets' } } })).Item).toEqual({
    id: { S: 'sets' },
    s: { SS: ['a', 'b', 'c', 'é'] },
    b: { BS: ['AA==', '/w=='] },
    n: { NS: ['-10', '-2', '9', '9.5', '10'] },
  });
});
