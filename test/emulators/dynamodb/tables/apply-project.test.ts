import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import type { GlobalIndexSpec, TableResource } from '../../../../src/model/resources.ts';
import { runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(() => db.close());

const users: TableResource = {
  kind: 'table',
  name: 'users',
  attributes: { id: 'S', mail: 'S' },
  key: { hash: 'id' },
  globalIndexes: [
    { name: 'by-mail', key: { hash: 'mail' }, projection: { type: 'ALL', nonKeyAttributes: [] } },
  ],
  localIndexes: [],
  billingMode: 'PAY_PER_REQUEST',
};
const plain: TableResource = { ...users, attributes: { id: 'S' }, globalIndexes: [] };
const apply = (...resources: TableResource[]) => db.running.apply(resources, []);
const put = () =>
  db.call('PutItem', { TableName: 'users', Item: { id: { S: '1' }, mail: { S: 'a@b' }, until: { N: '1' } } });
const byMail = () => db.call('Scan', { TableName: 'users', IndexName: 'by-mail' });

test('tables of the project are made when they are not there, and left as they are when they are', async () => {
  await apply(users);
  await put();
  await apply({ ...users, place: { file: 'serverless.yml', line: 9 } });
  expect(await byMail()).toMatchObject({ Count: 1 });
  expect((await db.call('DescribeTable', { TableName: 'users' })).Table).toMatchObject({
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-mail' }],
  });
});

test('an index the project adds is filled, one it takes out goes, and the items stay', async () => {
  await apply(plain);
  await put();
  await apply(users);
  expect(await byMail()).toMatchObject({ Count: 1 });
  await apply(plain);
  expect(await db.refusal('Scan', { TableName: 'users', IndexName: 'by-mail' })).toContain(
    'does not have the specified index',
  );
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 1 });
});

test('an index whose projection changes is made anew', async () => {
  await apply(users);
  await put();
  const [index] = users.globalIndexes;
  await apply({
    ...users,
    globalIndexes: index ? [{ ...index, projection: { type: 'KEYS_ONLY', nonKeyAttributes: [] } }] : [],
  });
  expect((await byMail()).Items).toEqual([{ id: { S: '1' }, mail: { S: 'a@b' } }]);
});

test('an index made by hand stays while the project does not change', async () => {
  await apply(plain);
  await db.call('UpdateTable', {
    TableName: 'users',
    AttributeDefinitions: [{ AttributeName: 'mail', AttributeType: 'S' }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: 'by-mail',
          KeySchema: [{ AttributeName: 'mail', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      },
    ],
  });
  await apply(plain);
  expect(await byMail()).toMatchObject({ Count: 0 });
});

test('the time to live of the project is in force', async () => {
  await apply({ ...plain, ttlAttribute: 'until' });
  const until = String(Math.floor(db.world.clock.now() / 1000) + 1);
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: '1' }, until: { N: until } } });
  await db.world.clock.advance(1000);
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 0 });
});

test('a table that leaves the project keeps its items, and the user is told once', async () => {
  await apply(users);
  await put();
  await apply();
  await apply();
  expect(db.world.notices).toEqual(['table users is no longer in the project; it and its items are kept']);
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 1 });
  await apply(users);
  expect(await byMail()).toMatchObject({ Count: 1 });
});

test('a table whose key changed in the project is kept as it is, and the user is told', async () => {
  await apply(plain);
  await put();
  await apply({ ...plain, attributes: { id: 'N' } });
  expect(db.world.notices).toEqual([
    'table users is stored with the key id (S), the project now says id (N): the stored table is kept as it is; delete it to have it created anew',
  ]);
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 1 });
});

