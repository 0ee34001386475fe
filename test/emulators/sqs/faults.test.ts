import { beforeEach, expect, test } from 'vitest';
import type { QueueFaults, SendFault } from '../../../src/model/faults.ts';
import { failed, makeWorld } from '../world.ts';
import { ARN, makeQueueResource, makeTrigger, type RunningSqs, startSqs } from './running-queue.ts';

let told: string[];
let sending: SendFault | undefined;
let visibilityMs: number | undefined;
let sqs: RunningSqs;

beforeEach(async () => {
  told = [];
  sending = undefined;
  visibilityMs = undefined;
  const queues: QueueFaults = {
    sending: () => sending,
    visibilityMs: () => visibilityMs,
    stored: ({ queue }) => void told.push(`stored ${queue}`),
    received: (_message, _handle, limit) => void told.push(`received ${limit ?? 'without limit'}`),
    uncounted: () => void told.push('uncounted'),
    removed: ({ queue }, why) => void told.push(`${why} ${queue}`),
  };
  const world = makeWorld();
  Object.assign(world.context, { faults: { queues } });
  sqs = await startSqs(world);
});

test('a message comes as late, and again as late, as the simulator says', async () => {
  const url = await sqs.queue('orders');
  sending = { delayMs: 5000, copyAfterMs: 9000 };
  const { MessageId: id } = await sqs.send(url, 'one');
  expect(await sqs.receive(url)).toEqual([]);
  await sqs.clock.advance(5000);
  const [first] = await sqs.receive(url);
  expect(first?.json.MessageId).toBe(id);
  await sqs.clock.advance(4000);
  const [copy] = await sqs.receive(url);
  expect(copy?.json).toMatchObject({ MessageId: id, Body: 'one' });
  expect(copy?.handle).not.toBe(first?.handle);
});

test('FIFO queues are not asked', async () => {
  sending = { delayMs: 5000, copyAfterMs: 9000 };
  const url = await sqs.queue('steps.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  await sqs.send(url, 'one', { MessageGroupId: 'a' });
  expect(await sqs.receive(url)).toHaveLength(1);
});

test('a visibility timeout runs out early', async () => {
  const url = await sqs.queue('orders', { VisibilityTimeout: '30' });
  await sqs.send(url, 'one');
  visibilityMs = 200;
  expect(await sqs.receive(url)).toHaveLength(1);
  await sqs.clock.advance(199);
  expect(await sqs.receive(url)).toEqual([]);
  await sqs.clock.advance(1);
  expect(await sqs.receive(url)).toHaveLength(1);
});

test('the simulator is told of every message that comes and goes', async () => {
  const url = await sqs.queue('orders');
  await sqs.send(url, 'one');
  await sqs.send(url, 'two');
  const [one] = await sqs.receive(url, { MaxNumberOfMessages: 1 });
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: one?.handle ?? '' });
  await sqs.call('PurgeQueue', { QueueUrl: url });
  expect(told).toEqual([
    'stored orders',
    'stored orders',
    'received without limit',
    'deleted orders',
    'deleted orders',
  ]);
});

test('it is told when a message becomes a dead letter, and is moved back', async () => {
  sqs.answer = () => failed;
  const deadLetter = { queueArn: `${ARN}dead`, maxReceiveCount: 1 };
  await sqs.emulator.apply(
    [makeQueueResource({ name: 'dead' }), makeQueueResource({ deadLetter })],
    [makeTrigger()],
  );
  await sqs.send('http://127.0.0.1:4566/000000000000/orders', 'one');
  await sqs.clock.advance(31_000);
  expect(told).toEqual(['stored orders', 'received 1', 'dead-letter orders', 'stored dead']);
  told.length = 0;
  await sqs.emulator.apply([makeQueueResource({ name: 'dead' }), makeQueueResource({ deadLetter })], []);
  await sqs.call('StartMessageMoveTask', { SourceArn: `${ARN}dead` });
  await sqs.clock.advance(1000);
  expect(told).toEqual(['deleted dead', 'stored orders']);
});
