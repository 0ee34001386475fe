/** Functions that follow streams: order, lanes, resharding, windows, filters, what is given up, what a kill leaves. */
import type { KinesisStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeliverRequest, JsonObject } from '../../../src/model/emulator.ts';
import type { StreamTrigger } from '../../../src/model/project.ts';
import { failed, makeFunction, makeWorld, ok, TRACE_ID } from '../world.ts';
import { base64, type RunningKinesis, runKinesis, shardId } from './running-kinesis.ts';

const ARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/s';
const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:000000000000:given-up';

let kinesis: RunningKinesis;
beforeEach(async () => {
  kinesis = await runKinesis();
  kinesis.world.functions = [makeFunction()];
  await kinesis.call('CreateStream', { StreamName: 's', ShardCount: 1 });
});
afterEach(async () => {
  await kinesis.emulator.close();
  await kinesis.world.store.close();
});

const makeTrigger = (overrides: Partial<StreamTrigger> = {}): StreamTrigger => ({
  kind: 'stream',
  functionId: 'worker',
  streamArn: ARN,
  batchSize: 100,
  batchWindowMs: 0,
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
  enabled: true,
  ...overrides,
});
const follow = (overrides: Partial<StreamTrigger> = {}) =>
  kinesis.emulator.apply([], [makeTrigger(overrides)]);
const rest = () => kinesis.world.clock.advance(0);
const eventOf = ({ event }: Pick<DeliverRequest, 'event'>) =>
  JSON.parse(event) as KinesisStreamEvent & JsonObject;
const textsOf = (request: Pick<DeliverRequest, 'event'>) =>
  eventOf(request).Records.map((record) => Buffer.from(record.kinesis.data, 'base64').toString());
const batches = () => kinesis.world.delivered.map(textsOf);
const putAll = (...texts: string[]) =>
  kinesis.call('PutRecords', {
    StreamName: 's',
    Records: texts.map((text) => ({ Data: base64(text), PartitionKey: text.charAt(0) })),
  });

test('a record reaches the function in the shape the cloud gives it, in the trace of who put it', async () => {
  await follow();
  const { SequenceNumber } = await kinesis.put('s', 'hello');
  await rest();
  const [request] = kinesis.world.delivered;
  if (!request) throw new Error('nothing was delivered');
  expect(eventOf(request)).toEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'k',
          sequenceNumber: SequenceNumber,
          approximateArrivalTimestamp: kinesis.world.clock.now() / 1000,
          data: base64('hello'),
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${shardId(0)}:${SequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::000000000000:role/shop-dev-worker',
        awsRegion: 'eu-west-1',
        eventSourceARN: ARN,
      },
    ],
  });
  expect(request).toMatchObject({
    origin: { traceId: TRACE_ID },
    cause: { kind: 'stream', stream: 's', records: 1, from: SequenceNumber },
  });
});

test('LATEST begins with what comes, TRIM_HORIZON with what there is, AT_TIMESTAMP in between', async () => {
  const { world, put } = kinesis;
  await put('s', 'one');
  await world.clock.advance(5000);
  const startingTimestampMs = world.clock.now();
  await put('s', 'two');
  world.functions = ['a', 'b', 'c'].map((id) => makeFunction({ id, name: id }));
  await kinesis.emulator.apply(
    [],
    [
      makeTrigger({ functionId: 'a', startingPosition: 'LATEST' }),
      makeTrigger({ functionId: 'b', startingPosition: 'TRIM_HORIZON' }),
      makeTrigger({ functionId: 'c', startingPosition: 'AT_TIMESTAMP', startingTimestampMs }),
    ],
  );
  await rest();
  await put('s', 'three');
  await rest();
  const seenBy = (id: string) =>
    world.delivered.filter(({ functionId }) => functionId === id).flatMap(textsOf);
  expect(seenBy('a')).toEqual(['three']);
  expect(seenBy('b')).toEqual(['one', 'two', 'three']);
  expect(seenBy('c')).toEqual(['two', 'three']);
});

test('the children of a shard wait until the function has read the shard to its end', async () => {
  const { world, call, put } = kinesis;
  let release = () => {};
  world.answer = (request) =>
    textsOf(request).includes('parent')
      ? new Promise((resolve) => {
          release = () => resolve(ok());
        })
      : ok();
  await follow({ batchSize: 1, startingPosition: 'LATEST' });
  await put('s', 'parent');
  await rest();
  const middle = (2n ** 127n).toString();
  await call('SplitShard', { StreamName: 's', ShardToSplit: shardId(0), NewStartingHashKey: middle });
  await put('s', 'left', { ExplicitHashKey: '0' });
  await put('s', 'right', { ExplicitHashKey: middle });
  await rest();
  expect(batches()).toEqual([['parent']]);
  release();
  await rest();
  expect(batches().slice(1).sort()).toEqual([['left'], ['right']]);
});

