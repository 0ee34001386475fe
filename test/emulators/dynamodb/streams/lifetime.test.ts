import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTableStore } from '../../../../emulators/dynamodb/store.ts';
import type { TableResource } from '../../../../src/model/resources.ts';
import { runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';
import {
  callStreams,
  createStream,
  DAY_MS,
  describe,
  disabled,
  enabled,
  idsIn,
  iteratorOf,
  page,
  put,
  recordsOf,
  refusedStreams,
  shardOf,
} from './running-streams.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(() => db.close());

const users = { TableName: 'users' };
const update = (specification: object) => db.call('UpdateTable', { ...users, ...specification });
const describeTable = async () =>
  (await db.call('DescribeTable', users)).Table as { LatestStreamArn?: string };
const count = async () => ((await callStreams(db, 'ListStreams', {})).Streams as unknown[]).length;

/** The same data in a new session. */
async function restart(): Promise<void> {
  await db.running.close();
  db = await runDynamodb(db.world.store, db.world.clock);
}

test('records go after twenty-four hours, each in its time', async () => {
  const { clock } = db.world;
  const arn = await createStream(db);
  await put(db, 'a');
  const iterator = await iteratorOf(db, arn);
  const oldest = (await recordsOf(db, arn))[0]?.dynamodb.SequenceNumber ?? '';
  await clock.advance(DAY_MS / 2);
  await put(db, 'b');
  await clock.advance(DAY_MS / 2 - 1);
  expect(idsIn(await recordsOf(db, arn))).toEqual(['a', 'b']);
  const late = await iteratorOf(db, arn);
  await clock.advance(1);
  expect(idsIn(await recordsOf(db, arn))).toEqual(['b']);
  const trimmed = 'TrimmedDataAccessException: The data you are trying to access has been trimmed';
  expect(await refusedStreams(db, 'GetRecords', { ShardIterator: late })).toBe(trimmed);
  expect(await refusedStreams(db, 'GetRecords', { ShardIterator: iterator })).toContain(
    'ExpiredIteratorException',
  );
  const { ShardId, SequenceNumberRange } = await shardOf(db, arn);
  const at = { StreamArn: arn, ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER' };
  expect(await refusedStreams(db, 'GetShardIterator', { ...at, SequenceNumber: oldest })).toBe(trimmed);
  const start = await callStreams(db, 'GetShardIterator', {
    ...at,
    SequenceNumber: SequenceNumberRange.StartingSequenceNumber,
  });
  expect(idsIn((await page(db, String(start.ShardIterator))).Records)).toEqual(['b']);
  await clock.advance(DAY_MS);
  expect(await recordsOf(db, arn)).toEqual([]);
});

test('more records than one transaction trims go all the same', async () => {
  const arn = await createStream(db, 'KEYS_ONLY');
  for (let i = 0; i < 1101; i++) await put(db, String(i));
  await db.world.clock.advance(DAY_MS);
  expect(db.running.streams.read(arn, 0, 2000)).toEqual([]);
  expect(db.running.streams.newest(arn)).toBe(1101);
});

test('records and their numbers outlive the session, and no number is used twice', async () => {
  const arn = await createStream(db);
  await put(db, 'a');
  await put(db, 'b');
  const before = await recordsOf(db, arn);
  const iterator = await iteratorOf(db, arn, { ShardIteratorType: 'LATEST' });
  await restart();
  expect(await recordsOf(db, arn)).toEqual(before);
  await put(db, 'c');
  expect(idsIn((await page(db, iterator)).Records)).toEqual(['c']);
  await db.running.close();
  await db.world.clock.advance(DAY_MS);
  db = await runDynamodb(db.world.store, db.world.clock);
  expect(await recordsOf(db, arn)).toEqual([]);
  expect(db.running.streams.newest(arn)).toBe(3);
  await restart();
  await put(db, 'd');
  expect(db.running.streams.read(arn, 0, 10).map(({ sequence }) => sequence)).toEqual([4]);
});

test('a disabled stream takes no more records and can be read for a day', async () => {
  const arn = await createStream(db);
  await put(db, 'a');
  await db.world.clock.advance(1000);
  await update(disabled);
  await put(db, 'b');
  expect(await describe(db, arn)).toMatchObject({ StreamStatus: 'DISABLED' });
  const { SequenceNumberRange: range } = await shardOf(db, arn);
  expect(BigInt(range.EndingSequenceNumber ?? 0)).toBeGreaterThan(BigInt(range.StartingSequenceNumber));
  expect(await describeTable()).not.toHaveProperty('StreamSpecification');
  expect(await describeTable()).toMatchObject({
    LatestStreamArn: arn,
    LatestStreamLabel: arn.split('/').at(-1),
  });
  expect(db.running.streams.streamOf('users')).toBeUndefined();

  const all = await page(db, await iteratorOf(db, arn));
  expect(idsIn(all.Records)).toEqual(['a']);
  expect(all).not.toHaveProperty('NextShardIterator');
  const latest = await page(db, await iteratorOf(db, arn, { ShardIteratorType: 'LATEST' }));
  expect(latest).toEqual({ Records: [] });

  await restart();
  await db.world.clock.advance(DAY_MS - 1);
  expect(await describe(db, arn)).toMatchObject({ StreamStatus: 'DISABLED' });
  await db.world.clock.advance(1);
  expect(await refusedStreams(db, 'DescribeStream', { StreamArn: arn })).toContain(
    'ResourceNotFoundException',
  );
  expect(await count()).toBe(0);
});

test('an iterator on a closed shard leads on as long as there are records', async () => {
  const arn = await createStream(db);
  for (const id of ['a', 'b', 'c']) await put(db, id);
  await update(disabled);
  const one = await page(db, await iteratorOf(db, arn), { Limit: 2 });
  const two = await page(db, one.NextShardIterator ?? '', { Limit: 2 });
  expect(idsIn(two.Records)).toEqual(['c']);
  expect(two).not.toHaveProperty('NextShardIterator');
});

test('a stream enabled again is a new one beside the old', async () => {
  const arn = await createStream(db, 'KEYS_ONLY');
  await put(db, 'a');
  await update(disabled);
  await update(enabled('NEW_IMAGE'));
  await put(db, 'b');
  const { LatestStreamArn: again = '' } = await describeTable();
  expect(again > arn).toBe(true);
  expect(db.running.streams.streamOf('users')).toBe(again);
  expect(idsIn(await recordsOf(db, arn))).toEqual(['a']);
  expect(idsIn(await recordsOf(db, again))).toEqual(['b']);
  expect(await count()).toBe(2);
  expect((await shardOf(db, arn)).ShardId).not.toBe((await shardOf(db, again)).ShardId);
});

test('the stream of a deleted table can be read for a day, also when a table of its name is created anew', async () => {
  const arn = await createStream(db);
  await put(db, 'a');
  await db.call('DeleteTable', users);
  expect(await describe(db, arn)).toMatchObject({ StreamStatus: 'DISABLED', TableName: 'users' });
  const again = await createStream(db);
  expect(again).not.toBe(arn);
  await put(db, 'b');
  await restart();
  expect(idsIn(await recordsOf(db, arn))).toEqual(['a']);
  expect(idsIn(await recordsOf(db, again))).toEqual(['b']);
  await db.world.clock.advance(DAY_MS);
  expect(await count()).toBe(1);
  expect(await describe(db, again)).toMatchObject({ StreamStatus: 'ENABLED' });
});

test('what a kill left between a table and its stream is mended at the next start', async () => {
  const arn = await createStream(db);
  await put(db, 'a');
  await db.running.close();
  const tables = openTableStore(db.world.store);
  const table = tables.find('users');
  if (!table) throw new Error('users is gone');
  tables.remove(table);
  tables.create({ ...table.record, name: 'renamed', id: '0f0e0d0c-0000-4000-8000-000000000000' });
  db = await runDynamodb(db.world.store, db.world.clock);
  expect(await describe(db, arn)).toMatchObject({ StreamStatus: 'DISABLED' });
  const mended = db.running.streams.streamOf('renamed') ?? '';
  await put(db, 'b', {}, 'renamed');
  expect(idsIn(await recordsOf(db, mended))).toEqual(['b']);
});

test('stream specifications that cannot be are refused in the service’s words', async () => {
  await createStream(db);
  const invalid = 'One or more parameter values were invalid: ';
  const refusal = (specification: object) => db.refusal('UpdateTable', { ...users, ...specification });
  const already = 'Table already has an enabled stream: TableName: users';
  expect(await refusal(enabled())).toBe(already);
  expect(await refusal(enabled('KEYS_ONLY'))).toBe(already);
  expect(await refusal({ StreamSpecification: { StreamEnabled: true } })).toBe(
    `${invalid}If stream is being enabled then UpdateViewType is required`,
  );
  const both = { StreamEnabled: false, StreamViewType: 'KEYS_ONLY' };
  expect(await refusal({ StreamSpecification: both })).toBe(
    `${invalid}If stream is being disabled, then UpdateViewType must not be specified`,
  );
  expect(await refusal({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'Fisk' } })).toContain(
    "Value 'Fisk' at 'streamSpecification.streamViewType' failed to satisfy constraint",
  );
  expect(
    await refusal({ ...disabled, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'none' } }] }),
  ).toBe(`${invalid}You cannot create or delete index while changing stream status`);
  expect(
    await refusal({ ...disabled, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }),
  ).toBe(`${invalid}You cannot modify stream status while updating table IOPS`);
  await update(disabled);
  expect(await refusal(disabled)).toBe('Table has no stream to disable: TableName: users');

  const created = (StreamSpecification: object) =>
    db.refusal('CreateTable', {
      TableName: 'more',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { ...StreamSpecification },
    });
  expect(await created({ StreamEnabled: true })).toBe(
    `${invalid}Table is being created with a stream enabled, UpdateViewType is required`,
  );
  expect(await created(both)).toBe(
    `${invalid}Table is being created with a stream disabled, UpdateViewType should not be specified`,
  );
});

