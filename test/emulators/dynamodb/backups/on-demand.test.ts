import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { openTemporaryStore } from '../../../../src/std/store/store.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';
import { arnOf, createBackup, itemsOf, putOrders } from './backed-up.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', ordersTable);
});
afterEach(() => db.close());

const describe = async (arn: string) =>
  (await db.call('DescribeBackup', { BackupArn: arn })).BackupDescription as JsonObject;
const put = (id: number, more: JsonObject = {}) =>
  db.call('PutItem', { TableName: 'orders', Item: order('ann', id, more) });
const restore = (BackupArn: string, TargetTableName: string, more: JsonObject = {}) =>
  db.call('RestoreTableFromBackup', { BackupArn, TargetTableName, ...more });
const tableOf = async (name: string) =>
  (await db.call('DescribeTable', { TableName: name })).Table as JsonObject;

test('a backup says it is being created, is there at once, and describes the table as it was', async () => {
  await put(1, { phase: { S: 'new' } });
  const { BackupDetails } = await db.call('CreateBackup', { TableName: 'orders', BackupName: 'before' });
  const details = {
    BackupArn: expect.stringMatching(
      /^arn:aws:dynamodb:eu-west-1:000000000000:table\/orders\/backup\/\d{14}-[0-9a-f]{8}$/,
    ),
    BackupName: 'before',
    BackupSizeBytes: 23,
    BackupType: 'USER',
    BackupCreationDateTime: db.world.clock.now() / 1000,
  };
  expect(BackupDetails).toEqual({ ...details, BackupStatus: 'CREATING' });
  await put(2);
  const arn = String((BackupDetails as JsonObject).BackupArn);
  const { KeySchema, TableId, CreationDateTime } = await tableOf('orders');
  expect(await describe(arn)).toEqual({
    BackupDetails: { ...details, BackupStatus: 'AVAILABLE' },
    SourceTableDetails: {
      TableName: 'orders',
      TableId,
      TableArn: arnOf('orders'),
      TableSizeBytes: 23,
      ItemCount: 1,
      KeySchema,
      TableCreationDateTime: CreationDateTime,
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      BillingMode: 'PAY_PER_REQUEST',
    },
    SourceTableFeatureDetails: {
      LocalSecondaryIndexes: [expect.objectContaining({ IndexName: 'by-day' })],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-phase',
          KeySchema: [{ AttributeName: 'phase', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
        },
        expect.objectContaining({ IndexName: 'by-phase-day' }),
      ],
    },
  });
});

test('what is restored is what was backed up, with its indexes, whatever became of the table', async () => {
  await put(1, { phase: { S: 'new' }, total: { N: '5' } });
  await put(2);
  const arn = await createBackup(db);
  await put(1, { phase: { S: 'done' } });
  await db.call('DeleteItem', { TableName: 'orders', Key: order('ann', 2) });
  await db.call('DeleteTable', { TableName: 'orders' });
  const { TableDescription } = await restore(arn, 'again');
  expect(TableDescription).toMatchObject({
    TableStatus: 'CREATING',
    ItemCount: 0,
    RestoreSummary: {
      SourceBackupArn: arn,
      SourceTableArn: arnOf('orders'),
      RestoreDateTime: db.world.clock.now() / 1000,
      RestoreInProgress: true,
    },
  });
  expect(await tableOf('again')).toMatchObject({
    TableStatus: 'ACTIVE',
    ItemCount: 2,
    TableSizeBytes: 45,
    RestoreSummary: { SourceBackupArn: arn, RestoreInProgress: false },
  });
  const first = order('ann', 1, { phase: { S: 'new' }, total: { N: '5' } });
  expect(await itemsOf(db, 'again')).toEqual(expect.arrayContaining([first, order('ann', 2)]));
  expect(await itemsOf(db, 'again', { IndexName: 'by-phase' })).toEqual([first]);
});

test('a backup holds what streams, expiry and encryption were, a restore brings back the encryption only', async () => {
  await db.call('CreateTable', {
    ...tableInput('users', 'id:S', undefined, {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      SSESpecification: { Enabled: true },
      DeletionProtectionEnabled: true,
      Tags: [{ Key: 'team', Value: 'a' }],
    }),
  });
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'until' };
  await db.call('UpdateTimeToLive', { TableName: 'users', TimeToLiveSpecification });
  const arn = await createBackup(db, 'users');
  const encryption = { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: expect.stringContaining(':key/') };
  expect((await describe(arn)).SourceTableFeatureDetails).toEqual({
    StreamDescription: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'until' },
    SSEDescription: encryption,
  });
  await restore(arn, 'again');
  const table = await tableOf('again');
  expect(table.SSEDescription).toEqual(encryption);
  expect(table).not.toHaveProperty('StreamSpecification');
  expect(table).not.toHaveProperty('DeletionProtectionEnabled');
  expect(await db.call('ListTagsOfResource', { ResourceArn: arnOf('again') })).toEqual({ Tags: [] });
  expect((await db.call('DescribeTimeToLive', { TableName: 'again' })).TimeToLiveDescription).toEqual({
    TimeToLiveStatus: 'DISABLED',
  });
});