test('with more lanes, keys are handled at once and each in its order', async () => {
  const { world } = kinesis;
  const open = new Map<string, () => void>();
  world.answer = (request) =>
    new Promise((resolve) => {
      open.set(textsOf(request).join(), () => resolve(ok()));
    });
  await follow({ parallelizationFactor: 10, batchSize: 1 });
  await putAll('a1', 'b1', 'c1', 'a2', 'b2');
  await rest();
  expect([...open.keys()].sort()).toEqual(['a1', 'b1', 'c1']);
  open.get('a1')?.();
  await rest();
  expect([...open.keys()].sort()).toEqual(['a1', 'a2', 'b1', 'c1']);
  for (const resolve of open.values()) resolve();
  await rest();
  expect(open.has('b2')).toBe(true);
});

test('filters see the data decoded', async () => {
  await follow({ filterPatterns: ['{"data":{"kind":["wanted"]}}', '{"data":["plain"]}'] });
  await putAll('{"kind":"other"}', '{"kind":"wanted"}', 'plain', 'else');
  await rest();
  expect(batches()).toEqual([['{"kind":"wanted"}', 'plain']]);
});

test('a batch that fails is halved, then given up, and its destination is told where it is', async () => {
  const { world } = kinesis;
  world.peers.add(QUEUE_ARN);
  world.answer = (request) => (textsOf(request).includes('bad') ? failed : ok());
  await follow({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 0, onFailureArn: QUEUE_ARN });
  const { Records: put } = await putAll('good', 'bad', 'fine');
  await rest();
  expect(batches()).toEqual([['good', 'bad', 'fine'], ['good', 'bad'], ['good'], ['bad'], ['fine']]);
  const [message] = world.sent;
  const sequence = (put as JsonObject[])[1]?.SequenceNumber;
  expect(JSON.parse(message?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    version: '1.0',
    KinesisBatchInfo: {
      shardId: shardId(0),
      startSequenceNumber: sequence,
      endSequenceNumber: sequence,
      batchSize: 1,
      streamArn: ARN,
    },
  });
});

test('a partial response goes on with the record it names', async () => {
  const { world } = kinesis;
  const answers = [
    (request: DeliverRequest) =>
      ok({ batchItemFailures: [{ itemIdentifier: eventOf(request).Records[1]?.kinesis.sequenceNumber }] }),
  ];
  world.answer = (request) => answers.shift()?.(request) ?? ok();
  await follow({ reportBatchItemFailures: true });
  await putAll('a', 'b', 'c');
  await rest();
  await world.clock.advance(1000);
  expect(batches()).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
  ]);
});

test('a function goes on where it was in a later session, in the children of shards too', async () => {
  const { world } = kinesis;
  await follow();
  await putAll('a');
  await rest();
  await kinesis.emulator.close();
  kinesis = await runKinesis(makeWorld(world.store, world.clock));
  kinesis.world.functions = [makeFunction()];
  await kinesis.call('SplitShard', {
    ...{ StreamName: 's', ShardToSplit: shardId(0), NewStartingHashKey: '1000' },
  });
  await putAll('b');
  await follow({ startingPosition: 'LATEST' });
  await rest();
  expect(batches()).toEqual([['b']]);
});

test('a window hands the function its state, and ends with the time it is about', async () => {
  const { world, put } = kinesis;
  world.answer = (request) => {
    const { state, Records: records } = eventOf(request);
    return ok({ state: { count: Number((state as JsonObject).count ?? 0) + records.length } });
  };
  const start = Math.ceil(world.clock.now() / 60_000) * 60_000;
  await world.clock.advance(start - world.clock.now());
  await follow({ tumblingWindowMs: 60_000 });
  await put('s', 'one');
  await rest();
  await world.clock.advance(10_000);
  await put('s', 'two');
  await rest();
  const told = () =>
    world.delivered.map((request) => {
      const { state, isFinalInvokeForWindow: isFinal, Records: records } = eventOf(request);
      return [records.length, state, isFinal];
    });
  expect(told()).toEqual([
    [1, {}, false],
    [1, { count: 1 }, false],
  ]);
  await world.clock.advance(50_000);
  expect(told().slice(2)).toEqual([[0, { count: 2 }, true]]);
  const { Records: _, state: __, ...window } = eventOf(world.delivered[2] ?? { event: '{}' });
  expect(window).toEqual({
    window: { start: secondsText(start), end: secondsText(start + 60_000) },
    shardId: shardId(0),
    eventSourceARN: ARN,
    isFinalInvokeForWindow: true,
    isWindowTerminatedEarly: false,
  });
  await put('s', 'three');
  await rest();
  expect(told().slice(3)).toEqual([[1, {}, false]]);
});

