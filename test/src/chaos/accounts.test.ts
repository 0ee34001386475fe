import { beforeEach, expect, test } from 'vitest';
import { makeAsyncAccount } from '../../../src/chaos/async-account.ts';
import { makeNames } from '../../../src/chaos/names.ts';
import { makeQueueAccount, type QueueAccount } from '../../../src/chaos/queue-account.ts';
import { makeStreamAccount } from '../../../src/chaos/stream-account.ts';
import type { Violation } from '../../../src/chaos/violation.ts';
import type { QueuedMessage } from '../../../src/model/faults.ts';
import { makeTrigger as makeStreamTrigger } from '../../emulators/dynamodb/triggers/following.ts';
import { ARN, makeTrigger } from '../../emulators/sqs/running-queue.ts';
import { failed, ok } from '../../emulators/world.ts';

let violations: Violation[];
beforeEach(() => {
  violations = [];
});
const report = (violation: Violation) => void violations.push(violation);
const said = () => violations.map(({ invariant, message }) => `${invariant}: ${message}`);

const names = makeNames();
const message = (seq: number, more: Partial<QueuedMessage> = {}): QueuedMessage => ({
  ...{ queue: 'orders', seq, id: `id-${seq}`, origin: { traceId: names.traceOf(seq) } },
  ...more,
});
const openQueues = (more = {}) =>
  makeQueueAccount(makeNames(), () => [makeTrigger({ queueArn: `${ARN}orders`, ...more })], report);
const receive = (account: QueueAccount, one: QueuedMessage, limit?: number) => {
  const handle = `${one.seq} ${Math.random()}`;
  account.received(one, handle, limit);
  return account.batch(JSON.stringify({ Records: [{ receiptHandle: handle }] }));
};

test('a message deleted after it was handled is no matter', () => {
  const account = openQueues();
  account.stored(message(1));
  expect(account.pending()).toEqual(['1/orders']);
  const batch = receive(account, message(1));
  account.begin('worker', batch);
  account.end('worker', batch, ok());
  account.removed(message(1), 'handled');
  expect(account.pending()).toEqual([]);
  expect(said()).toEqual([]);
});

test('a message deleted though its batch failed is lost', () => {
  const account = openQueues();
  account.stored(message(1));
  const batch = receive(account, message(1));
  account.begin('worker', batch);
  account.end('worker', batch, failed);
  account.removed(message(1), 'handled');
  expect(said()).toEqual(['nothing-lost: 1/orders was deleted though nobody handled it']);
});

test('a message the function reports as failed is not handled', () => {
  const account = openQueues({ reportBatchItemFailures: true });
  account.stored(message(1));
  const batch = receive(account, message(1));
  account.begin('worker', batch);
  account.end('worker', batch, ok({ batchItemFailures: [{ itemIdentifier: 'id-1' }] }));
  account.removed(message(1), 'handled');
  expect(said()).toHaveLength(1);
});

test('a dead-letter queue gets a message after as many receives as its policy says, not before and not later', () => {
  const early = openQueues();
  early.stored(message(1));
  receive(early, message(1), 3);
  early.removed(message(1), 'dead-letter');
  expect(said()).toEqual([
    'dead-letter: 1/orders went to the dead-letter queue after 1 receives; it is due after 3',
  ]);
  violations.length = 0;
  const late = openQueues();
  late.stored(message(1));
  for (let times = 0; times < 3; times++) receive(late, message(1), 3);
  expect(said()).toEqual([]);
  receive(late, message(1), 3);
  expect(said()).toEqual(['dead-letter: 1/orders was received 4 times; its queue allows 3']);
});

test('a receive that does not count does not count', () => {
  const account = openQueues();
  account.stored(message(1));
  for (let times = 0; times < 5; times++) {
    receive(account, message(1), 1);
    account.uncounted(message(1));
  }
  expect(said()).toEqual([]);
});

