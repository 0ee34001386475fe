import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningSqs, startSqs } from './running-queue.ts';

let sqs: RunningSqs;
let url: string;
beforeEach(async () => {
  sqs = await startSqs();
  url = await sqs.queue('q.fifo', {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    VisibilityTimeout: '10',
  });
});
afterEach(async () => {
  await sqs.emulator.close();
  await sqs.store.close();
});

const inGroup = (group: string) => ({ MessageGroupId: group });
const bodies = (received: { body: string }[]) => received.map(({ body }) => body);

test('a group is closed while its first message is in flight; other groups are not', async () => {
  await sqs.send(url, 'a1', inGroup('a'));
  await sqs.send(url, 'a2', inGroup('a'));
  await sqs.send(url, 'b1', inGroup('b'));
  const [a1] = await sqs.receive(url, { MaxNumberOfMessages: 1 });
  expect(a1?.body).toBe('a1');
  expect(bodies(await sqs.receive(url))).toEqual(['b1']);
  expect(await sqs.receive(url)).toEqual([]);
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: a1?.handle ?? '' });
  expect(bodies(await sqs.receive(url))).toEqual(['a2']);
});

test('a long poll ends when the delete of the first message opens its group', async () => {
  await sqs.send(url, 'a1', inGroup('a'));
  await sqs.send(url, 'a2', inGroup('a'));
  const [a1] = await sqs.receive(url, { MaxNumberOfMessages: 1 });
  const waiting = sqs.receive(url, { WaitTimeSeconds: 5 });
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: a1?.handle ?? '' });
  expect(bodies(await waiting)).toEqual(['a2']);
});

test('order holds through a failure: what was not deleted comes back before what is behind it', async () => {
  for (const body of ['1', '2', '3']) await sqs.send(url, body, inGroup('a'));
  expect(bodies(await sqs.receive(url, { MaxNumberOfMessages: 2 }))).toEqual(['1', '2']);
  await sqs.clock.advance(10_000);
  expect(bodies(await sqs.receive(url))).toEqual(['1', '2', '3']);
});

test.each([
  [0, []],
  [1, ['1']],
  [2, ['1', '2']],
])('while message %i of a batch stays invisible, only those before it come back', async (held, expected) => {
  for (const body of ['1', '2', '3']) await sqs.send(url, body, inGroup('a'));
  const received = await sqs.receive(url);
  await sqs.call('ChangeMessageVisibility', {
    QueueUrl: url,
    ReceiptHandle: received[held]?.handle ?? '',
    VisibilityTimeout: 40,
  });
  await sqs.clock.advance(20_000);
  expect(bodies(await sqs.receive(url))).toEqual(expected);
});

test('a repeated deduplication id within five minutes answers the first message and adds none', async () => {
  const first = await sqs.send(url, 'same', inGroup('a'));
  await sqs.clock.advance(299_999);
  expect(await sqs.send(url, 'same', inGroup('b'))).toMatchObject({
    MessageId: first.MessageId,
    SequenceNumber: first.SequenceNumber,
  });
  expect((await sqs.counts(url)).visible).toBe(1);
  await sqs.clock.advance(1);
  await sqs.send(url, 'same', inGroup('a'));
  expect((await sqs.counts(url)).visible).toBe(2);
});

test('with deduplication per group the same id counts once in each group', async () => {
  await sqs.call('SetQueueAttributes', {
    QueueUrl: url,
    Attributes: { DeduplicationScope: 'messageGroup' },
  });
  for (const group of ['a', 'b', 'a']) await sqs.send(url, 'same', inGroup(group));
  expect((await sqs.counts(url)).visible).toBe(2);
});

test('sequence numbers grow, and messages carry group and deduplication id', async () => {
  const one = await sqs.send(url, '1', { ...inGroup('a'), MessageDeduplicationId: 'd1' });
  const two = await sqs.send(url, '2', inGroup('a'));
  expect(String(one.SequenceNumber)).toMatch(/^\d{20}$/);
  expect(String(two.SequenceNumber) > String(one.SequenceNumber)).toBe(true);
  const [received] = await sqs.receive(url);
  expect(received?.json.Attributes).toMatchObject({
    MessageGroupId: 'a',
    MessageDeduplicationId: 'd1',
    SequenceNumber: one.SequenceNumber,
  });
});

