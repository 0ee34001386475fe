import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import type { JsonApi } from '../../../../src/model/service-api.ts';
import { makeCall } from '../../world.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(() => db.close());

const invalid = 'One or more parameter values were invalid: ';

test('a new table is described as being created, and is there at once', async () => {
  const created = await db.call('CreateTable', tableInput('users', 'id:S'));
  expect(created).toEqual({
    TableDescription: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      TableName: 'users',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TableStatus: 'CREATING',
      CreationDateTime: db.world.clock.now() / 1000,
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      TableSizeBytes: 0,
      ItemCount: 0,
      TableArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/users',
      TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      TableThroughputModeSummary: { TableThroughputMode: 'PAY_PER_REQUEST' },
    },
  });
  const { Table } = await db.call('DescribeTable', { TableName: 'users' });
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE' });
  expect(await db.refusal('CreateTable', tableInput('users', 'id:S'))).toBe(
    'ResourceInUseException: Table already exists: users',
  );
});

test('counts and sizes of the table and its indexes follow the items', async () => {
  await db.call('CreateTable', ordersTable);
  await db.call('PutItem', { TableName: 'orders', Item: order('ann', 1, { phase: { S: 'new' } }) });
  await db.call('PutItem', { TableName: 'orders', Item: order('ann', 2) });
  const describe = async () => (await db.call('DescribeTable', { TableName: 'orders' })).Table as JsonObject;
  expect(await describe()).toMatchObject({
    ItemCount: 2,
    TableSizeBytes: 15 + 15 + 8,
    LocalSecondaryIndexes: [{ IndexName: 'by-day', ItemCount: 0, IndexSizeBytes: 0 }],
    GlobalSecondaryIndexes: [
      { IndexName: 'by-phase', ItemCount: 1, IndexSizeBytes: 23, IndexStatus: 'ACTIVE' },
      { IndexName: 'by-phase-day', ItemCount: 0 },
    ],
  });
  await db.call('DeleteItem', { TableName: 'orders', Key: order('ann', 1) });
  await db.call('DeleteItem', { TableName: 'orders', Key: order('ann', 2) });
  expect(await describe()).toMatchObject({ ItemCount: 0, TableSizeBytes: 0 });
});

test('a deleted table is gone, and a new one of its name is empty', async () => {
  await db.call('CreateTable', tableInput('users', 'id:S'));
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: 'a' } } });
  const { TableDescription } = await db.call('DeleteTable', { TableName: 'users' });
  expect(TableDescription).toMatchObject({ TableStatus: 'DELETING', ItemCount: 1 });
  expect(await db.refusal('DescribeTable', { TableName: 'users' })).toBe(
    'ResourceNotFoundException: Requested resource not found: Table: users not found',
  );
  expect(await db.refusal('GetItem', { TableName: 'users', Key: { id: { S: 'a' } } })).toBe(
    'ResourceNotFoundException: Requested resource not found',
  );
  await db.call('CreateTable', tableInput('users', 'id:S'));
  expect(await db.call('Scan', { TableName: 'users' })).toEqual({ Items: [], Count: 0, ScannedCount: 0 });
});

test('a protected table is not deleted', async () => {
  await db.call('CreateTable', tableInput('users', 'id:S', undefined, { DeletionProtectionEnabled: true }));
  expect(await db.refusal('DeleteTable', { TableName: 'users' })).toContain(
    'currently protected against deletion',
  );
  await db.call('UpdateTable', { TableName: 'users', DeletionProtectionEnabled: false });
  await db.call('DeleteTable', { TableName: 'users' });
});

test('a table may be named by its ARN', async () => {
  await db.call('CreateTable', tableInput('users', 'id:S'));
  const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/users';
  await db.call('PutItem', { TableName: arn, Item: { id: { S: 'a' } } });
  expect(await db.call('GetItem', { TableName: 'users', Key: { id: { S: 'a' } } })).toEqual({
    Item: { id: { S: 'a' } },
  });
});

test('tables are listed in order, page by page', async () => {
  for (const name of ['ccc', 'aaa', 'bbb']) await db.call('CreateTable', tableInput(name, 'id:S'));
  expect(await db.call('ListTables', {})).toEqual({ TableNames: ['aaa', 'bbb', 'ccc'] });
  expect(await db.call('ListTables', { Limit: 2 })).toEqual({
    TableNames: ['aaa', 'bbb'],
    LastEvaluatedTableName: 'bbb',
  });
  expect(await db.call('ListTables', { Limit: 2, ExclusiveStartTableName: 'bbb' })).toEqual({
    TableNames: ['ccc'],
  });
});

