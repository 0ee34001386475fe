import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeInFlightLimit } from '../../../emulators/sqs/in-flight.ts';
import { makeCreateQueue } from '../../../emulators/sqs/operations/create-queue.ts';
import { makeReceiveMessage } from '../../../emulators/sqs/operations/receive-message.ts';
import { makeSendMessage } from '../../../emulators/sqs/operations/send-message.ts';
import { makeQueues, type Queues } from '../../../emulators/sqs/queues.ts';
import { openQueueStore, type QueueRecord } from '../../../emulators/sqs/store.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { makeCall, makeWorld, type World } from '../world.ts';

let world: World;
let queues: Queues;
beforeEach(() => {
  world = makeWorld();
  const { clock, ids, region, accountId } = world.context;
  const store = openQueueStore(world.store);
  queues = makeQueues({ store, clock, ids, region, accountId, maxInFlight: 3 });
});
afterEach(async () => {
  queues.close();
  await world.store.close();
});

const create = async (name: string, attributes: JsonObject) =>
  makeCreateQueue(queues)({ QueueName: name, Attributes: attributes }, makeCall('CreateQueue'));
const send = async (queue: string, more: JsonObject = {}) =>
  makeSendMessage(queues, world.context.ids)(
    { QueueUrl: queue, MessageBody: 'x', ...more },
    makeCall('SendMessage'),
  );
/** How many messages a receive gets. */
const receive = async (queue: string, more: JsonObject = {}) => {
  const call = makeCall('ReceiveMessage');
  const input = { QueueUrl: queue, MaxNumberOfMessages: 10, ...more };
  const answer = await makeReceiveMessage(queues)(input, call);
  return ((answer?.Messages ?? []) as JsonObject[]).length;
};

test('of a full standard queue a short poll is refused, and a long one is served when there is room again', async () => {
  await create('q', { VisibilityTimeout: '10' });
  const queue = queues.get('q');
  for (let i = 0; i < 5; i++) await send('q');
  expect(await receive('q')).toBe(3);
  await expect(receive('q')).rejects.toMatchObject({ code: 'OverLimit', status: 403 });
  const waiting = receive('q', { WaitTimeSeconds: 20 });
  const [seq = 0] = queues.store.numbers(queue.record);
  queues.delete(queue, seq);
  expect(await waiting).toBe(1);
  await world.clock.advance(10_000);
  expect(await receive('q')).toBe(3);
});

test('of a full FIFO queue nothing is answered', async () => {
  await create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  for (let i = 0; i < 4; i++) await send('q.fifo', { MessageBody: `m${i}`, MessageGroupId: `g${i}` });
  expect(await receive('q.fifo')).toBe(3);
  expect(await receive('q.fifo')).toBe(0);
});

test('what is in flight is counted only where so many were ever received, and not for each receive', () => {
  const record = { id: 1 } as QueueRecord;
  let counted = 0;
  let ever = 99;
  const limit = makeInFlightLimit(
    {
      everReceived: () => ever,
      counts: () => {
        counted++;
        return { visible: 0, delayed: 0, inFlight: 80 };
      },
    },
    100,
  );
  expect(limit.room(record, 0)).toBe(1);
  expect(counted).toBe(0);
  ever = 100;
  for (const room of [20, 10]) {
    expect(limit.room(record, 0)).toBe(room);
    limit.received(record, 10);
  }
  expect(counted).toBe(1);
  limit.room(record, 0);
  expect(counted).toBe(2);
});