test('a receipt handle whose time is over cannot delete', async () => {
  await sqs.send(url, '1', inGroup('a'));
  const [received] = await sqs.receive(url);
  await sqs.clock.advance(10_000);
  await expect(
    sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: received?.handle ?? '' }),
  ).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: expect.stringMatching(/receipt handle has expired/),
  });
});

test('the queue’s delay applies, a message’s own is refused', async () => {
  await sqs.call('SetQueueAttributes', { QueueUrl: url, Attributes: { DelaySeconds: '5' } });
  await sqs.send(url, '1', { ...inGroup('a'), DelaySeconds: 0 });
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
  await sqs.clock.advance(5000);
  expect(await sqs.receive(url)).toHaveLength(1);
  await expect(sqs.send(url, '2', { ...inGroup('a'), DelaySeconds: 2 })).rejects.toMatchObject({
    message:
      'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
  });
});

test('group and deduplication id are required', async () => {
  await expect(sqs.send(url, 'x')).rejects.toMatchObject({
    code: 'MissingRequiredParameterException',
    queryCode: 'MissingParameter',
    message: 'The request must contain the parameter MessageGroupId.',
  });
  const strict = await sqs.queue('strict.fifo', { FifoQueue: 'true' });
  await expect(sqs.send(strict, 'x', inGroup('a'))).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message:
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  });
});

test('a worn-out message opens its group by moving to the dead-letter queue', async () => {
  const dead = await sqs.queue('dead.fifo', { FifoQueue: 'true' });
  await sqs.call('SetQueueAttributes', {
    QueueUrl: url,
    Attributes: {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead.fifo',
        maxReceiveCount: 1,
      }),
    },
  });
  await sqs.send(url, 'poison', inGroup('a'));
  await sqs.send(url, 'fine', inGroup('a'));
  expect(bodies(await sqs.receive(url, { MaxNumberOfMessages: 1 }))).toEqual(['poison']);
  await sqs.clock.advance(10_000);
  expect(bodies(await sqs.receive(url))).toEqual(['fine']);
  const [moved] = await sqs.receive(dead);
  expect(moved?.json).toMatchObject({ Body: 'poison', Attributes: { MessageGroupId: 'a' } });
});

test('a receive asked for again under its attempt id gets the same messages and handles, and their time begins anew', async () => {
  for (const body of ['1', '2']) await sqs.send(url, body, inGroup('a'));
  const attempt = { ReceiveRequestAttemptId: 'try-1' };
  const first = await sqs.receive(url, attempt);
  await sqs.clock.advance(8000);
  expect(await sqs.receive(url, { ReceiveRequestAttemptId: 'try-2' })).toEqual([]);
  expect(await sqs.receive(url, attempt)).toEqual(first);
  // Ten seconds from the second answer, not from the first.
  await sqs.clock.advance(8000);
  expect(await sqs.receive(url)).toEqual([]);
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first[0]?.handle ?? '' });
  // Touched, so that it is a receive like any other.
  expect(await sqs.receive(url, attempt)).toEqual([]);
});

test('an attempt id is remembered five minutes, and while the messages are invisible', async () => {
  await sqs.send(url, '1', inGroup('a'));
  const attempt = { ReceiveRequestAttemptId: 'try-1', VisibilityTimeout: 600 };
  const [first] = await sqs.receive(url, attempt);
  await sqs.clock.advance(5 * 60_000);
  expect(await sqs.receive(url, attempt)).toEqual([]);
  await sqs.clock.advance(5 * 60_000);
  const [second] = await sqs.receive(url, attempt);
  expect(second?.body).toBe('1');
  expect(second?.handle).not.toBe(first?.handle);
});

test('an attempt id is refused by standard queues, and one of other characters by all', async () => {
  const standard = await sqs.queue('standard');
  for (const [queue, id] of [
    [standard, 'x'],
    [url, 'a b'],
  ] as const)
    await expect(sqs.receive(queue, { ReceiveRequestAttemptId: id })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
});