test('an index added to a table with items holds those that have its key', async () => {
  await db.call('CreateTable', tableInput('users', 'id:S'));
  await db.call('PutItem', {
    TableName: 'users',
    Item: { id: { S: '1' }, mail: { S: 'a@b' }, x: { S: 'y' } },
  });
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: '2' } } });
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: '3' }, mail: { N: '1' } } });
  const { TableDescription } = await db.call('UpdateTable', {
    TableName: 'users',
    AttributeDefinitions: [{ AttributeName: 'mail', AttributeType: 'S' }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: 'by-mail',
          KeySchema: [{ AttributeName: 'mail', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      },
    ],
  });
  expect(TableDescription).toMatchObject({
    TableStatus: 'UPDATING',
    GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING' }],
  });
  expect((await db.call('DescribeTable', { TableName: 'users' })).Table).toMatchObject({
    GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE', ItemCount: 1 }],
  });
  const byMail = { TableName: 'users', IndexName: 'by-mail' };
  expect((await db.call('Scan', byMail)).Items).toEqual([{ id: { S: '1' }, mail: { S: 'a@b' } }]);
  await db.call('UpdateTable', {
    TableName: 'users',
    GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-mail' } }],
  });
  expect(await db.refusal('Scan', byMail)).toBe('The table does not have the specified index: by-mail');
  expect((await db.call('DescribeTable', { TableName: 'users' })).Table).toMatchObject({
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    ItemCount: 3,
  });
});

test('capacity and billing mode change, and the table keeps a record of it', async () => {
  const units = (n: number) => ({ ReadCapacityUnits: n, WriteCapacityUnits: n });
  await db.call('CreateTable', {
    ...tableInput('users', 'id:S'),
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: units(5),
  });
  await db.world.clock.advance(1000);
  await db.call('UpdateTable', { TableName: 'users', ProvisionedThroughput: units(9) });
  await db.call('UpdateTable', { TableName: 'users', ProvisionedThroughput: units(3) });
  expect((await db.call('DescribeTable', { TableName: 'users' })).Table).toMatchObject({
    ProvisionedThroughput: {
      ...units(3),
      NumberOfDecreasesToday: 1,
      LastIncreaseDateTime: expect.any(Number),
    },
  });
  expect(await db.refusal('UpdateTable', { TableName: 'users', ProvisionedThroughput: units(3) })).toContain(
    'The provisioned throughput for the table will not change. The requested value equals the current value.',
  );
  await db.call('UpdateTable', { TableName: 'users', BillingMode: 'PAY_PER_REQUEST' });
  expect((await db.call('DescribeTable', { TableName: 'users' })).Table).toMatchObject({
    BillingModeSummary: {
      BillingMode: 'PAY_PER_REQUEST',
      LastUpdateToPayPerRequestDateTime: expect.any(Number),
    },
  });
});