test('a large table is backed up as it was when it was asked for, while it is written to', async () => {
  await putOrders(db, 0, 2500, { phase: { S: 'old' } });
  const arn = await createBackup(db);
  expect((await describe(arn)).BackupDetails).toMatchObject({ BackupStatus: 'CREATING' });
  expect(await db.refusal('DeleteTable', { TableName: 'orders' })).toBe(
    'ResourceInUseException: Attempt to change a resource which is still in use: Table: orders is in the process of being updated.',
  );
  expect(await db.refusal('DeleteBackup', { BackupArn: arn })).toContain('BackupInUseException');
  for (let id = 0; id < 2500; id += 100) {
    await put(id, { phase: { S: 'changed' } });
    await put(id, { phase: { S: 'changed again' } });
    await db.call('DeleteItem', { TableName: 'orders', Key: order('ann', id + 1) });
    await put(5000 + id);
  }
  await db.running.settled();
  expect((await describe(arn)).BackupDetails).toMatchObject({ BackupStatus: 'AVAILABLE' });
  await restore(arn, 'again');
  await db.running.settled();
  const items = await itemsOf(db, 'again', { IndexName: 'by-phase' });
  expect(items).toHaveLength(2500);
  expect(new Set(items.map(({ phase }) => JSON.stringify(phase)))).toEqual(new Set(['{"S":"old"}']));
  expect(await tableOf('again')).toMatchObject({
    ItemCount: 2500,
    TableSizeBytes: ((await describe(arn)) as { SourceTableDetails: JsonObject }).SourceTableDetails
      .TableSizeBytes,
  });
});

test('while it is filled a table is there for DescribeTable only', async () => {
  await putOrders(db, 0, 1500);
  const arn = await createBackup(db);
  await db.running.settled();
  await restore(arn, 'again');
  expect(await tableOf('again')).toMatchObject({
    TableStatus: 'CREATING',
    RestoreSummary: { RestoreInProgress: true },
  });
  const again = { TableName: 'again' };
  const notFound = 'ResourceNotFoundException: Requested resource not found';
  expect(await db.refusal('Scan', again)).toBe(notFound);
  expect(await db.refusal('UpdateTable', { ...again, DeletionProtectionEnabled: true })).toBe(
    `${notFound}: Table: again not found`,
  );
  expect(await db.refusal('CreateBackup', { ...again, BackupName: 'abc' })).toBe(
    'TableNotFoundException: Table not found: again',
  );
  expect(await db.refusal('CreateTable', tableInput('again', 'id:S'))).toBe(
    'ResourceInUseException: Table is being used: again',
  );
  expect(await db.refusal('DeleteTable', again)).toContain('Table is being created: again');
  expect(await db.refusal('RestoreTableFromBackup', { BackupArn: arn, TargetTableName: 'again' })).toBe(
    `TableInUseException: Table: again is already being restored from backup: ${arn}`,
  );
  expect(await db.refusal('RestoreTableFromBackup', { BackupArn: arn, TargetTableName: 'other' })).toBe(
    `BackupInUseException: Backup is being used to restore another table: ${arn}`,
  );
  expect(await db.refusal('DeleteBackup', { BackupArn: arn })).toBe(
    `BackupInUseException: Backup is being used to restore table: ${arn}`,
  );
  await db.running.settled();
  expect(await itemsOf(db, 'again')).toHaveLength(1500);
});