test('a FIFO message delivered before the one ahead of it is done breaks the order, in another group it does not', () => {
  const account = openQueues();
  const of = (seq: number, groupId: string) => message(seq, { queue: 'steps.fifo', groupId });
  const all = [of(1, 'a'), of(2, 'a'), of(3, 'b')];
  for (const one of all) account.stored(one);
  account.begin('worker', receive(account, of(3, 'b')));
  expect(said()).toEqual([]);
  account.begin('worker', receive(account, of(2, 'a')));
  expect(said()).toEqual([
    'order: 2/steps.fifo was delivered before 1/steps.fifo of the same group (a) was done',
  ]);
});

const record = (id: string, sequence: number) => ({
  dynamodb: { Keys: { id: { S: id } }, SequenceNumber: String(sequence) },
});
let now = 0;
const openStream = (more = {}) =>
  makeStreamAccount(
    () => [makeStreamTrigger(more)],
    report,
    () => now,
  );
type Stream = ReturnType<typeof openStream>;
const deliver = (account: Stream, outcome: typeof failed, ...records: ReturnType<typeof record>[]) => {
  const batch = account.batch('worker', 'orders', JSON.stringify({ Records: records }));
  account.begin(batch);
  account.end(batch, outcome);
};

test('changes of one item come one after the other, of different items as they like', () => {
  const account = openStream();
  deliver(account, failed, record('a', 1));
  deliver(account, ok(), record('b', 2));
  expect(said()).toEqual([]);
  expect(account.pending()).toEqual(['orders{"id":"a"}#1 for worker']);
  deliver(account, ok(), record('a', 3));
  expect(said()).toEqual(['order: worker got orders{"id":"a"}#2 before orders{"id":"a"}#1 was done']);
});

test('a change that comes after a later one of its item was passed over', () => {
  const account = openStream();
  deliver(account, ok(), record('a', 3));
  deliver(account, ok(), record('a', 1));
  expect(said()).toEqual(['order: worker got orders{"id":"a"}#1 before the earlier orders{"id":"a"}#2']);
});

test('a change that was given up is lost where nobody is told', () => {
  const rules = { maximumRetryAttempts: 1 };
  const untold = openStream(rules);
  deliver(untold, failed, record('a', 1));
  deliver(untold, failed, record('a', 1));
  untold.finish();
  expect(said()).toEqual([
    'nothing-lost: orders{"id":"a"}#1 was given up by worker after 2 failures, and no destination was told',
  ]);
  violations.length = 0;
  const told = openStream({ ...rules, onFailureArn: `${ARN}given-up` });
  deliver(told, failed, record('a', 1));
  deliver(told, failed, record('a', 1));
  told.finish();
  expect(said()).toEqual([]);
});

test('a change that failed often enough still waits until it is sure that it is not tried again', () => {
  const account = openStream({ maximumRetryAttempts: 0, onFailureArn: `${ARN}given-up` });
  deliver(account, failed, record('a', 1));
  expect(account.pending()).toEqual(['orders{"id":"a"}#1 for worker']);
  now += 120_001;
  expect(account.pending()).toEqual([]);
});

test('an asynchronous event that is dropped is lost, one that is told is not', () => {
  const account = makeAsyncAccount(makeNames(), report);
  account.enqueued('job', 'r1', { traceId: names.traceOf(1) });
  account.enqueued('job', 'r2', { traceId: names.traceOf(2) });
  expect(account.pending()).toEqual(['1/job', '2/job']);
  account.givenUp({ functionId: 'job', requestId: 'r1', reason: 'it failed 3 times', told: ['dead'] });
  expect(said()).toEqual([]);
  account.givenUp({ functionId: 'job', requestId: 'r2', reason: 'it failed 3 times', told: [] });
  expect(said()).toEqual([
    'nothing-lost: 2/job was dropped by job: it failed 3 times; it has neither a destination nor a dead-letter queue',
  ]);
  expect(account.pending()).toEqual([]);
});