test('other changes of a table leave its stream as it is', async () => {
  const arn = await createStream(db);
  await put(db, 'a');
  await update({ DeletionProtectionEnabled: true });
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'until' };
  await db.call('UpdateTimeToLive', { ...users, TimeToLiveSpecification });
  await put(db, 'b');
  expect(await describeTable()).toMatchObject({ LatestStreamArn: arn });
  expect(idsIn(await recordsOf(db, arn))).toEqual(['a', 'b']);
});

test('the project gives a table a stream, another view means another stream, and takes it away', async () => {
  const resource: TableResource = {
    kind: 'table',
    name: 'users',
    attributes: { id: 'S' },
    key: { hash: 'id' },
    globalIndexes: [],
    localIndexes: [],
    billingMode: 'PAY_PER_REQUEST',
  };
  const apply = async (streamView?: TableResource['streamView']) => {
    await db.running.apply([{ ...resource, ...(streamView && { streamView }) }], []);
    return db.running.streams.streamOf('users');
  };
  expect(await apply()).toBeUndefined();
  const first = await apply('KEYS_ONLY');
  expect(await apply('KEYS_ONLY')).toBe(first);
  await put(db, 'a');
  const second = await apply('NEW_IMAGE');
  expect(second).not.toBe(first);
  await put(db, 'b');
  expect(await apply()).toBeUndefined();
  await put(db, 'c');
  expect(idsIn(await recordsOf(db, first ?? ''))).toEqual(['a']);
  expect(idsIn(await recordsOf(db, second ?? ''))).toEqual(['b']);
  expect(await describeTable()).toMatchObject({ LatestStreamArn: second });
  expect(db.world.notices).toEqual([]);
});
