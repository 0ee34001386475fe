import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningSqs, startSqs } from './running-queue.ts';

let sqs: RunningSqs;
beforeEach(async () => {
  sqs = await startSqs();
});
afterEach(async () => {
  await sqs.emulator.close();
  await sqs.store.close();
});

test('a message is received once, invisible until its visibility timeout is over, and gone when deleted', async () => {
  const url = await sqs.queue('q', { VisibilityTimeout: '20' });
  await sqs.send(url, 'hello');
  const [first] = await sqs.receive(url);
  expect(first?.body).toBe('hello');
  await sqs.clock.advance(19_999);
  expect(await sqs.receive(url)).toEqual([]);
  await sqs.clock.advance(1);
  const [second] = await sqs.receive(url);
  expect(second?.json.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: second?.handle ?? '' });
  await sqs.clock.advance(60_000);
  expect(await sqs.receive(url)).toEqual([]);
});

test('an older receipt handle deletes nothing and is no error', async () => {
  const url = await sqs.queue('q', { VisibilityTimeout: '1' });
  await sqs.send(url, 'hello');
  const [old] = await sqs.receive(url);
  await sqs.clock.advance(1000);
  await sqs.receive(url);
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: old?.handle ?? '' });
  await sqs.clock.advance(1000);
  expect(await sqs.receive(url)).toHaveLength(1);
});

test('a receipt handle that is none of the queue is refused', async () => {
  const url = await sqs.queue('q');
  const other = await sqs.queue('other');
  await sqs.send(other, 'x');
  const [received] = await sqs.receive(other);
  for (const handle of ['nonsense', received?.handle ?? ''])
    await expect(sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: handle })).rejects.toMatchObject({
      code: 'ReceiptHandleIsInvalid',
    });
});

test('a delayed message is counted as delayed, then visible, then in flight', async () => {
  const url = await sqs.queue('q', { DelaySeconds: '5' });
  await sqs.send(url, 'queue delay');
  await sqs.send(url, 'own delay', { DelaySeconds: 1 });
  await sqs.send(url, 'no delay', { DelaySeconds: 0 });
  expect(await sqs.counts(url)).toEqual({ visible: 1, inFlight: 0, delayed: 2 });
  await sqs.clock.advance(1000);
  expect((await sqs.receive(url)).map(({ body }) => body)).toEqual(['no delay', 'own delay']);
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 2, delayed: 1 });
  await sqs.clock.advance(4000);
  expect(await sqs.counts(url)).toEqual({ visible: 1, inFlight: 2, delayed: 0 });
});

test('a long poll ends with the message that arrives, and with nothing when its time is over', async () => {
  const url = await sqs.queue('q');
  const waiting = sqs.receive(url, { WaitTimeSeconds: 20 });
  await sqs.clock.advance(19_000);
  await sqs.send(url, 'late');
  expect((await waiting).map(({ body }) => body)).toEqual(['late']);
  const empty = sqs.receive(url, { WaitTimeSeconds: 2 });
  await sqs.clock.advance(2000);
  expect(await empty).toEqual([]);
  expect(sqs.clock.waiting).toBe(0);
});

test('a long poll ends when a delay or a visibility timeout does', async () => {
  const url = await sqs.queue('q', { VisibilityTimeout: '10' });
  await sqs.send(url, 'delayed', { DelaySeconds: 3 });
  const waiting = sqs.receive(url, { WaitTimeSeconds: 20 });
  await sqs.clock.advance(3000);
  const [got] = await waiting;
  expect(got?.body).toBe('delayed');
  const again = sqs.receive(url, { WaitTimeSeconds: 20 });
  await sqs.clock.advance(5000);
  await sqs.call('ChangeMessageVisibility', {
    QueueUrl: url,
    ReceiptHandle: got?.handle ?? '',
    VisibilityTimeout: 0,
  });
  expect(await again).toHaveLength(1);
});

test('those who wait are served in turn', async () => {
  const url = await sqs.queue('q');
  const first = sqs.receive(url, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 });
  const second = sqs.receive(url, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 });
  await sqs.send(url, '1');
  await sqs.send(url, '2');
  expect((await first)[0]?.body).toBe('1');
  expect((await second)[0]?.body).toBe('2');
});

