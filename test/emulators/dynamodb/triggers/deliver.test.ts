import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeliverRequest } from '../../../../src/model/emulator.ts';
import type { Outcome } from '../../../../src/model/invocation.ts';
import type { JsonApi } from '../../../../src/model/service-api.ts';
import { failed, makeFunction, ok, TRACE_ID } from '../../world.ts';
import { type Following, follow, idsOf, otherCall, QUEUE_ARN, recordsOf } from './following.ts';

let world: Following;
beforeEach(async () => {
  world = await follow();
});
afterEach(async () => {
  await world.running.close();
  await world.store.close();
});

/** Fails while one of these is in the batch. */
const failFor =
  (...bad: string[]) =>
  (request: DeliverRequest) =>
    idsOf(request).some((id) => bad.includes(id)) ? failed : ok();

test('a change runs the function at once, with both images and the ARN of the stream', async () => {
  await world.start();
  await world.put('a', { n: { N: '1' } });
  await world.put('a', { n: { N: '2' } });
  await world.rest();
  expect(world.delivered.flatMap(recordsOf)).toEqual([
    expect.objectContaining({ eventName: 'INSERT', eventSource: 'aws:dynamodb' }),
    expect.objectContaining({
      eventName: 'MODIFY',
      eventSourceARN: world.running.streams.streamOf('orders'),
      dynamodb: expect.objectContaining({
        OldImage: { id: { S: 'a' }, n: { N: '1' } },
        NewImage: { id: { S: 'a' }, n: { N: '2' } },
      }),
    }),
  ]);
});

test('the writer’s answer does not wait for the function', async () => {
  world.answer = () => new Promise(() => {});
  await world.start();
  await world.put('a');
  expect(world.delivered).toEqual([]);
  await world.rest();
  expect(world.batches()).toEqual([['a']]);
});

test('what comes while the function runs is its next batch, of the trigger’s size at most', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  world.answer = () => new Promise((resolve) => ends.push(resolve));
  await world.start({ batchSize: 2 });
  for (const id of ['a', 'b', 'c', 'd']) {
    await world.put(id);
    await world.rest();
  }
  expect(world.batches()).toEqual([['a']]);
  ends[0]?.(ok());
  await world.rest();
  ends[1]?.(ok());
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['b', 'c'], ['d']]);
  ends[2]?.(ok());
});

test('a window collects until the batch is full or the window is over', async () => {
  await world.start({ batchSize: 3, batchWindowMs: 2000 });
  await world.put('a');
  await world.clock.advance(1000);
  await world.put('b');
  await world.clock.advance(999);
  expect(world.batches()).toEqual([]);
  await world.clock.advance(1);
  expect(world.batches()).toEqual([['a', 'b']]);
  await world.putAll('c', 'd', 'e', 'f');
  await world.rest();
  expect(world.batches()[1]).toEqual(['c', 'd', 'e']);
});

test('a batch never grows beyond what a function can be sent', async () => {
  await world.start({ enabled: false, startingPosition: 'TRIM_HORIZON' });
  for (let n = 0; n < 20; n++) await world.put(`${n}`, { text: { S: 'é'.repeat(199_000) } });
  await world.start({ startingPosition: 'TRIM_HORIZON' });
  await world.rest();
  await world.rest();
  expect(world.delivered.map((request) => idsOf(request).length)).toEqual([15, 5]);
  for (const { event } of world.delivered) expect(Buffer.byteLength(event)).toBeLessThan(6 * 1024 * 1024);
});

test('a failed batch comes again, later each time, and holds up what is behind it', async () => {
  world.answer = failFor('bad');
  await world.start({ batchSize: 1 });
  await world.putAll('bad', 'good');
  await world.rest();
  const tries: number[] = [];
  for (let second = 0; second < 200; second++) {
    tries.push(world.delivered.length);
    await world.clock.advance(1000);
  }
  expect([0, 1, 3, 7, 15, 31, 63, 123, 183].map((second) => tries[second])).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
  expect(world.delivered.map(({ attempt }) => attempt).slice(0, 3)).toEqual([1, 2, 3]);
  world.answer = () => ok();
  await world.clock.advance(60_000);
  expect(world.batches().slice(-2)).toEqual([['bad'], ['good']]);
});

