/** Kinesis through the clients people use: SDK v3 as it comes (HTTP/2), CBOR 1.1, and awscli. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../../emulators/_wire/cbor.ts';
import { kinesis } from '../../../emulators/kinesis/index.ts';
import type { RunningEmulator } from '../../../src/model/emulator.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';

/** Each call of the command starts an interpreter. */
const MANY_CALLS_MS = 180_000;

let world: World;
let emulator: RunningEmulator;
let running: RunningEndpoint;
let client: v3.KinesisClient;
beforeAll(async () => {
  world = makeWorld();
  emulator = await kinesis.start({ ...world.context, clock: makeSystemClock() });
  const { api } = emulator;
  running = await startTestEndpoint(() => (api ? [api] : []));
  client = new v3.KinesisClient({
    ...{ endpoint: running.url, region: 'eu-west-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  client.destroy();
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  await emulator.close();
  await world.store.close();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

test('SDK v3 makes a stream, puts records and reads them back', async () => {
  const StreamName = 'orders';
  await client.send(new v3.CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await v3.waitUntilStreamExists({ client, maxWaitTime: 20 }, { StreamName });
  const put = await client.send(
    new v3.PutRecordCommand({ StreamName, PartitionKey: 'a', Data: bytes('ünö') }),
  );
  const { Records = [] } = await client.send(
    new v3.PutRecordsCommand({
      StreamName,
      Records: [
        { PartitionKey: 'a', Data: bytes('two') },
        { PartitionKey: 'x', ExplicitHashKey: '0', Data: bytes('other shard') },
      ],
    }),
  );
  expect(Records.map(({ ShardId }) => ShardId)).toContain('shardId-000000000000');
  const { ShardIterator } = await client.send(
    new v3.GetShardIteratorCommand({ StreamName, ShardId: put.ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const read = await client.send(new v3.GetRecordsCommand({ ShardIterator }));
  expect(read.Records?.map(({ Data }) => text(Data)).slice(0, 2)).toEqual(['ünö', 'two']);
  expect(read.Records?.[0]?.ApproximateArrivalTimestamp).toBeInstanceOf(Date);
  expect(read.MillisBehindLatest).toBe(0);
  const none = client.send(new v3.DescribeStreamCommand({ StreamName: 'none' }));
  await expect(none).rejects.toBeInstanceOf(v3.ResourceNotFoundException);
});

test('SDK v3 subscribes to a shard and gets records as they are put, until the shard ends', async () => {
  const StreamName = 'pushed';
  await client.send(new v3.CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const { StreamDescriptionSummary: summary } = await client.send(
    new v3.DescribeStreamSummaryCommand({ StreamName }),
  );
  const { Consumer } = await client.send(
    new v3.RegisterStreamConsumerCommand({ StreamARN: summary?.StreamARN, ConsumerName: 'fast' }),
  );
  const { EventStream } = await client.send(
    new v3.SubscribeToShardCommand({
      ConsumerARN: Consumer?.ConsumerARN,
      ShardId: 'shardId-000000000000',
      StartingPosition: { Type: 'LATEST' },
    }),
  );
  const put = (data: string) =>
    client.send(new v3.PutRecordCommand({ StreamName, PartitionKey: 'a', Data: bytes(data) }));
  const got: string[] = [];
  let children: unknown;
  for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
    got.push(...(event?.Records ?? []).map(({ Data }) => text(Data)));
    children = event?.ChildShards ?? children;
    if (got.length === 0) await put('one');
    else if (!children)
      await client.send(
        new v3.SplitShardCommand({
          StreamName,
          ShardToSplit: 'shardId-000000000000',
          NewStartingHashKey: '1000',
        }),
      );
  }
  expect(got).toEqual(['one']);
  expect(children).toMatchObject([{ ShardId: 'shardId-000000000001' }, { ShardId: 'shardId-000000000002' }]);
});

test('CBOR 1.1 is answered in CBOR, bytes as bytes and times in milliseconds', async () => {
  const call = async (operation: string, body: Buffer) => {
    const response = await fetch(running.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-cbor-1.1',
        'x-amz-target': `Kinesis_20131202.${operation}`,
      },
      body,
    });
    expect(response.headers.get('content-type')).toBe('application/x-amz-cbor-1.1');
    return Buffer.from(await response.arrayBuffer());
  };
  const members = { blobs: new Set(['Data']), timestamps: new Set<string>() };
  const encode = (value: Parameters<typeof encodeCbor>[0]) => encodeCbor(value, members);
  await call('CreateStream', encode({ StreamName: 'cbor', ShardCount: 1 }));
  await call('PutRecord', encode({ StreamName: 'cbor', PartitionKey: 'k', Data: 'AP8=' }));
  const { ShardIterator } = decodeCbor(
    await call(
      'GetShardIterator',
      encode({ StreamName: 'cbor', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }),
    ),
  ) as { ShardIterator: string };
  const answer = await call('GetRecords', encode({ ShardIterator }));
  expect(answer.includes(Buffer.from([0x42, 0x00, 0xff]))).toBe(true);
  expect(decodeCbor(answer, 1000)).toMatchObject({
    Records: [
      { Data: 'AP8=', PartitionKey: 'k', ApproximateArrivalTimestamp: expect.closeTo(Date.now() / 1000, -2) },
    ],
  });
  expect(decodeCbor(await call('DescribeStream', encode({ StreamName: 'none' })))).toMatchObject({
    __type: 'ResourceNotFoundException',
  });
});

await describeWithTool('awscli', 'awscli', (program) => {
  test(
    'awscli puts and reads a record',
    async () => {
      const aws = async (...args: string[]) => {
        const { stdout } = await promisify(execFile)(
          program,
          ['--endpoint-url', running.url, '--region', 'eu-west-1', '--output', 'json', 'kinesis', ...args],
          {
            env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' },
          },
        );
        return stdout === '' ? {} : JSON.parse(stdout);
      };
      await aws('create-stream', '--stream-name', 'cli', '--shard-count', '1');
      const data = 'from the cli';
      await aws('put-record', '--stream-name', 'cli', '--partition-key', 'k', '--data', data);
      const { ShardIterator } = await aws(
        ...['get-shard-iterator', '--stream-name', 'cli', '--shard-id', '0'],
        ...['--shard-iterator-type', 'TRIM_HORIZON'],
      );
      const { Records } = await aws('get-records', '--shard-iterator', ShardIterator);
      expect(Records).toMatchObject([{ Data: Buffer.from(data).toString('base64'), PartitionKey: 'k' }]);
    },
    MANY_CALLS_MS,
  );
});
