import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonApi } from '../../../../src/model/service-api.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';
import {
  callStreams,
  createStream,
  describe,
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

const fill = async (count: number, more = {}) => {
  for (let i = 0; i < count; i++) await put(db, String(i), more);
};

test('the API stands beside that of the tables, under a target of its own', () => {
  const [api] = db.running.furtherApis ?? [];
  expect(api).toMatchObject({
    protocol: 'json',
    service: 'dynamodb',
    targetPrefix: 'DynamoDBStreams_20120810',
    jsonVersion: '1.0',
  });
  const { targetOf } = api as JsonApi;
  const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/users/stream/2026-01-01T00:00:00.000';
  expect(targetOf?.({ TableName: 'users' })).toBe('users');
  expect(targetOf?.({ StreamArn: arn })).toBe('users');
  expect(targetOf?.({ ShardIterator: `${arn}|1|abc` })).toBe('users');
  expect(targetOf?.({ StreamArn: 7 })).toBeUndefined();
});

test('streams are listed page by page, all of them or those of one table', async () => {
  const arns: string[] = [];
  for (const table of ['ccc', 'aaa', 'bbb']) arns.push(await createStream(db, 'KEYS_ONLY', table));
  arns.sort();
  const first = await callStreams(db, 'ListStreams', { Limit: 2 });
  expect(first).toEqual({
    Streams: ['aaa', 'bbb'].map((TableName, i) => ({
      TableName,
      StreamArn: arns[i],
      StreamLabel: arns[i]?.split('/').at(-1),
    })),
    LastEvaluatedStreamArn: arns[1],
  });
  const rest = { Limit: 2, ExclusiveStartStreamArn: arns[1] ?? '' };
  expect(await callStreams(db, 'ListStreams', rest)).toMatchObject({ Streams: [{ TableName: 'ccc' }] });
  expect(await callStreams(db, 'ListStreams', rest)).not.toHaveProperty('LastEvaluatedStreamArn');
  expect(await callStreams(db, 'ListStreams', { TableName: 'bbb' })).toMatchObject({
    Streams: [{ TableName: 'bbb' }],
  });
  expect(await callStreams(db, 'ListStreams', { TableName: 'none' })).toEqual({ Streams: [] });
});

test('a stream has one shard, open as long as the stream is enabled', async () => {
  const arn = await createStream(db, 'NEW_IMAGE');
  expect(arn).toMatch(
    /^arn:aws:dynamodb:eu-west-1:000000000000:table\/users\/stream\/2026-01-01T00:00:00\.\d{3}$/,
  );
  expect(await describe(db, arn)).toEqual({
    StreamArn: arn,
    StreamLabel: arn.split('/').at(-1),
    StreamStatus: 'ENABLED',
    StreamViewType: 'NEW_IMAGE',
    CreationRequestDateTime: expect.closeTo(1767225600, 1),
    TableName: 'users',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    Shards: [
      {
        ShardId: expect.stringMatching(/^shardId-0000000176722560\d{4}-[0-9a-f]{8}$/),
        SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{21}$/) },
      },
    ],
  });
  const { ShardId } = await shardOf(db, arn);
  expect((await describe(db, arn, { ExclusiveStartShardId: ShardId })).Shards).toEqual([]);
  expect((await describe(db, arn, { Limit: 1 })).Shards).toHaveLength(1);
  const ShardFilter = { Type: 'CHILD_SHARDS', ShardId };
  expect((await describe(db, arn, { ShardFilter })).Shards).toEqual([]);
});

test('each kind of iterator begins where it says', async () => {
  const arn = await createStream(db);
  const early = await iteratorOf(db, arn, { ShardIteratorType: 'LATEST' });
  await fill(4);
  const records = await recordsOf(db, arn);
  const from = async (ShardIteratorType: string, SequenceNumber?: string) => {
    const iterator = await iteratorOf(db, arn, {
      ShardIteratorType,
      ...(SequenceNumber && { SequenceNumber }),
    });
    return idsIn((await page(db, iterator)).Records);
  };
  const third = records[2]?.dynamodb.SequenceNumber;
  const last = records[3]?.dynamodb.SequenceNumber;
  const { StartingSequenceNumber: start } = (await shardOf(db, arn)).SequenceNumberRange;
  expect(await from('TRIM_HORIZON')).toEqual(['0', '1', '2', '3']);
  expect(await from('LATEST')).toEqual([]);
  expect(await from('AT_SEQUENCE_NUMBER', third)).toEqual(['2', '3']);
  expect(await from('AFTER_SEQUENCE_NUMBER', third)).toEqual(['3']);
  expect(await from('AFTER_SEQUENCE_NUMBER', last)).toEqual([]);
  expect(await from('AT_SEQUENCE_NUMBER', start)).toEqual(['0', '1', '2', '3']);
  expect(await from('AFTER_SEQUENCE_NUMBER', start)).toEqual(['0', '1', '2', '3']);
  expect(idsIn((await page(db, early)).Records)).toEqual(['0', '1', '2', '3']);
});

