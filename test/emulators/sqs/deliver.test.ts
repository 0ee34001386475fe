import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeliverRequest } from '../../../src/model/emulator.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import type { QueueTrigger } from '../../../src/model/project.ts';
import { failed, makeCall, makeFunction, ok } from '../world.ts';
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

const start = (trigger: Partial<QueueTrigger> = {}, ...resources: ReturnType<typeof makeQueueResource>[]) =>
  sqs.emulator.apply(resources.length > 0 ? resources : [makeQueueResource()], [makeTrigger(trigger)]);

/** Lets everything under way come to rest without time passing. */
const rest = () => sqs.clock.advance(0);

const bodiesOf = ({ event }: DeliverRequest): string[] =>
  JSON.parse(event).Records.map((record: { body: string }) => record.body);
const delivered = () => sqs.delivered.map(bodiesOf);

const sendBatch = (...bodies: string[]) =>
  sqs.call('SendMessageBatch', {
    QueueUrl: url,
    Entries: bodies.map((body, n) => ({ Id: `${n}`, MessageBody: body })),
  });

test('a message sent runs the function at once, and success deletes it', async () => {
  await start();
  await sqs.send(url, 'x');
  await rest();
  expect(delivered()).toEqual([['x']]);
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('what waits in the queue comes in batches of the trigger’s size', async () => {
  await start({ enabled: false });
  await sendBatch('1', '2', '3', '4', '5');
  await start({ batchSize: 2 });
  await rest();
  expect(delivered()).toEqual([['1', '2'], ['3', '4'], ['5']]);
});

test('a window collects until the batch is full or the window is over', async () => {
  await start({ batchSize: 3, batchWindowMs: 2000 });
  await sqs.send(url, '1');
  await sqs.clock.advance(1000);
  await sqs.send(url, '2');
  await rest();
  expect(delivered()).toEqual([]);
  await sqs.clock.advance(1000);
  expect(delivered()).toEqual([['1', '2']]);
  await sendBatch('3', '4', '5');
  await rest();
  expect(delivered()[1]).toEqual(['3', '4', '5']);
});

test('a batch never grows beyond what a function can be sent', async () => {
  await start({ enabled: false }, makeQueueResource({ maximumMessageBytes: 1_048_576 }));
  for (let n = 0; n < 8; n++) await sqs.send(url, 'x'.repeat(1_000_000));
  await start(
    { batchSize: 10, batchWindowMs: 20_000 },
    makeQueueResource({ maximumMessageBytes: 1_048_576 }),
  );
  await sqs.clock.advance(20_000);
  expect(sqs.delivered.map((request) => bodiesOf(request).length)).toEqual([6, 2]);
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  for (const { event } of sqs.delivered) expect(Buffer.byteLength(event)).toBeLessThan(6 * 1024 * 1024);
});

test('after an error the messages come back when their visibility timeout is over, not before', async () => {
  await start();
  sqs.answer = () => failed;
  await sqs.send(url, 'x');
  await rest();
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await sqs.clock.advance(29_999);
  expect(sqs.delivered).toHaveLength(1);
  sqs.answer = () => ok();
  await sqs.clock.advance(1);
  expect(sqs.delivered).toHaveLength(2);
  expect(JSON.parse(sqs.delivered[1]?.event ?? '').Records[0].attributes.ApproximateReceiveCount).toBe('2');
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a function slower than the visibility timeout gets the message again, and only the newest delivery may delete it', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  sqs.answer = () => new Promise((resolve) => ends.push(resolve));
  await start();
  await sqs.send(url, 'x');
  await sqs.clock.advance(30_000);
  expect(delivered()).toEqual([['x'], ['x']]);
  ends[0]?.(ok());
  await rest();
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  ends[1]?.(ok());
  await rest();
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a partial response keeps the named messages only', async () => {
  await start({ reportBatchItemFailures: true });
  sqs.answer = ({ event }) => {
    const record = JSON.parse(event).Records.find((one: { body: string }) => one.body === 'bad');
    return ok({ batchItemFailures: record ? [{ itemIdentifier: record.messageId }] : [] });
  };
  await sendBatch('good', 'bad');
  await rest();
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await sqs.clock.advance(30_000);
  expect(delivered()).toEqual([['good', 'bad'], ['bad']]);
});

test('after maxReceiveCount failures a message is in the dead-letter queue and no longer delivered', async () => {
  const dead = makeQueueResource({ name: 'dead' });
  const orders = makeQueueResource({ deadLetter: { queueArn: `${ARN}dead`, maxReceiveCount: 2 } });
  await start({}, orders, dead);
  sqs.answer = () => failed;
  await sqs.send(url, 'poison');
  await sqs.clock.advance(120_000);
  expect(sqs.delivered).toHaveLength(2);
  const [moved] = await sqs.receive(url.replace('orders', 'dead'));
  expect(moved?.body).toBe('poison');
});

test('a function that cannot be run loses nothing and wears nothing out', async () => {
  const dead = makeQueueResource({ name: 'dead' });
  const orders = makeQueueResource({ deadLetter: { queueArn: `${ARN}dead`, maxReceiveCount: 1 } });
  await start({}, orders, dead);
  sqs.answer = () => ({ status: 'unavailable', code: 'build-failed', reason: 'syntax' });
  await sqs.send(url, 'x');
  await sqs.clock.advance(90_000);
  expect(sqs.delivered.length).toBe(4);
  sqs.answer = () => ok();
  await sqs.clock.advance(30_000);
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  expect(await sqs.receive(url.replace('orders', 'dead'))).toEqual([]);
});

test('no more batches run at once than the trigger allows, and the next starts when one ends', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  sqs.answer = () => new Promise((resolve) => ends.push(resolve));
  await start({ batchSize: 1, maximumConcurrency: 2 });
  await sendBatch('1', '2', '3');
  await rest();
  expect(delivered()).toEqual([['1'], ['2']]);
  ends[1]?.(ok());
  await rest();
  expect(delivered()).toEqual([['1'], ['2'], ['3']]);
  for (const end of ends) end(ok());
});

test('without a limit five batches run at once, and 300 more each minute while there is more to do', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  sqs.answer = () => new Promise((resolve) => ends.push(resolve));
  await start({ batchSize: 1 }, makeQueueResource({ visibilityTimeoutMs: 600_000 }));
  for (let n = 0; n < 40; n++) await sqs.send(url, `${n}`);
  await rest();
  expect(ends).toHaveLength(5);
  await sqs.clock.advance(200);
  expect(ends).toHaveLength(6);
  await sqs.clock.advance(1800);
  expect(ends).toHaveLength(15);
  for (const end of ends.splice(0)) end(ok());
  await rest();
  expect(ends).toHaveLength(15);
  await sqs.clock.advance(60_000);
  expect(sqs.delivered).toHaveLength(40);
  for (const end of ends.splice(0)) end(ok());
  await rest();
  // A while without work, and it begins with five again.
  await sqs.clock.advance(10_000);
  for (let n = 0; n < 10; n++) await sqs.send(url, `${n}`);
  await rest();
  // The first came to a poller that had waited.
  expect(ends).toHaveLength(5);
  for (const end of ends) end(ok());
  await rest();
  for (const end of ends) end(ok());
});

