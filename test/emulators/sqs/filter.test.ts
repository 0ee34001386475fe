import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeliverRequest } from '../../../src/model/emulator.ts';
import { ok, TRACE_ID } from '../world.ts';
import { ARN, makeQueueResource, makeTrigger, type RunningSqs, startSqs } from './running-queue.ts';

const url = 'http://127.0.0.1:4566/000000000000/orders';
let sqs: RunningSqs;
beforeEach(async () => {
  sqs = await startSqs();
});
afterEach(async () => {
  await sqs.emulator.close();
  await sqs.store.close();
});

const rest = () => sqs.clock.advance(0);
const start = (
  patterns: unknown[],
  more: Partial<ReturnType<typeof makeTrigger>> = {},
  queue = makeQueueResource(),
) =>
  sqs.emulator.apply(
    [queue],
    [
      makeTrigger({
        filterPatterns: patterns.map((one) => JSON.stringify(one)),
        queueArn: queue.arn,
        ...more,
      }),
    ],
  );
const bodiesOf = ({ event }: DeliverRequest): string[] =>
  JSON.parse(event).Records.map((record: { body: string }) => record.body);
const nothing = { visible: 0, inFlight: 0, delayed: 0 };

test('messages that match no filter are deleted, and the function never sees them', async () => {
  await start([{ body: { kind: ['a'] } }, { body: { size: [{ numeric: ['>', 10] }] } }]);
  for (const body of ['{"kind":"a"}', '{"kind":"b"}', '{"kind":"b","size":11}', 'text'])
    await sqs.send(url, body);
  await rest();
  expect(sqs.delivered.flatMap(bodiesOf)).toEqual(['{"kind":"a"}', '{"kind":"b","size":11}']);
  expect(await sqs.counts(url)).toEqual(nothing);
});

test.each([
  [{ body: ['x'] }, ['x'], ['y', '{"x":1}', '["x"]']],
  [{ body: [{ prefix: 'x' }] }, ['xy', 'x{'], ['y']],
  [{ body: { x: [1] } }, ['{"x":1}', ' [{"x":1}]'], ['x', '{"x":2}', '{"x":', '1']],
  [{ messageAttributes: { a: { stringValue: ['1'] } } }, [], ['x', '{}']],
  [{ body: [{ exists: true }] }, ['x', '1'], ['{"x":1}']],
])('%j accepts bodies of its own form only', async (pattern, accepted, refused) => {
  await start([pattern], { batchSize: 1 });
  for (const body of [...accepted, ...refused]) await sqs.send(url, body);
  await rest();
  expect(sqs.delivered.flatMap(bodiesOf)).toEqual(accepted);
  expect(await sqs.counts(url)).toEqual(nothing);
});

test('a window begins with the first message that passes, and only such messages fill the batch', async () => {
  await start([{ body: [{ prefix: 'a' }] }], { batchSize: 2, batchWindowMs: 1000 });
  await sqs.send(url, 'x1');
  await sqs.clock.advance(999);
  await sqs.send(url, 'a1');
  await sqs.send(url, 'x2');
  await sqs.clock.advance(999);
  expect(sqs.delivered).toEqual([]);
  await sqs.clock.advance(1);
  expect(sqs.delivered.map(bodiesOf)).toEqual([['a1']]);
});

test('in a FIFO queue a message that does not pass makes way for the next of its group', async () => {
  const queue = makeQueueResource({ name: 'orders.fifo', contentBasedDeduplication: true });
  await start([{ body: ['b', 'd'] }], { batchSize: 1 }, queue);
  for (const body of ['a', 'b', 'c', 'd'])
    await sqs.send(url.replace('orders', 'orders.fifo'), body, { MessageGroupId: 'g' });
  await rest();
  await rest();
  expect(sqs.delivered.map(bodiesOf)).toEqual([['b'], ['d']]);
});

test('a filter the cloud would refuse is told, and the messages stay', async () => {
  await start([{ body: 'x' }]);
  await sqs.send(url, 'x');
  await rest();
  expect(sqs.delivered).toEqual([]);
  expect(sqs.notices).toEqual([
    'worker gets nothing of orders: "body" is "x": expected a list of values, or a map of fields',
  ]);
  expect(await sqs.counts(url)).toEqual({ ...nothing, visible: 1 });
});

test('a message of another service is stored with its trace, and runs the queue’s own function', async () => {
  sqs.answer = () => ok();
  await sqs.emulator.apply([makeQueueResource()], [makeTrigger()]);
  const origin = { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' };
  expect(sqs.emulator.accept?.({ arn: `${ARN}orders`, body: '{"a":1}', origin })).toBe(true);
  await rest();
  expect(sqs.delivered.flatMap(bodiesOf)).toEqual(['{"a":1}']);
  expect(sqs.delivered[0]?.origin).toEqual(origin);
});

test('others can ask whether a queue is there', async () => {
  await sqs.emulator.apply([makeQueueResource()], []);
  expect(sqs.emulator.has?.(`${ARN}orders`)).toBe(true);
  expect(sqs.emulator.has?.(`${ARN}nobody`)).toBe(false);
  expect(sqs.emulator.has?.('arn:aws:sns:eu-west-1:000000000000:orders')).toBe(false);
});

test('a message for a queue that is not there, or for a FIFO queue, is not taken', async () => {
  await sqs.emulator.apply([makeQueueResource({ name: 'a.fifo' })], []);
  expect(sqs.emulator.accept?.({ arn: `${ARN}nobody`, body: 'x' })).toBe(false);
  expect(sqs.emulator.accept?.({ arn: `${ARN}a.fifo`, body: 'x' })).toBe(false);
  expect(sqs.emulator.accept?.({ arn: 'arn:aws:sns:eu-west-1:000000000000:topic', body: 'x' })).toBe(false);
});
