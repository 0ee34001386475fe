import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { saveState } from '../saved-state.ts';
import { makeWorld } from '../world.ts';
import { ARN, type RunningSqs, startSqs } from './running-queue.ts';

let store: FileStore;
let sqs: RunningSqs;
let dead: string;
let work: string;
beforeEach(async () => {
  store = openTemporaryStore();
  sqs = await startSqs(makeWorld(store));
  dead = await sqs.queue('dead');
  work = await sqs.queue('work', { RedrivePolicy: redrive('dead'), VisibilityTimeout: '0' });
});
afterEach(async () => {
  await sqs.emulator.close();
  await store.close();
});

const redrive = (name: string) => JSON.stringify({ deadLetterTargetArn: ARN + name, maxReceiveCount: 1 });
const rest = () => sqs.clock.advance(0);
const start = (more: JsonObject = {}) =>
  sqs.call('StartMessageMoveTask', { SourceArn: `${ARN}dead`, ...more });
const tasks = async (max = 10) => {
  const { Results: results } = await sqs.call('ListMessageMoveTasks', {
    SourceArn: `${ARN}dead`,
    MaxResults: max,
  });
  return results as JsonObject[];
};
const bodies = async (url: string, more = {}) => (await sqs.receive(url, more)).map(({ body }) => body);

/** Sends messages to `work` and receives them often enough to be moved to `dead`. */
async function fill(...texts: string[]) {
  for (const text of texts) await sqs.send(work, text);
  await sqs.receive(work);
  await sqs.receive(work);
  expect(await sqs.counts(dead)).toMatchObject({ visible: texts.length });
}

test('messages go back to the queue they came from, as new ones', async () => {
  await fill('1', '2');
  const [before] = await sqs.receive(dead, { VisibilityTimeout: 0 });
  const { TaskHandle: handle } = await start();
  expect(await tasks()).toEqual([
    {
      TaskHandle: handle,
      Status: 'RUNNING',
      SourceArn: `${ARN}dead`,
      ApproximateNumberOfMessagesMoved: 0,
      ApproximateNumberOfMessagesToMove: 2,
      StartedTimestamp: sqs.clock.now(),
    },
  ]);
  await rest();
  await rest();
  expect(await tasks()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 }]);
  expect((await tasks())[0]).not.toHaveProperty('TaskHandle');
  expect(await sqs.counts(dead)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  const back = await sqs.receive(work, { VisibilityTimeout: 30 });
  expect(back.map(({ body }) => body)).toEqual(['1', '2']);
  expect(back[0]?.json).toMatchObject({ Attributes: { ApproximateReceiveCount: '1' } });
  expect(back[0]?.json.MessageId).not.toBe(before?.json.MessageId);
  expect(back[0]?.json.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
});

test('a destination of its own takes them, and wakes who waits there', async () => {
  await fill('1');
  const other = await sqs.queue('other');
  const waiting = bodies(other, { WaitTimeSeconds: 20 });
  await start({ DestinationArn: `${ARN}other` });
  await rest();
  expect(await waiting).toEqual(['1']);
});

test('a rate is kept', async () => {
  await fill('1', '2', '3');
  await start({ MaxNumberOfMessagesPerSecond: 2 });
  await rest();
  expect(await tasks()).toMatchObject([{ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 2 }]);
  await sqs.clock.advance(999);
  expect(await sqs.counts(dead)).toMatchObject({ visible: 1 });
  await sqs.clock.advance(1);
  expect(await sqs.counts(dead)).toMatchObject({ visible: 0 });
});

test('a task can be cancelled once, and what was moved stays moved', async () => {
  await fill('1', '2');
  const { TaskHandle: handle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
  await rest();
  const cancel = () => sqs.call('CancelMessageMoveTask', { TaskHandle: handle ?? '' });
  expect(await cancel()).toEqual({ ApproximateNumberOfMessagesMoved: 1 });
  await sqs.clock.advance(10_000);
  expect(await tasks()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 1 }]);
  expect(await sqs.counts(dead)).toMatchObject({ visible: 1 });
  await expect(cancel()).rejects.toThrow('Only active tasks can be cancelled.');
});