test('timeouts and crashes fail a batch too', async () => {
  const outcomes: Outcome[] = [
    { status: 'timeout', afterMs: 3000 },
    { status: 'crash', phase: 'invoke', exitCode: 1, signal: null },
    { status: 'out-of-memory', memoryMb: 128 },
    ok(),
  ];
  world.answer = () => outcomes[world.delivered.length - 1] ?? ok();
  await world.start();
  await world.put('a');
  await world.clock.advance(10_000);
  expect(world.delivered).toHaveLength(4);
});

test('after its retries a batch is given up, its queue is told, and the next one runs', async () => {
  world.functions = [makeFunction()];
  world.peers.add(QUEUE_ARN);
  world.answer = failFor('a');
  await world.start({ batchSize: 2, maximumRetryAttempts: 2, onFailureArn: QUEUE_ARN });
  await world.putAll('a', 'b', 'c');
  await world.clock.advance(10_000);
  expect(world.batches()).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['c']]);
  const [first, last] = world.delivered.flatMap(recordsOf).map(({ dynamodb }) => dynamodb.SequenceNumber);
  expect(world.sent).toEqual([
    { arn: QUEUE_ARN, origin: expect.objectContaining({ traceId: TRACE_ID }), body: expect.anything() },
  ]);
  expect(JSON.parse(world.sent[0]?.body ?? '')).toEqual({
    requestContext: {
      requestId: 'request-1',
      functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    DDBStreamBatchInfo: {
      shardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
      startSequenceNumber: first,
      endSequenceNumber: last,
      approximateArrivalOfFirstRecord: expect.stringMatching(/:\d\dZ$/),
      approximateArrivalOfLastRecord: expect.stringMatching(/:\d\dZ$/),
      batchSize: 2,
      streamArn: world.running.streams.streamOf('orders'),
    },
  });
  expect(world.notices).toEqual([]);
});

test('a bucket is told what was in the records too, in an object of the mapping and its shard', async () => {
  const bucket = 'arn:aws:s3:::failures';
  world.peers.add(bucket);
  world.answer = () => failed;
  await world.start({ maximumRetryAttempts: 0, onFailureArn: bucket });
  await world.put('a');
  await world.clock.advance(0);
  const [record] = world.sent;
  const { DDBStreamBatchInfo, payload } = JSON.parse(record?.body ?? '');
  expect(JSON.parse(payload)).toEqual({ Records: world.delivered.flatMap(recordsOf) });
  const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
  expect(record?.key).toMatch(
    new RegExp(
      `^aws/lambda/${uuid}/${DDBStreamBatchInfo.shardId}/\\d{4}/\\d\\d/\\d\\d/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d-`,
    ),
  );
});

test('no retries means no second try, and without a queue the user is told', async () => {
  world.answer = failFor('a');
  await world.start({ maximumRetryAttempts: 0 });
  await world.put('a');
  await world.clock.advance(100_000);
  expect(world.batches()).toEqual([['a']]);
  expect(world.notices).toEqual(['worker failed once: a record of orders given up']);
});

test('a destination that is not there is named', async () => {
  world.answer = () => failed;
  await world.start({ maximumRetryAttempts: 1, onFailureArn: QUEUE_ARN });
  await world.putAll('a', 'b');
  await world.clock.advance(1000);
  expect(world.notices).toEqual([
    `worker failed 2 times: 2 records of orders given up, and there is no ${QUEUE_ARN} here to tell`,
  ]);
});

test('records that are too old are given up one by one; the younger ones of their batch are tried on', async () => {
  world.peers.add(QUEUE_ARN);
  world.answer = failFor('a', 'b');
  await world.start({ maximumRecordAgeMs: 60_000, batchWindowMs: 30_000, onFailureArn: QUEUE_ARN });
  await world.put('a');
  await world.clock.advance(20_000);
  await world.put('b');
  // Tried at 30, 31, 33, 37, 45, 61 and 93 s.
  await world.clock.advance(50_000);
  expect(world.batches().slice(-2)).toEqual([['a', 'b'], ['b']]);
  expect(world.sent.map(({ body }) => JSON.parse(body))).toMatchObject([
    {
      requestContext: { condition: 'MaximumRecordAgeExceeded', approximateInvokeCount: 5 },
      DDBStreamBatchInfo: { batchSize: 1 },
    },
  ]);
});