test('the state of an open window is there in a later session', async () => {
  const { world, put } = kinesis;
  world.answer = () => ok({ state: { kept: true } });
  await follow({ tumblingWindowMs: 900_000 });
  await put('s', 'one');
  await rest();
  await kinesis.emulator.close();
  kinesis = await runKinesis(makeWorld(world.store, world.clock));
  await kinesis.put('s', 'two');
  await follow({ tumblingWindowMs: 900_000 });
  await rest();
  expect(kinesis.world.delivered.map((request) => [textsOf(request), eventOf(request).state])).toEqual([
    [['two'], { kept: true }],
  ]);
});

test('a state that has become too large ends its window early', async () => {
  const { world, put } = kinesis;
  world.answer = (request) =>
    ok({ state: eventOf(request).Records.length > 0 ? 'x'.repeat(1024 * 1024) : {} });
  await follow({ tumblingWindowMs: 60_000 });
  await put('s', 'one');
  await rest();
  expect(eventOf(world.delivered[1] ?? { event: '{}' })).toMatchObject({
    ...{ Records: [], isFinalInvokeForWindow: true, isWindowTerminatedEarly: true },
  });
});

test('streams of the project are made and brought to what it says; others that are followed are made too', async () => {
  const { world, call, emulator } = kinesis;
  const stream = {
    kind: 'stream',
    name: 'mine',
    mode: 'PROVISIONED',
    shardCount: 2,
    retentionHours: 48,
  } as const;
  const other = makeTrigger({ streamArn: ARN.replace('/s', '/other') });
  await emulator.apply([stream], [other]);
  const summary = async () =>
    (await call('DescribeStreamSummary', { StreamName: 'mine' })).StreamDescriptionSummary;
  expect(await summary()).toMatchObject({ OpenShardCount: 2, RetentionPeriodHours: 48 });
  expect(world.notices.join()).toContain('the stream other is followed but is not in the project');
  await emulator.apply([{ ...stream, shardCount: 3 }], []);
  expect(await summary()).toMatchObject({ OpenShardCount: 3 });
});

test('a stream that is made again is followed from its beginning', async () => {
  const { call, put } = kinesis;
  await follow({ startingPosition: 'LATEST' });
  await put('s', 'old');
  await rest();
  await call('DeleteStream', { StreamName: 's' });
  await call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await put('s', 'new');
  await rest();
  expect(batches()).toEqual([['old'], ['new']]);
});

test('a snapshot that is restored takes records, streams and places back', async () => {
  const { world, emulator, put, read } = kinesis;
  const rows = () => ({
    positions: [...world.store.map('kinesis-triggers').range()],
    streams: [...world.store.map('kinesis-streams').range()],
    records: [...world.store.map('kinesis-records', { keys: 'bytes', values: 'bytes' }).range()],
  });
  await follow();
  await put('s', 'one');
  await rest();
  const saved = rows();
  await put('s', 'two');
  await rest();
  for (const [name, entries] of [
    ['kinesis-triggers', saved.positions],
    ['kinesis-streams', saved.streams],
  ] as const) {
    world.store.map(name).clear();
    for (const { key, value } of entries) world.store.map(name).put(key, value);
  }
  const records = world.store.map('kinesis-records', { keys: 'bytes', values: 'bytes' });
  records.clear();
  for (const { key, value } of saved.records) records.put(key, value);
  emulator.reload?.();
  await follow();
  expect(await read('s')).toEqual(['one']);
  await put('s', 'three');
  await rest();
  expect(batches()).toEqual([['one'], ['two'], ['three']]);
});

test('what another service sends becomes a record, where there is such a stream', async () => {
  const { emulator, read } = kinesis;
  expect(emulator.accept?.({ arn: ARN, body: 'from a rule', partitionKey: 'p' })).toBe(true);
  expect(await read('s')).toEqual(['from a rule']);
  expect(emulator.accept?.({ arn: `${ARN}2`, body: '' })).toBe(false);
});

const secondsText = (epochMs: number) => new Date(epochMs).toISOString().replace('.000Z', 'Z');
