import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(() => db.close());

const invalid = 'One or more parameter values were invalid: ';
const describe = async (name = 'users') =>
  (await db.call('DescribeTable', { TableName: name })).Table as JsonObject;
const create = (more: JsonObject = {}) =>
  db.call('CreateTable', tableInput('users', 'id:S', undefined, more));
const update = (more: JsonObject) => db.call('UpdateTable', { TableName: 'users', ...more });
const refusedCreate = (more: JsonObject) =>
  db.refusal('CreateTable', tableInput('others', 'id:S', undefined, more));
const refusedUpdate = (more: JsonObject) => db.refusal('UpdateTable', { TableName: 'users', ...more });
const provisioned = (read: number, write: number) => ({
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write },
});
const warm = (read: number, write: number) => ({
  WarmThroughput: { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write },
});
const byMail = {
  IndexName: 'by-mail',
  KeySchema: [{ AttributeName: 'mail', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};
const withMail = {
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'mail', AttributeType: 'S' },
  ],
};

test('every table and index says what it can serve at once', async () => {
  const { TableDescription } = await create({ ...withMail, GlobalSecondaryIndexes: [byMail] });
  expect(TableDescription).not.toHaveProperty('WarmThroughput');
  const onDemand = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000, Status: 'ACTIVE' };
  expect(await describe()).toMatchObject({
    WarmThroughput: onDemand,
    GlobalSecondaryIndexes: [{ WarmThroughput: onDemand }],
  });
  await db.call('CreateTable', tableInput('fixed', 'id:S', undefined, provisioned(5, 6)));
  expect((await describe('fixed')).WarmThroughput).toMatchObject({
    ReadUnitsPerSecond: 5,
    WriteUnitsPerSecond: 6,
  });
  await db.call('UpdateTable', { TableName: 'fixed', ...provisioned(9, 6) });
  await db.call('UpdateTable', { TableName: 'fixed', ...provisioned(1, 1) });
  expect((await describe('fixed')).WarmThroughput).toMatchObject({
    ReadUnitsPerSecond: 9,
    WriteUnitsPerSecond: 6,
  });
});

test('warm throughput is taken where it is enough, and only grows', async () => {
  const { TableDescription } = await create(warm(13_000, 5000));
  expect(TableDescription).toMatchObject({
    WarmThroughput: { ReadUnitsPerSecond: 13_000, Status: 'UPDATING' },
  });
  expect(await refusedCreate(warm(1, 4000))).toContain(
    `${invalid}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand.`,
  );
  expect(await refusedCreate({ ...provisioned(10, 10), ...warm(10, 5) })).toBe(
    `${invalid}Requested WriteUnitsPerSecond for WarmThroughput for table is lower than WriteCapacityUnits of ProvisionedThroughput`,
  );
  await update({ WarmThroughput: { WriteUnitsPerSecond: 6000 } });
  expect(await describe()).toMatchObject({
    WarmThroughput: { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 6000, Status: 'ACTIVE' },
  });
  expect(await refusedUpdate(warm(12_000, 6000))).toBe(
    `${invalid}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported`,
  );
});

test('limits of on-demand tables change one by one and go with the billing mode', async () => {
  await create({ OnDemandThroughput: { MaxReadRequestUnits: 100 } });
  expect((await describe()).OnDemandThroughput).toEqual({ MaxReadRequestUnits: 100 });
  await update({ OnDemandThroughput: { MaxWriteRequestUnits: 50 } });
  expect((await describe()).OnDemandThroughput).toEqual({
    MaxReadRequestUnits: 100,
    MaxWriteRequestUnits: 50,
  });
  await update({ OnDemandThroughput: { MaxReadRequestUnits: -1 } });
  expect((await describe()).OnDemandThroughput).toEqual({ MaxWriteRequestUnits: 50 });
  const range = 'Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range';
  expect(await refusedUpdate({ OnDemandThroughput: { MaxReadRequestUnits: 0 } })).toBe(invalid + range);
  expect(await refusedCreate({ OnDemandThroughput: { MaxReadRequestUnits: -1 } })).toBe(invalid + range);
  expect(await refusedCreate({ ...provisioned(1, 1), OnDemandThroughput: { MaxReadRequestUnits: 1 } })).toBe(
    `${invalid}MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.`,
  );
  await update(provisioned(1, 1));
  expect(await describe()).not.toHaveProperty('OnDemandThroughput');
});