test('without limits a batch is tried until its records expire after a day', async () => {
  world.answer = failFor('a');
  await world.start();
  await world.put('a');
  await world.clock.advance(23.9 * 3_600_000);
  expect(world.notices).toEqual([]);
  const { length } = world.delivered;
  expect(length).toBeGreaterThan(1400);
  await world.clock.advance(0.2 * 3_600_000);
  expect(world.notices).toEqual([
    'worker did not handle them before they were too old: a record of orders given up',
  ]);
  await world.put('b');
  await world.rest();
  expect(world.batches().at(-1)).toEqual(['b']);
});

test('bisecting finds the bad record at once, and only that one uses up retries', async () => {
  world.answer = failFor('d');
  await world.start({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 });
  await world.putAll('a', 'b', 'c', 'd', 'e', 'f');
  await world.rest();
  await world.rest();
  expect(world.batches()).toEqual([
    ['a', 'b', 'c', 'd', 'e', 'f'],
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
    ['d', 'e'],
    ['d'],
  ]);
  await world.clock.advance(1000);
  expect(world.batches().slice(5)).toEqual([['d'], ['e'], ['f']]);
  expect(world.notices).toEqual(['worker failed 5 times: a record of orders given up']);
});

test('a partial response goes on from the lowest sequence number it names', async () => {
  world.answer = (request) => {
    const bad = recordsOf(request).filter(({ dynamodb }) => ['b', 'd'].includes(dynamodb.Keys.id.S));
    const names = world.delivered.length < 3 ? bad.map(({ dynamodb }) => dynamodb.SequenceNumber) : [];
    return ok({ batchItemFailures: names.reverse().map((itemIdentifier) => ({ itemIdentifier })) });
  };
  await world.start({ reportBatchItemFailures: true, maximumRetryAttempts: 5 });
  await world.putAll('a', 'b', 'c', 'd', 'e');
  await world.rest();
  expect(world.batches()).toEqual([
    ['a', 'b', 'c', 'd', 'e'],
    ['b', 'c', 'd', 'e'],
  ]);
  await world.clock.advance(1000);
  expect(world.batches().slice(2)).toEqual([['b', 'c', 'd', 'e']]);
});

test('a partial response nobody can read fails the whole batch, and the user is told', async () => {
  world.answer = () =>
    world.delivered.length === 1 ? ok({ batchItemFailures: [{ itemIdentifier: '' }] }) : ok();
  await world.start({ reportBatchItemFailures: true });
  await world.putAll('a', 'b');
  await world.clock.advance(1000);
  expect(world.batches()).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(world.notices).toEqual([
    'worker got a batch of orders and batchItemFailures holds {"itemIdentifier":""}, whose itemIdentifier is the sequence number of no record of the batch; the whole batch counts as failed',
  ]);
});

test('a function that cannot be run uses up no retries, and runs as soon as it has been built', async () => {
  const broken: Outcome = { status: 'unavailable', code: 'build-failed', reason: 'syntax' };
  world.answer = () => broken;
  await world.start({ maximumRetryAttempts: 0, bisectBatchOnFunctionError: true });
  await world.putAll('a', 'b');
  await world.clock.advance(100_000);
  expect(world.notices).toEqual([]);
  const before = world.delivered.length;
  world.answer = () => ok();
  world.built('another');
  await world.rest();
  expect(world.delivered).toHaveLength(before);
  world.built('worker');
  await world.rest();
  expect(world.batches().slice(before)).toEqual([['a', 'b']]);
});

test('throttling uses up no retries either', async () => {
  world.answer = () => (world.delivered.length < 3 ? { status: 'throttled', reason: 'full' } : ok());
  await world.start({ maximumRetryAttempts: 0 });
  await world.put('a');
  await world.clock.advance(10_000);
  expect(world.delivered).toHaveLength(3);
  expect(world.notices).toEqual([]);
});