test('scaling stops at maximumConcurrency, and at the instances a session runs', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  sqs.answer = () => new Promise((resolve) => ends.push(resolve));
  await start({ batchSize: 1, maximumConcurrency: 8 }, makeQueueResource({ visibilityTimeoutMs: 600_000 }));
  for (let n = 0; n < 12; n++) await sqs.send(url, `${n}`);
  await sqs.clock.advance(60_000);
  expect(ends).toHaveLength(8);
  for (const end of ends) end(ok());
  await rest();
  for (const end of ends) end(ok());
});

test('batches of as many groups of a FIFO queue run at once as there are', async () => {
  const fifo = url.replace('orders', 'orders.fifo');
  const ends: ((outcome: Outcome) => void)[] = [];
  sqs.answer = () => new Promise((resolve) => ends.push(resolve));
  await start(
    { queueArn: `${ARN}orders.fifo`, batchSize: 1 },
    makeQueueResource({ name: 'orders.fifo', contentBasedDeduplication: true }),
  );
  for (let n = 0; n < 16; n++) await sqs.send(fifo, `${n}`, { MessageGroupId: `g${n % 8}` });
  await rest();
  expect(ends).toHaveLength(8);
  for (const end of ends.splice(0)) end(ok());
  await rest();
  expect(sqs.delivered).toHaveLength(16);
  for (const end of ends) end(ok());
});