test('definitions that cannot be are refused in the words and the order of the service', async () => {
  const a = { AttributeName: 'a', AttributeType: 'S' };
  const b = { AttributeName: 'b', AttributeType: 'S' };
  const hash = { AttributeName: 'a', KeyType: 'HASH' };
  const range = { AttributeName: 'b', KeyType: 'RANGE' };
  const base = { TableName: 'abc', BillingMode: 'PAY_PER_REQUEST' };
  const refusals: [JsonObject, string][] = [
    [{}, "The parameter 'TableName' is required but was not present in the request"],
    [
      { TableName: 'ab', AttributeDefinitions: [], KeySchema: [hash] },
      "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    ],
    [
      { TableName: 'ab;', AttributeDefinitions: [], KeySchema: [hash] },
      "1 validation error detected: Value 'ab;' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ],
    [
      { TableName: 'abc', AttributeDefinitions: [], KeySchema: [hash] },
      `${invalid}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    ],
    [
      { ...base, AttributeDefinitions: [], KeySchema: [hash] },
      'Invalid KeySchema: Some index key attribute have no definition',
    ],
    [
      { ...base, AttributeDefinitions: [b], KeySchema: [hash] },
      `${invalid}Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: [b]`,
    ],
    [
      { ...base, AttributeDefinitions: [a, b], KeySchema: [hash] },
      `${invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    ],
    [
      { ...base, AttributeDefinitions: [a, b], KeySchema: [range, hash] },
      'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      {
        ...base,
        AttributeDefinitions: [a],
        KeySchema: [hash],
        LocalSecondaryIndexes: [
          { IndexName: 'idx', KeySchema: [hash], Projection: { ProjectionType: 'ALL' } },
        ],
      },
      `${invalid}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    ],
    [
      {
        ...base,
        AttributeDefinitions: [a],
        KeySchema: [hash],
        GlobalSecondaryIndexes: [{ IndexName: 'idx', KeySchema: [hash], Projection: {} }],
      },
      `${invalid}Unknown ProjectionType: null`,
    ],
  ];
  for (const [input, message] of refusals) expect(await db.refusal('CreateTable', input)).toBe(message);
  expect(await db.refusal('DescribeTable', { TableName: 'ab' })).toBe(
    'TableName must be at least 3 characters long and at most 255 characters long',
  );
});

test('members of the wrong JSON type are named in the service’s way', async () => {
  expect(await db.refusal('CreateTable', { TableName: 5 })).toBe(
    'SerializationException: NUMBER_VALUE cannot be converted to String',
  );
  expect(await db.refusal('CreateTable', { KeySchema: {} })).toBe(
    'SerializationException: Start of structure or map found where not expected',
  );
  expect(await db.refusal('CreateTable', { KeySchema: ['a'] })).toBe(
    'SerializationException: Unexpected value type in payload',
  );
});

test('tags are added, listed and removed by ARN', async () => {
  await db.call('CreateTable', tableInput('users', 'id:S', undefined, { Tags: [{ Key: 'a', Value: '1' }] }));
  const ResourceArn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/users';
  await db.call('TagResource', { ResourceArn, Tags: [{ Key: 'b', Value: '2' }] });
  await db.call('UntagResource', { ResourceArn, TagKeys: ['a'] });
  expect(await db.call('ListTagsOfResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  expect(await db.refusal('TagResource', { ResourceArn, Tags: [] })).toBe(
    'Atleast one Tag needs to be provided as Input.',
  );
  expect(await db.refusal('ListTagsOfResource', { ResourceArn: `${ResourceArn}x` })).toBe(
    `ResourceNotFoundException: Requested resource not found: ResourcArn: ${ResourceArn}x not found`,
  );
});

test('tag operations answer nothing, and take ARNs of tables of the account and region only', async () => {
  await db.call('CreateTable', tableInput('users', 'id:S'));
  const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/users';
  const tag = (ResourceArn: string) => ({ ResourceArn, Tags: [{ Key: 'a', Value: '1' }] });
  const { texts } = db.running.api as JsonApi;
  expect(await texts?.TagResource?.(tag(arn), makeCall('TagResource'))).toBe('');
  expect(await texts?.UntagResource?.({ ResourceArn: arn, TagKeys: ['a'] }, makeCall('UntagResource'))).toBe(
    '',
  );
  const refusals: [string, string][] = [
    ['users', `${invalid}ARNs must start with 'arn:': users`],
    ['arn:aws:sqs:x', `${invalid}Provided Arn is not a DynamoDB resource arn: arn:aws:sqs:x`],
    [
      `${arn}/index/by-mail`,
      `${invalid}Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}/index/by-mail`,
    ],
    [
      arn.replace('west', 'east'),
      `Invalid TableArn: Invalid ResourceArn provided as input ${arn.replace('west', 'east')}`,
    ],
    [
      arn.replace('000000000000', '111111111111'),
      `AccessDeniedException: User: arn:aws:iam::000000000000:root is not authorized to perform: dynamodb:TagResource on resource: ${arn.replace('000000000000', '111111111111')}`,
    ],
  ];
  for (const [named, message] of refusals) expect(await db.refusal('TagResource', tag(named))).toBe(message);
});

test('a table made on demand says since when it is, and is deleted without a word on what it was made of', async () => {
  const made = await db.call('CreateTable', tableInput('users', 'id:S'));
  expect((made.TableDescription as JsonObject).BillingModeSummary).toEqual({
    BillingMode: 'PAY_PER_REQUEST',
  });
  const { Table } = await db.call('DescribeTable', { TableName: 'users' });
  const { CreationDateTime, BillingModeSummary } = Table as JsonObject;
  expect(BillingModeSummary).toEqual({
    BillingMode: 'PAY_PER_REQUEST',
    LastUpdateToPayPerRequestDateTime: CreationDateTime,
  });
  const { TableDescription } = await db.call('DeleteTable', { TableName: 'users' });
  expect(TableDescription).toMatchObject({ TableStatus: 'DELETING', BillingModeSummary });
  for (const member of ['AttributeDefinitions', 'KeySchema', 'CreationDateTime'])
    expect(TableDescription).not.toHaveProperty(member);
});

test('indexes are changed one action at a time, with their attributes defined anew', async () => {
  await db.call('CreateTable', ordersTable);
  const create = (IndexName: string, hash: string) => ({
    Create: {
      IndexName,
      KeySchema: [{ AttributeName: hash, KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  });
  const refused = (more: JsonObject) => db.refusal('UpdateTable', { TableName: 'orders', ...more });
  const AttributeDefinitions = [{ AttributeName: 'phase', AttributeType: 'S' }];
  expect(
    await refused({
      AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ ...create('new', 'phase'), Delete: { IndexName: 'by-phase' } }],
    }),
  ).toBe(`${invalid}Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object`);
  expect(
    await refused({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [create('by-day', 'phase')] }),
  ).toBe('Attempting to create an index which already exists');
  expect(await refused({ GlobalSecondaryIndexUpdates: [create('new', 'phase')] })).toBe(
    `${invalid}AttributeDefinitions is not specified for index: new`,
  );
  expect(
    await refused({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [create('new', 'day')] }),
  ).toContain(`${invalid}Some index key attributes are not defined in AttributeDefinitions`);
});

test('limits, endpoints and backups are answered as for a new account', async () => {
  await db.call('CreateTable', tableInput('users', 'id:S'));
  expect(await db.call('DescribeLimits', {})).toMatchObject({ TableMaxReadCapacityUnits: 40000 });
  expect(await db.call('DescribeEndpoints', {})).toEqual({
    Endpoints: [{ Address: '127.0.0.1:4566', CachePeriodInMinutes: 1440 }],
  });
  expect(await db.call('DescribeContinuousBackups', { TableName: 'users' })).toMatchObject({
    ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED' },
  });
});