test('only what one of the filters accepts comes, and batches are filled with it', async () => {
  await world.start({
    batchSize: 2,
    batchWindowMs: 1000,
    filterPatterns: [
      '{"eventName":["REMOVE"]}',
      '{"dynamodb":{"NewImage":{"kind":{"S":[{"prefix":"vip"}]}}}}',
    ],
  });
  const vip = { kind: { S: 'vip-gold' } };
  await world.put('a');
  await world.put('b', vip);
  await world.put('c');
  await world.rest();
  expect(world.batches()).toEqual([]);
  await world.call('DeleteItem', { TableName: 'orders', Key: { id: { S: 'a' } } });
  await world.rest();
  expect(world.batches()).toEqual([['b', 'a']]);
});

test('a filter the cloud would refuse is told, and the function is not run', async () => {
  await world.start({ filterPatterns: ['{"eventName":"INSERT"}'] });
  await world.put('a');
  await world.rest();
  expect(world.delivered).toEqual([]);
  expect(world.notices).toEqual([
    'worker does not follow orders: "eventName" is "INSERT": expected a list of values, or a map of fields',
  ]);
});

test('parallel batches keep the changes of one item in order', async () => {
  const ends: { ids: string[]; end: (outcome: Outcome) => void }[] = [];
  world.answer = (request) => new Promise((resolve) => ends.push({ ids: idsOf(request), end: resolve }));
  await world.start({ parallelizationFactor: 4, batchSize: 1 });
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const n of [1, 2]) for (const id of ids) await world.put(id, { n: { N: `${n}` } });
  await world.rest();
  expect(ends.length).toBeGreaterThan(1);
  expect(ends.length).toBeLessThanOrEqual(4);
  for (let next = ends.pop(); next; next = ends.pop()) {
    next.end(ok());
    await world.rest();
  }
  const seen = world.delivered
    .flatMap(recordsOf)
    .map(({ eventName, dynamodb }) => ({ eventName, id: dynamodb.Keys.id.S }));
  expect(seen).toHaveLength(16);
  for (const id of ids)
    expect(seen.filter((one) => one.id === id).map(({ eventName }) => eventName)).toEqual([
      'INSERT',
      'MODIFY',
    ]);
});

test('the trace of the first change goes on, those of others are linked once each', async () => {
  await world.start({ enabled: false, startingPosition: 'TRIM_HORIZON' });
  await world.putAll('a', 'b');
  const api = world.running.api as JsonApi;
  for (const id of ['c', 'd'])
    await api.operations.PutItem?.({ TableName: 'orders', Item: { id: { S: id } } }, otherCall('PutItem'));
  await world.start({ startingPosition: 'TRIM_HORIZON' });
  await world.rest();
  expect(world.delivered).toEqual([
    {
      functionId: 'worker',
      event: expect.any(String),
      attempt: 1,
      origin: { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' },
      links: [{ traceId: '1-00000000-0123456789abcdef01234567', parentId: '0123456789abcdef' }],
      cause: {
        kind: 'table-stream',
        table: 'orders',
        records: 4,
        from: recordsOf(world.delivered[0] ?? { event: '{"Records":[]}' })[0]?.dynamodb.SequenceNumber,
      },
    },
  ]);
});

test('what expiry removes comes too, names the service, and belongs to no trace', async () => {
  await world.start();
  await world.call('UpdateTimeToLive', {
    TableName: 'orders',
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' },
  });
  await world.put('a', { until: { N: String(Math.floor(world.clock.now() / 1000) + 5) } });
  await world.clock.advance(10_000);
  const [, removed] = world.delivered;
  expect(recordsOf(removed ?? { event: '{"Records":[]}' })).toEqual([
    expect.objectContaining({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    }),
  ]);
  expect(removed?.origin).toBeUndefined();
});

test('nothing is waited for by the clock while there is nothing to do', async () => {
  await world.start();
  const idle = world.clock.waiting;
  await world.put('a');
  await world.rest();
  // The stream's own trimming.
  expect(world.clock.waiting).toBe(idle + 1);
});