test('in a FIFO queue a group has one batch at a time, and a failure does not let the rest overtake', async () => {
  const fifo = url.replace('orders', 'orders.fifo');
  await start(
    { queueArn: `${ARN}orders.fifo`, batchSize: 1 },
    makeQueueResource({ name: 'orders.fifo', contentBasedDeduplication: true }),
  );
  sqs.answer = () => (sqs.delivered.length === 1 ? failed : ok());
  for (const body of ['1', '2', '3']) await sqs.send(fifo, body, { MessageGroupId: 'g' });
  await rest();
  expect(delivered()).toEqual([['1']]);
  await sqs.clock.advance(30_000);
  expect(delivered()).toEqual([['1'], ['1'], ['2'], ['3']]);
});

test('the first message’s trace goes on, the traces of others are linked', async () => {
  await start({ enabled: false });
  const other = { traceId: '1-00000000-0123456789abcdef01234567', parentId: '0123456789abcdef' };
  await sqs.send(url, '1');
  await sqs.send(url, '2');
  await sqs.api.operations.SendMessage?.(
    { QueueUrl: url, MessageBody: '3' },
    makeCall('SendMessage', { origin: other }),
  );
  await start();
  await rest();
  expect(sqs.delivered[0]).toMatchObject({
    functionId: 'worker',
    origin: { traceId: '1-5759e988-bd862e3fe1be46a994272793', parentId: '53995c3f42cd8ad8' },
    links: [other],
    cause: {
      kind: 'queue',
      queue: 'orders',
      messageIds: [expect.any(String), expect.any(String), expect.any(String)],
    },
  });
});

test('a changed trigger takes over without losing or repeating a message', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  sqs.answer = () => new Promise((resolve) => ends.push(resolve));
  await start();
  await sqs.send(url, 'held by the old one');
  await rest();
  await start({ functionId: 'other' });
  ends[0]?.(ok());
  await sqs.send(url, 'new');
  await rest();
  expect(sqs.delivered.map(({ functionId }) => functionId)).toEqual(['worker', 'other']);
  ends[1]?.(ok());
  await rest();
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a trigger whose queue was deleted runs again when the queue is made again', async () => {
  await start();
  await sqs.call('DeleteQueue', { QueueUrl: url });
  await rest();
  await sqs.queue('orders');
  await sqs.send(url, 'x');
  await rest();
  expect(delivered()).toEqual([['x']]);
});

test('a reload changes the attributes the file changes, and keeps messages and what was set by hand', async () => {
  await start({ enabled: false });
  await sqs.send(url, 'kept');
  await sqs.call('SetQueueAttributes', { QueueUrl: url, Attributes: { VisibilityTimeout: '7' } });
  const visibility = async () => {
    const answer = await sqs.call('GetQueueAttributes', {
      QueueUrl: url,
      AttributeNames: ['VisibilityTimeout'],
    });
    return answer.Attributes;
  };
  await start({ enabled: false });
  expect(await visibility()).toEqual({ VisibilityTimeout: '7' });
  await start({ enabled: false }, makeQueueResource({ visibilityTimeoutMs: 90_000 }));
  expect(await visibility()).toEqual({ VisibilityTimeout: '90' });
  expect((await sqs.counts(url)).visible).toBe(1);
});

test('a queue of another stack is made for its trigger, and a trigger the cloud would refuse is told', async () => {
  sqs.functions = [makeFunction({ timeoutMs: 60_000 })];
  await sqs.emulator.apply([], [makeTrigger()]);
  expect(sqs.notices).toEqual([
    "the queue orders, trigger of worker, is not in the project; it was made with the service's defaults",
    'the visibility timeout of orders (30 s) is shorter than the timeout of worker (60 s): the cloud refuses this trigger',
  ]);
});

test('a session that closes gives up waiting for a function that does not end, and its message comes back', async () => {
  sqs.answer = () => new Promise(() => {});
  await start();
  await sqs.send(url, 'x');
  await rest();
  await sqs.emulator.close();
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  expect(sqs.clock.waiting).toBe(0);
});
