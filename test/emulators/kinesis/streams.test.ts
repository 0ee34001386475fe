/** Streams: where records go and in which order they come, resharding, retention, consumers; what survives and what is refused. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { makeWorld } from '../world.ts';
import { base64, type RunningKinesis, runKinesis, shardId } from './running-kinesis.ts';

const HOUR_MS = 3_600_000;

let kinesis: RunningKinesis;
beforeEach(async () => {
  kinesis = await runKinesis();
  await kinesis.call('CreateStream', { StreamName: 's', ShardCount: 1 });
});
afterEach(async () => {
  await kinesis.emulator.close();
  await kinesis.world.store.close();
});

const shardsOf = async (StreamName: string, more: JsonObject = {}) =>
  (await kinesis.call('ListShards', { StreamName, ...more })).Shards as JsonObject[];
const idsOf = (shards: JsonObject[]) => shards.map(({ ShardId }) => String(ShardId).slice(-1)).join('');

test('records of a shard are read in the order they were put', async () => {
  const first = await kinesis.put('s', 'one');
  expect(first).toMatchObject({ ShardId: shardId(0), SequenceNumber: expect.stringMatching(/^49\d{54}$/) });
  const { FailedRecordCount, Records: records } = await kinesis.call('PutRecords', {
    StreamName: 's',
    Records: ['two', 'three'].map((data) => ({ Data: base64(data), PartitionKey: 'k' })),
  });
  expect(FailedRecordCount).toBe(0);
  const numbers = [first, ...(records as JsonObject[])].map(({ SequenceNumber }) =>
    BigInt(String(SequenceNumber)),
  );
  expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
  expect(await kinesis.read('s')).toEqual(['one', 'two', 'three']);
});

test('the partition key decides the shard, unless a hash key does', async () => {
  await kinesis.call('CreateStream', { StreamName: 'three', ShardCount: 3 });
  const shardOf = async (more: JsonObject) => (await kinesis.put('three', 'x', more)).ShardId;
  // MD5 of "a" begins with 0c, of "b" with 92, of "e" with e1.
  expect(await shardOf({ PartitionKey: 'a' })).toBe(shardId(0));
  expect(await shardOf({ PartitionKey: 'b' })).toBe(shardId(1));
  expect(await shardOf({ PartitionKey: 'e' })).toBe(shardId(2));
  expect(await shardOf({ PartitionKey: 'e', ExplicitHashKey: '0' })).toBe(shardId(0));
  const most = (2n ** 128n).toString();
  await expect(shardOf({ ExplicitHashKey: most })).rejects.toMatchObject({
    code: 'InvalidArgumentException',
  });
});

test('iterators begin where they are asked to', async () => {
  const { world, put, read } = kinesis;
  await put('s', 'one');
  await world.clock.advance(5000);
  const at = world.clock.now() / 1000;
  const { SequenceNumber: StartingSequenceNumber = '' } = await put('s', 'two');
  await put('s', 'three');
  const from = (ShardIteratorType: string, more: JsonObject = {}) =>
    read('s', 0, { ShardIteratorType, ...more });
  expect(await from('AT_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['two', 'three']);
  expect(await from('AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['three']);
  expect(await from('AT_TIMESTAMP', { Timestamp: at })).toEqual(['two', 'three']);
  expect(await from('AT_TIMESTAMP', { Timestamp: at - 5 })).toHaveLength(3);
  expect(await from('LATEST')).toEqual([]);
  await expect(from('LATEST', { StartingSequenceNumber })).rejects.toThrow(/also a StartingSequenceNumber/);
  await expect(from('AT_TIMESTAMP', { Timestamp: at + 1 })).rejects.toThrow(/cannot be greater/);
});

test('a reader is told how far behind it is, and its iterator expires', async () => {
  const { world, call, put } = kinesis;
  await put('s', 'one');
  await world.clock.advance(2000);
  await put('s', 'two');
  const { ShardIterator = '' } = await call('GetShardIterator', {
    ...{ StreamName: 's', ShardId: shardId(0), ShardIteratorType: 'TRIM_HORIZON' },
  });
  const first = await call('GetRecords', { ShardIterator, Limit: 1 });
  expect(first).toMatchObject({ MillisBehindLatest: 2000, Records: [{ Data: base64('one') }] });
  const second = await call('GetRecords', { ShardIterator: first.NextShardIterator ?? '' });
  expect(second).toMatchObject({ MillisBehindLatest: 0, Records: [{ Data: base64('two') }] });
  await world.clock.advance(300_001);
  const late = call('GetRecords', { ShardIterator: second.NextShardIterator ?? '' });
  await expect(late).rejects.toMatchObject({ code: 'ExpiredIteratorException' });
  await expect(call('GetRecords', { ShardIterator: 'nonsense' })).rejects.toThrow('Invalid ShardIterator.');
});

test('a shard that is split ends, and its reader is told of the children', async () => {
  const { call, put, read } = kinesis;
  await put('s', 'before');
  const middle = (2n ** 127n).toString();
  await call('SplitShard', { StreamName: 's', ShardToSplit: shardId(0), NewStartingHashKey: middle });
  expect(await put('s', 'after', { ExplicitHashKey: middle })).toMatchObject({ ShardId: shardId(2) });
  expect(await read('s', 0)).toEqual(['before']);
  expect(await read('s', 2)).toEqual(['after']);
  const { ShardIterator = '' } = await call('GetShardIterator', {
    ...{ StreamName: 's', ShardId: shardId(0), ShardIteratorType: 'TRIM_HORIZON' },
  });
  const end = await call('GetRecords', { ShardIterator });
  expect(end.NextShardIterator).toBeUndefined();
  expect(end.ChildShards).toMatchObject([
    { ShardId: shardId(1), ParentShards: [shardId(0)] },
    { ShardId: shardId(2) },
  ]);
  await call('MergeShards', { StreamName: 's', ShardToMerge: shardId(1), AdjacentShardToMerge: shardId(2) });
  const shards = await shardsOf('s');
  expect(shards.at(-1)).toMatchObject({ ParentShardId: shardId(1), AdjacentParentShardId: shardId(2) });
  expect(idsOf(await shardsOf('s', { ShardFilter: { Type: 'AT_LATEST' } }))).toBe('3');
  expect(idsOf(await shardsOf('s', { ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: shardId(1) } }))).toBe(
    '23',
  );
  expect(idsOf(await shardsOf('s', { ShardFilter: { Type: 'AT_TRIM_HORIZON' } }))).toBe('0');
});

test('the number of shards is doubled or halved at most, and the keys are shared out evenly', async () => {
  const { call } = kinesis;
  const update = (TargetShardCount: number) =>
    call('UpdateShardCount', { StreamName: 's', TargetShardCount, ScalingType: 'UNIFORM_SCALING' });
  await expect(update(3)).rejects.toMatchObject({ code: 'LimitExceededException' });
  expect(await update(2)).toMatchObject({ CurrentShardCount: 1, TargetShardCount: 2 });
  const open = await shardsOf('s', { ShardFilter: { Type: 'AT_LATEST' } });
  expect(open).toMatchObject([
    { HashKeyRange: { StartingHashKey: '0' } },
    { HashKeyRange: { StartingHashKey: (2n ** 127n).toString() } },
  ]);
});

test('records go when they are older than the retention, and not before', async () => {
  const { world, call, put, read } = kinesis;
  await put('s', 'old');
  await world.clock.advance(23 * HOUR_MS);
  await put('s', 'young');
  expect(await read('s')).toEqual(['old', 'young']);
  await world.clock.advance(HOUR_MS);
  expect(await read('s')).toEqual(['young']);
  await world.clock.advance(2000);
  expect(world.store.map('kinesis-records', { keys: 'bytes', values: 'bytes' }).count()).toBe(1);
  await call('IncreaseStreamRetentionPeriod', { StreamName: 's', RetentionPeriodHours: 48 });
  await world.clock.advance(30 * HOUR_MS);
  expect(await read('s')).toEqual(['young']);
  await call('DecreaseStreamRetentionPeriod', { StreamName: 's', RetentionPeriodHours: 24 });
  expect(await read('s')).toEqual([]);
  // Its number is not given to another record.
  const { SequenceNumber } = await put('s', 'next');
  expect(
    await read('s', 0, {
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: SequenceNumber ?? '',
    }),
  ).toEqual(['next']);
});

test('streams, records and the count of them are there in a later session', async () => {
  const { world } = kinesis;
  const first = await kinesis.put('s', 'one');
  await kinesis.call('IncreaseStreamRetentionPeriod', { StreamName: 's', RetentionPeriodHours: 30 });
  await kinesis.emulator.close();
  kinesis = await runKinesis(makeWorld(world.store, world.clock));
  const second = await kinesis.put('s', 'two');
  expect(BigInt(String(second.SequenceNumber))).toBeGreaterThan(BigInt(String(first.SequenceNumber)));
  expect(await kinesis.read('s')).toEqual(['one', 'two']);
  const { StreamDescriptionSummary: summary } = await kinesis.call('DescribeStreamSummary', {
    StreamName: 's',
  });
  expect(summary).toMatchObject({ RetentionPeriodHours: 30, OpenShardCount: 1, StreamStatus: 'ACTIVE' });
});

test('consumers are registered, shown, and go with their stream', async () => {
  const { call } = kinesis;
  const { StreamDescription: stream } = await call('DescribeStream', { StreamName: 's' });
  const StreamARN = String((stream as JsonObject).StreamARN);
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'c' });
  expect(Consumer).toMatchObject({
    ConsumerStatus: 'ACTIVE',
    ConsumerARN: expect.stringContaining(`${StreamARN}/consumer/c:`),
  });
  const again = call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'c' });
  await expect(again).rejects.toMatchObject({ code: 'ResourceInUseException' });
  expect((await call('ListStreamConsumers', { StreamARN })).Consumers).toHaveLength(1);
  await expect(call('DeleteStream', { StreamName: 's' })).rejects.toMatchObject({
    code: 'ResourceInUseException',
  });
  await call('DeleteStream', { StreamARN, EnforceConsumerDeletion: true });
  await call('CreateStream', { StreamName: 's', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  expect((await call('ListStreamConsumers', { StreamARN })).Consumers).toEqual([]);
  expect(await shardsOf('s')).toHaveLength(4);
});

test('what is wrong with a request is told in the words of the service', async () => {
  const { call, put } = kinesis;
  await expect(call('DescribeStream', { StreamName: 'none' })).rejects.toThrow(
    'Stream none under account 000000000000 not found.',
  );
  await expect(put('s', 'x', { PartitionKey: '' })).rejects.toThrow(
    "1 validation error detected: Value '' at 'partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
  await expect(put('s', 'x'.repeat(1024 * 1024 + 1))).rejects.toThrow(
    /lim=1048577 .*less than or equal to 1048576/,
  );
  await expect(call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data: 'abc' })).rejects.toMatchObject({
    code: 'SerializationException',
    fields: { Message: expect.stringContaining('multiple of 4 bytes but found: 3') },
  });
  await expect(call('CreateStream', { StreamName: 's', ShardCount: 1 })).rejects.toThrow(
    'Stream s under account 000000000000 already exists.',
  );
  await expect(call('CreateStream', { StreamName: 'big', ShardCount: 20_001 })).rejects.toMatchObject({
    code: 'LimitExceededException',
  });
});

test('tags, encryption and monitoring are kept and told', async () => {
  const { call, put } = kinesis;
  await call('AddTagsToStream', { StreamName: 's', Tags: { b: '2', a: '1' } });
  expect(await call('ListTagsForStream', { StreamName: 's', Limit: 1 })).toEqual({
    Tags: [{ Key: 'a', Value: '1' }],
    HasMoreTags: true,
  });
  await call('StartStreamEncryption', { StreamName: 's', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
  expect(await put('s', 'x')).toMatchObject({ EncryptionType: 'KMS' });
  expect(
    await call('EnableEnhancedMonitoring', { StreamName: 's', ShardLevelMetrics: ['IncomingBytes'] }),
  ).toMatchObject({
    CurrentShardLevelMetrics: [],
    DesiredShardLevelMetrics: ['IncomingBytes'],
  });
  const { StreamDescription: stream } = await call('DescribeStream', { StreamName: 's' });
  expect(stream).toMatchObject({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
});