test('a message that was sent to the dead-letter queue itself fails the task', async () => {
  await sqs.send(dead, 'mine');
  await start();
  await rest();
  expect(await tasks()).toMatchObject([
    { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
  ]);
  expect(await bodies(dead)).toEqual(['mine']);
});

test('a task goes on after a restart, and with the state that was restored', async () => {
  await fill('1', '2');
  await start({ MaxNumberOfMessagesPerSecond: 1 });
  await rest();
  const restore = await saveState(store);
  await sqs.emulator.close();
  sqs = await startSqs(makeWorld(store, sqs.clock));
  await sqs.clock.advance(2000);
  expect(await tasks()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 }]);
  await restore(sqs.emulator);
  expect(await tasks()).toMatchObject([{ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 1 }]);
  await sqs.clock.advance(2000);
  expect(await tasks()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 }]);
});

test('a FIFO queue keeps its groups, and numbers the messages anew', async () => {
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  const deadFifo = await sqs.queue('dead.fifo', fifo);
  const url = await sqs.queue('work.fifo', {
    ...fifo,
    RedrivePolicy: redrive('dead.fifo'),
    VisibilityTimeout: '0',
  });
  for (const body of ['a1', 'a2']) await sqs.send(url, body, { MessageGroupId: 'a' });
  await sqs.receive(url);
  await sqs.receive(url);
  const [first] = await sqs.receive(deadFifo, { VisibilityTimeout: 0 });
  await sqs.call('StartMessageMoveTask', { SourceArn: `${ARN}dead.fifo` });
  await rest();
  const back = await sqs.receive(url, { VisibilityTimeout: 30 });
  expect(back.map(({ body }) => body)).toEqual(['a1', 'a2']);
  const numbers = [first, back[0]].map(
    (one) => (one?.json.Attributes as JsonObject | undefined)?.SequenceNumber,
  );
  expect(numbers[0]).not.toBe(numbers[1]);
  expect(back[0]?.json).toMatchObject({ Attributes: { MessageGroupId: 'a' } });
});

test.each([
  ['no such queue', { SourceArn: `${ARN}none` }, /SourceArn parameter doesn't exist/],
  ['no such destination', { DestinationArn: `${ARN}none` }, /DestinationArn parameter doesn't exist/],
  ['a queue nobody redrives to', { SourceArn: `${ARN}work` }, /must be configured as a Dead Letter Queue/],
  ['itself', { DestinationArn: `${ARN}dead` }, /cannot be the same/],
  ['a rate that is none', { MaxNumberOfMessagesPerSecond: 501 }, /Must be between 1 and 500/],
])('refuses %s', async (_what, input, message) => {
  await expect(start(input)).rejects.toThrow(message);
});

test('refuses a second task, and a handle nobody gave out', async () => {
  await fill('1');
  await start();
  await expect(start()).rejects.toThrow('There is already a task running.');
  const cancel = (TaskHandle: string) => sqs.call('CancelMessageMoveTask', { TaskHandle });
  await expect(cancel('nonsense')).rejects.toThrow('Value for parameter TaskHandle is invalid.');
  const unknown = Buffer.from(JSON.stringify({ taskId: 'x', sourceArn: `${ARN}dead` })).toString('base64');
  await expect(cancel(unknown)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('a dead-letter queue may choose who uses it', async () => {
  const allow = (policy: object) =>
    sqs.call('SetQueueAttributes', {
      QueueUrl: dead,
      Attributes: { RedriveAllowPolicy: JSON.stringify(policy) },
    });
  const use = (name: string) => sqs.queue(name, { RedrivePolicy: redrive('dead') });
  await allow({ redrivePermission: 'byQueue', sourceQueueArns: [`${ARN}chosen`] });
  await expect(use('another')).rejects.toThrow('does not allow this source queue');
  await use('chosen');
  await allow({ redrivePermission: 'denyAll' });
  await expect(use('nobody')).rejects.toThrow('does not allow this source queue');
  await expect(allow({ redrivePermission: 'byQueue' })).rejects.toThrow('RedriveAllowPolicy');
});