test('iterators lead from page to page, and on to what is written later', async () => {
  const arn = await createStream(db);
  await fill(5);
  const one = await page(db, await iteratorOf(db, arn), { Limit: 3 });
  const two = await page(db, one.NextShardIterator ?? '', { Limit: 3 });
  const none = await page(db, two.NextShardIterator ?? '');
  await put(db, 'later');
  const three = await page(db, none.NextShardIterator ?? '');
  expect([one, two, none, three].map(({ Records }) => idsIn(Records))).toEqual([
    ['0', '1', '2'],
    ['3', '4'],
    [],
    ['later'],
  ]);
  // The same iterator reads the same again.
  expect(await page(db, one.NextShardIterator ?? '', { Limit: 2 })).toMatchObject({ Records: two.Records });
});

test('a page holds a thousand records and a megabyte at most', async () => {
  const arn = await createStream(db, 'NEW_IMAGE');
  await fill(9, { text: { S: 'x'.repeat(200_000) } });
  const one = await page(db, await iteratorOf(db, arn));
  expect(idsIn(one.Records)).toEqual(['0', '1', '2', '3', '4']);
  expect(idsIn((await page(db, one.NextShardIterator ?? '')).Records)).toEqual(['5', '6', '7', '8']);
  const small = await createStream(db, 'KEYS_ONLY', 'small');
  for (let batch = 0; batch < 41; batch++)
    await db.call('BatchWriteItem', {
      RequestItems: {
        small: Array.from({ length: 25 }, (_, i) => ({
          PutRequest: { Item: { id: { S: `${batch}/${i}` } } },
        })),
      },
    });
  expect(await recordsOf(db, small)).toHaveLength(1000);
});

test('an iterator is good for fifteen minutes', async () => {
  const arn = await createStream(db);
  const iterator = await iteratorOf(db, arn);
  await db.world.clock.advance(15 * 60_000);
  expect(await page(db, iterator)).toMatchObject({ Records: [] });
  await db.world.clock.advance(1);
  const refusal = await refusedStreams(db, 'GetRecords', { ShardIterator: iterator });
  expect(refusal).toBe('ExpiredIteratorException: Shard iterator has expired');
});

test('the ARN a template writes before there is a stream leads to the latest one', async () => {
  const arn = await createStream(db);
  await put(db, 'a');
  const written = 'arn:aws:dynamodb:eu-west-1:000000000000:table/users/stream/2026-01-01T00:00:00.000';
  expect(written).not.toBe(arn);
  expect((await describe(db, written)).StreamArn).toBe(arn);
  expect(idsIn(await recordsOf(db, written))).toEqual(['a']);
  expect(db.running.streams.newest(written)).toBe(1);
});