test('backups are listed by table, time and kind, page by page', async () => {
  const { clock } = db.world;
  await db.call('CreateTable', tableInput('users', 'id:S'));
  const arns: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    arns.push(await createBackup(db, 'orders', name));
    await clock.advance(1000);
  }
  const users = await createBackup(db, 'users');
  const list = async (input: JsonObject) => {
    const answer = await db.call('ListBackups', input);
    return {
      ...answer,
      BackupSummaries: (answer.BackupSummaries as JsonObject[]).map(({ BackupArn }) => BackupArn),
    };
  };
  expect(await list({})).toEqual({ BackupSummaries: [...arns, users] });
  expect(await list({ TableName: 'orders', Limit: 2 })).toEqual({
    BackupSummaries: arns.slice(0, 2),
    LastEvaluatedBackupArn: arns[1],
  });
  expect(
    await list({ TableName: arnOf('orders'), Limit: 1, ExclusiveStartBackupArn: arns[1] ?? '' }),
  ).toEqual({
    BackupSummaries: [arns[2]],
  });
  const second = clock.now() / 1000 - 2;
  expect(await list({ TimeRangeLowerBound: second, TimeRangeUpperBound: second + 1 })).toEqual({
    BackupSummaries: [arns[1]],
  });
  expect(await list({ BackupType: 'SYSTEM' })).toEqual({ BackupSummaries: [] });
  expect(await db.refusal('ListBackups', { TimeRangeLowerBound: 2, TimeRangeUpperBound: 1 })).toBe(
    'Time range lower bound must be less than or equal to upper bound',
  );
});

test('a deleted backup is gone', async () => {
  const arn = await createBackup(db);
  const { BackupDescription } = await db.call('DeleteBackup', { BackupArn: arn });
  expect(BackupDescription).toMatchObject({ BackupDetails: { BackupStatus: 'DELETED' } });
  expect(await db.refusal('DescribeBackup', { BackupArn: arn })).toBe(
    `BackupNotFoundException: Backup not found: ${arn}`,
  );
  expect(await db.refusal('DeleteBackup', { BackupArn: arn })).toContain('BackupNotFoundException');
  expect(await db.refusal('DescribeBackup', { BackupArn: arnOf('orders') })).toBe('Invalid Backup ARN');
});

test('overrides change billing and leave out or rename indexes, but make none', async () => {
  await put(1, { phase: { S: 'new' } });
  const arn = await createBackup(db);
  const units = { ReadCapacityUnits: 3, WriteCapacityUnits: 4 };
  const byPhase = {
    IndexName: 'renamed',
    KeySchema: [{ AttributeName: 'phase', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
  };
  await restore(arn, 'provisioned', {
    BillingModeOverride: 'PROVISIONED',
    ProvisionedThroughputOverride: units,
    GlobalSecondaryIndexOverride: [byPhase],
    LocalSecondaryIndexOverride: [],
  });
  const table = await tableOf('provisioned');
  expect(table).toMatchObject({
    ProvisionedThroughput: units,
    GlobalSecondaryIndexes: [
      { IndexName: 'renamed', ItemCount: 1, ProvisionedThroughput: byPhase.ProvisionedThroughput },
    ],
  });
  expect(table).not.toHaveProperty('LocalSecondaryIndexes');
  expect(table.AttributeDefinitions).toHaveLength(3);
  const refused = (more: JsonObject) =>
    db.refusal('RestoreTableFromBackup', { BackupArn: arn, TargetTableName: 'none', ...more });
  expect(await refused({ ProvisionedThroughputOverride: units })).toBe(
    'Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED',
  );
  expect(await refused({ BillingModeOverride: 'PROVISIONED' })).toBe(
    'Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED',
  );
  const byDay = { ...byPhase, IndexName: 'by-none', KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }] };
  expect(await refused({ GlobalSecondaryIndexOverride: [byDay] })).toBe(
    'Index by-none does not match a secondary index that existed in the source table and cannot be created during the restore operation',
  );
  expect(await refused({ TargetTableName: 'orders' })).toBe(
    'TableAlreadyExistsException: Table already exists: orders',
  );
});

test('backups, and those a session left unfinished, are there in the next', async () => {
  const store = openTemporaryStore();
  const kept = { ...store, close: async () => {} };
  const first = await runDynamodb(kept);
  await first.call('CreateTable', ordersTable);
  await putOrders(first, 0, 3000, { phase: { S: 'old' } });
  const arn = await createBackup(first);
  await first.call('PutItem', { TableName: 'orders', Item: order('ann', 7) });
  const { BackupDescription } = await first.call('DescribeBackup', { BackupArn: arn });
  expect(BackupDescription).toMatchObject({ BackupDetails: { BackupStatus: 'CREATING' } });
  await first.close();

  const second = await runDynamodb(kept);
  await second.call('PutItem', { TableName: 'orders', Item: order('ann', 8) });
  await second.running.settled();
  await second.call('RestoreTableFromBackup', { BackupArn: arn, TargetTableName: 'again' });
  await second.close();

  const third = await runDynamodb(store);
  await third.running.settled();
  expect(await itemsOf(third, 'again', { IndexName: 'by-phase' })).toHaveLength(3000);
  expect(third.world.store.names().filter((name) => name.startsWith('dynamodb.history/'))).toEqual([]);
  await third.close();
});