test('tables made by hand are nothing to the project', async () => {
  await db.call('CreateTable', {
    TableName: 'mine',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await apply(users);
  expect(await db.call('ListTables', {})).toEqual({ TableNames: ['mine', 'users'] });
  expect(db.world.notices).toEqual([]);
});

const streamArn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/changes';
const index = users.globalIndexes[0] as GlobalIndexSpec;
const set: TableResource = {
  ...users,
  billingMode: 'PROVISIONED',
  provisioned: { read: 5, write: 6 },
  globalIndexes: [{ ...index, provisioned: { read: 2, write: 3 }, insights: 'THROTTLED_KEYS' }],
  deletionProtection: true,
  tags: { team: 'shop' },
  tableClass: 'STANDARD_INFREQUENT_ACCESS',
  kinesis: { streamArn, precision: 'MICROSECOND' },
  encryption: { keyId: 'alias/mine' },
  recoveryDays: 7,
  insights: 'ACCESSED_AND_THROTTLED_KEYS',
  policy: '{"Version":"2012-10-17","Statement":[]}',
  warm: { read: 100 },
};
const describeUsers = async () =>
  (await db.call('DescribeTable', { TableName: 'users' })).Table as JsonObject;
const ResourceArn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/users';
const tags = async () => (await db.call('ListTagsOfResource', { ResourceArn })).Tags;
const recovery = async () =>
  (await db.call('DescribeContinuousBackups', { TableName: 'users' })).ContinuousBackupsDescription;
const insights = (more: JsonObject = {}) =>
  db.call('DescribeContributorInsights', { TableName: 'users', ...more });
const units = (read: number, write: number) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

test('a table has what the project says of it, as if it had been asked for by calls', async () => {
  await apply(set);
  expect(await describeUsers()).toMatchObject({
    ProvisionedThroughput: { ...units(5, 6), NumberOfDecreasesToday: 0 },
    GlobalSecondaryIndexes: [{ IndexName: 'by-mail', ProvisionedThroughput: units(2, 3) }],
    DeletionProtectionEnabled: true,
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    SSEDescription: { KMSMasterKeyArn: 'arn:aws:kms:eu-west-1:000000000000:alias/mine' },
    WarmThroughput: { ReadUnitsPerSecond: 100, WriteUnitsPerSecond: 6 },
  });
  expect(await tags()).toEqual([{ Key: 'team', Value: 'shop' }]);
  expect(await recovery()).toMatchObject({
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 7 },
  });
  expect(await insights()).toMatchObject({ ContributorInsightsMode: 'ACCESSED_AND_THROTTLED_KEYS' });
  expect(await insights({ IndexName: 'by-mail' })).toMatchObject({
    ContributorInsightsMode: 'THROTTLED_KEYS',
  });
  expect(await db.call('GetResourcePolicy', { ResourceArn })).toMatchObject({ Policy: set.policy });
  expect(await db.refusal('DeleteTable', { TableName: 'users' })).toContain('protected against deletion');
});

test('changes of a table with a Kinesis stream in the project reach it', async () => {
  await apply(set);
  db.world.peers.add(streamArn);
  await put();
  expect(db.world.sent).toMatchObject([{ arn: streamArn }]);
  const other = `${streamArn}-2`;
  await apply({ ...set, kinesis: { streamArn: other } });
  expect(await db.call('DescribeKinesisStreamingDestination', { TableName: 'users' })).toMatchObject({
    KinesisDataStreamDestinations: [
      { StreamArn: streamArn, DestinationStatus: 'DISABLED' },
      { StreamArn: other, DestinationStatus: 'ACTIVE' },
    ],
  });
});

test('what the project takes back is off again', async () => {
  await apply(set);
  await apply({ ...users, billingMode: 'PAY_PER_REQUEST', onDemandLimits: { read: 9 } });
  const shown = await describeUsers();
  expect(shown).toMatchObject({
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: units(0, 0),
    OnDemandThroughput: { MaxReadRequestUnits: 9 },
    TableClassSummary: { TableClass: 'STANDARD' },
  });
  expect(shown).not.toHaveProperty('SSEDescription');
  expect(shown).not.toHaveProperty('DeletionProtectionEnabled');
  expect(await tags()).toEqual([]);
  expect(await recovery()).toMatchObject({
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
  });
  expect(await insights()).toMatchObject({ ContributorInsightsStatus: 'DISABLED' });
  expect(await insights({ IndexName: 'by-mail' })).toMatchObject({ ContributorInsightsStatus: 'DISABLED' });
  expect(await db.refusal('GetResourcePolicy', { ResourceArn })).toContain('PolicyNotFoundException');
  await db.call('DeleteTable', { TableName: 'users' });
});

test('what was changed by calls stays until the project says something else about it', async () => {
  await apply(set);
  await db.call('UpdateTable', { TableName: 'users', ProvisionedThroughput: units(50, 60) });
  await db.call('UpdateTable', { TableName: 'users', DeletionProtectionEnabled: false });
  await db.call('TagResource', { ResourceArn, Tags: [{ Key: 'by', Value: 'hand' }] });
  await apply(set);
  await apply({ ...set, ttlAttribute: 'until', tags: { cost: '1' } });
  const shown = await describeUsers();
  expect(shown).toMatchObject({ ProvisionedThroughput: units(50, 60) });
  expect(shown).not.toHaveProperty('DeletionProtectionEnabled');
  expect(await tags()).toEqual([
    { Key: 'by', Value: 'hand' },
    { Key: 'cost', Value: '1' },
  ]);
  await apply({ ...set, provisioned: { read: 4, write: 60 } });
  expect((await describeUsers()).ProvisionedThroughput).toMatchObject({
    ...units(4, 60),
    NumberOfDecreasesToday: 1,
  });
});