test('requests that cannot be are refused', async () => {
  const arn = await createStream(db);
  await fill(1);
  const { ShardId } = await shardOf(db, arn);
  const refused = (operation: string, input: object) => refusedStreams(db, operation, { ...input });
  const gone = 'arn:aws:dynamodb:eu-west-1:000000000000:table/users/stream/2015-05-20T20:51:10.252';
  const notFound = `ResourceNotFoundException: Requested resource not found: Stream: ${gone} not found`;
  expect(await refused('DescribeStream', { StreamArn: gone })).toBe(notFound);
  expect(await refused('DescribeStream', { StreamArn: 'fake-stream' })).toBe('Invalid StreamArn');
  expect(await refused('DescribeStream', {})).toBe(
    "1 validation error detected: Value null at 'streamArn' failed to satisfy constraint: Member must not be null",
  );
  expect(await refused('DescribeStream', { StreamArn: arn, Limit: 101 })).toBe(
    'One or more parameter values were invalid: Limit should be less than or equal to 100',
  );
  expect(await refused('DescribeStream', { StreamArn: arn, ShardFilter: { Type: 'ALL' } })).toContain(
    "Value 'ALL' at 'shardFilter.type' failed to satisfy constraint: Member must satisfy enum value set: [CHILD_SHARDS]",
  );
  for (const [member, rest] of [
    ['type', { ShardId }],
    ['shardId', { Type: 'CHILD_SHARDS' }],
  ] as const)
    expect(await refused('DescribeStream', { StreamArn: arn, ShardFilter: rest })).toContain(
      `Value null at 'shardFilter.${member}' failed to satisfy constraint: Member must not be null`,
    );
  expect(await refused('ListStreams', { Limit: 0 })).toBe(
    "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  );
  expect(await refused('ListStreams', { Limit: 101 })).toContain('Limit should be less than or equal to 100');
  expect(await refused('ListStreams', { ExclusiveStartStreamArn: 'x'.repeat(40) })).toBe('Invalid StreamArn');

  const iterator = { StreamArn: arn, ShardId, ShardIteratorType: 'LATEST' };
  const [record] = await recordsOf(db, arn);
  const SequenceNumber = record?.dynamodb.SequenceNumber ?? '';
  expect(await refused('GetShardIterator', { ...iterator, StreamArn: gone })).toBe(notFound);
  expect(await refused('GetShardIterator', { ...iterator, ShardId: `${ShardId.slice(0, -1)}_` })).toBe(
    'ResourceNotFoundException: Requested resource not found: Shard does not exist',
  );
  expect(await refused('GetShardIterator', { ...iterator, ShardId: 'short' })).toContain(
    "Value 'short' at 'shardId' failed to satisfy constraint: Member must have length greater than or equal to 28",
  );
  expect(await refused('GetShardIterator', { ...iterator, ShardIteratorType: 'bulle' })).toContain(
    "Value 'bulle' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set",
  );
  expect(await refused('GetShardIterator', { ...iterator, SequenceNumber })).toContain(
    'SequenceNumber must not be',
  );
  expect(
    await refused('GetShardIterator', { ...iterator, ShardIteratorType: 'AT_SEQUENCE_NUMBER' }),
  ).toContain('SequenceNumber must be specified');
  for (const wrong of ['9'.repeat(21), '1'.repeat(22), 'x'.repeat(30)])
    expect(
      await refused('GetShardIterator', {
        ...iterator,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: wrong,
      }),
    ).toBe('Invalid SequenceNumber');

  const ShardIterator = await iteratorOf(db, arn);
  expect(await refused('GetRecords', { ShardIterator, Limit: 1001 })).toBe(
    'One or more parameter values were invalid: Limit should be less than or equal to 1000',
  );
  expect(await refused('GetRecords', { ShardIterator, Limit: 0 })).toContain('greater than or equal to 1');
  for (const wrong of ['nonsense', `${arn}|1|nonsense`, `${arn}|2|MS8x`])
    expect(await refused('GetRecords', { ShardIterator: wrong })).toBe('Invalid ShardIterator');
});

test('what is written is told to those who listen, once for each stream of a commit', async () => {
  const arn = await createStream(db);
  const other = await createStream(db, 'KEYS_ONLY', 'others');
  await db.call('CreateTable', tableInput('plain', 'id:S'));
  const told: [string, number][] = [];
  const stop = db.running.streams.onAppend((streamArn) => {
    told.push([streamArn, db.running.streams.newest(streamArn)]);
  });
  const Put = (TableName: string, id: string) => ({ Put: { TableName, Item: { id: { S: id } } } });
  await db.call('TransactWriteItems', {
    TransactItems: [Put('users', 'a'), Put('users', 'b'), Put('others', 'c'), Put('plain', 'd')],
  });
  await put(db, 'x', {}, 'plain');
  await put(db, 'a');
  expect(told).toEqual([
    [arn, 2],
    [other, 1],
  ]);
  stop();
  await put(db, 'c');
  expect(told).toHaveLength(2);
  const read = (after: number, limit: number) =>
    db.running.streams.read(arn, after, limit).map(({ sequence, at }) => [sequence, at]);
  const at = db.world.clock.now();
  expect(read(0, 10)).toEqual([
    [1, at],
    [2, at],
    [3, at],
  ]);
  expect(read(1, 1)).toEqual([[2, at]]);
  expect(read(3, 10)).toEqual([]);
  expect(db.running.streams.read(arn, 0, 10, 1)).toHaveLength(1);
  expect(db.running.streams.read('arn:nothing', 0, 1)).toEqual([]);
});