test('a caller who hangs up takes no message with him', async () => {
  const url = await sqs.queue('q');
  const gone = new AbortController();
  const operation = sqs.api.operations.ReceiveMessage;
  const { makeCall } = await import('../world.ts');
  const waiting = operation?.(
    { QueueUrl: url, WaitTimeSeconds: 20 },
    makeCall('ReceiveMessage', { signal: gone.signal }),
  );
  gone.abort();
  expect(await waiting).toEqual({});
  await sqs.send(url, 'for someone else');
  expect(await sqs.receive(url)).toHaveLength(1);
});

test('deleting a queue ends the waits on it with the service’s error', async () => {
  const url = await sqs.queue('q');
  const waiting = sqs.receive(url, { WaitTimeSeconds: 20 });
  await sqs.call('DeleteQueue', { QueueUrl: url });
  await expect(waiting).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
});

test('a queue made again after a delete is empty', async () => {
  const url = await sqs.queue('q');
  await sqs.send(url, 'old');
  await sqs.call('DeleteQueue', { QueueUrl: url });
  await sqs.queue('q');
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a worn-out message goes to the dead-letter queue with its id, send time and receive count', async () => {
  const dead = await sqs.queue('dead');
  const url = await sqs.queue('q', {
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead',
      maxReceiveCount: 2,
    }),
  });
  const { MessageId: id } = await sqs.send(url, 'poison');
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(await sqs.receive(url)).toHaveLength(1);
    await sqs.clock.advance(1000);
  }
  const waiting = sqs.receive(dead, { WaitTimeSeconds: 20 });
  expect(await sqs.receive(url)).toEqual([]);
  const [got] = await waiting;
  expect(got?.json).toMatchObject({
    MessageId: id,
    Attributes: {
      ApproximateReceiveCount: '3',
      SentTimestamp: String(Date.UTC(2026, 0, 1)),
      DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:q',
    },
  });
  expect(await sqs.call('ListDeadLetterSourceQueues', { QueueUrl: dead })).toEqual({ queueUrls: [url] });
});

test('messages older than the queue keeps them are gone', async () => {
  const url = await sqs.queue('q', { MessageRetentionPeriod: '60' });
  await sqs.send(url, 'old');
  await sqs.clock.advance(30_000);
  await sqs.send(url, 'young');
  await sqs.clock.advance(30_000);
  expect((await sqs.counts(url)).visible).toBe(1);
  expect((await sqs.receive(url)).map(({ body }) => body)).toEqual(['young']);
});

test('purging deletes everything, in flight and delayed too', async () => {
  const url = await sqs.queue('q');
  await sqs.send(url, '1');
  await sqs.receive(url);
  await sqs.send(url, '2');
  await sqs.send(url, '3', { DelaySeconds: 900 });
  await sqs.call('PurgeQueue', { QueueUrl: url });
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('everything acknowledged is there after a restart, what was in flight after its visibility timeout', async () => {
  const url = await sqs.queue('q', { VisibilityTimeout: '30' });
  await sqs.send(url, 'in flight');
  const [held] = await sqs.receive(url);
  await sqs.send(url, 'waiting');
  const { makeWorld } = await import('../world.ts');
  const later = await startSqs(makeWorld(sqs.store, sqs.clock));
  expect((await later.receive(url)).map(({ body }) => body)).toEqual(['waiting']);
  await sqs.clock.advance(30_000);
  expect((await later.receive(url)).map(({ body }) => body)).toEqual(['in flight', 'waiting']);
  await expect(
    later.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: held?.handle ?? '' }),
  ).resolves.toEqual({});
});

test('the trace of the sender goes with the message', async () => {
  const url = await sqs.queue('q');
  await sqs.send(url, 'x');
  const own = 'Root=1-00000000-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1';
  await sqs.send(url, 'y', {
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: own } },
  });
  const headers = (await sqs.receive(url)).map(({ json }) => json.Attributes);
  expect(headers).toMatchObject([
    { AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1' },
    { AWSTraceHeader: own },
  ]);
});