test('encryption is shown, and told not to be done', async () => {
  await create({ SSESpecification: { Enabled: true } });
  expect((await describe()).SSEDescription).toEqual({
    Status: 'ENABLED',
    SSEType: 'KMS',
    KMSMasterKeyArn: expect.stringMatching(/^arn:aws:kms:eu-west-1:000000000000:key\//),
  });
  expect(db.world.notices).toEqual([expect.stringContaining('the local data is not encrypted')]);
  const KMSMasterKeyId = 'arn:aws:kms:eu-west-1:000000000000:key/abc';
  await update({ SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId } });
  expect((await describe()).SSEDescription).toMatchObject({ KMSMasterKeyArn: KMSMasterKeyId });
  await update({ SSESpecification: { Enabled: false } });
  expect(await describe()).not.toHaveProperty('SSEDescription');
  expect(await refusedUpdate({ SSESpecification: { Enabled: false } })).toBe(
    `${invalid}Table is already encrypted by default`,
  );
  expect(await refusedCreate({ SSESpecification: { Enabled: true, KMSMasterKeyId } })).toContain('SSEType');
});

test('the class of a table changes, and when is shown', async () => {
  await create();
  await update({ TableClass: 'STANDARD' });
  expect(await describe()).not.toHaveProperty('TableClassSummary');
  await update({ TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  expect((await describe()).TableClassSummary).toEqual({
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    LastUpdateDateTime: db.world.clock.now() / 1000,
  });
});

test('UpdateTable changes one thing at a time', async () => {
  await create();
  const protect = { DeletionProtectionEnabled: true };
  const refusals: [JsonObject, string][] = [
    [
      { ...protect, BillingMode: 'PAY_PER_REQUEST' },
      'DeletionProtection modification must be the only operation in the request',
    ],
    [
      { ...protect, SSESpecification: { Enabled: true } },
      'Server-Side Encryption modification must be the only operation in the request',
    ],
    [
      { ...protect, TableClass: 'STANDARD' },
      'TableClass modification must be the only operation in the request',
    ],
    [
      { ...warm(13_000, 5000), BillingMode: 'PAY_PER_REQUEST' },
      'WarmThroughput must be the only operation in the request',
    ],
    [
      {
        OnDemandThroughput: { MaxReadRequestUnits: 1 },
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      },
      'OnDemandThroughput can only be combined with BillingMode in an UpdateTable request',
    ],
  ];
  for (const [input, message] of refusals) expect(await refusedUpdate(input)).toBe(invalid + message);
  await update({ BillingMode: 'PAY_PER_REQUEST', OnDemandThroughput: { MaxReadRequestUnits: 1 } });
});

test('a table has up to fifty tags, none of them the service’s own', async () => {
  const tags = (count: number) => Array.from({ length: count }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
  const tooMany = 'Number of Tags exceed the current limit for the provided ResourceArn';
  expect(await refusedCreate({ Tags: tags(51) })).toBe(tooMany);
  await create({ Tags: tags(50) });
  const ResourceArn = String((await describe()).TableArn);
  await db.call('TagResource', { ResourceArn, Tags: [{ Key: 'k0', Value: 'other' }] });
  expect(await db.refusal('TagResource', { ResourceArn, Tags: [{ Key: 'new', Value: '' }] })).toBe(tooMany);
  expect(await db.refusal('TagResource', { ResourceArn, Tags: [{ Key: 'aws:x', Value: '' }] })).toBe(
    'Tag Key cannot be prefixed with aws:, Key: aws:x',
  );
  const wrong = (Key: string, Value: string) =>
    db.refusal('TagResource', { ResourceArn, Tags: [{ Key, Value }] });
  expect(await wrong('hi!', 'dog')).toBe('The Tag Key provided is invalid, Key: hi!');
  expect(await wrong('k0', '"dog"')).toBe('The Tag Value provided is invalid, Value: "dog"');
  await db.call('TagResource', { ResourceArn, Tags: [{ Key: 'k0', Value: 'ключ +-=._:/@ 1' }] });
});

test('definitions are told apart, projections counted', async () => {
  const twice = { AttributeName: 'id', AttributeType: 'S' };
  expect(await refusedCreate({ AttributeDefinitions: [twice, twice] })).toBe(
    'Attribute Name is duplicated: id',
  );
  const including = (count: number, IndexName = 'by-mail') => ({
    ...byMail,
    IndexName,
    Projection: {
      ProjectionType: 'INCLUDE',
      NonKeyAttributes: Array.from({ length: count }, (_, i) => `n${i}`),
    },
  });
  const indexes = (sizes: number[]) =>
    refusedCreate({
      ...withMail,
      GlobalSecondaryIndexes: sizes.map((size, i) => including(size, `index-${i}`)),
    });
  expect(await indexes([21])).toContain('Member must have length less than or equal to 20');
  expect(await indexes([20, 20, 20, 20, 20, 1])).toContain('exceeds the per-table limit of 100');
});
