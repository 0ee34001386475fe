import { beforeEach, expect, test } from 'vitest';
import { makeAsyncAccount } from '../../../src/chaos/async-account.ts';
import { type Follower, followersOf } from '../../../src/chaos/followers.ts';
import { makeNames } from '../../../src/chaos/names.ts';
import { makeQueueAccount, type QueueAccount } from '../../../src/chaos/queue-account.ts';
import { makeStreamAccount } from '../../../src/chaos/stream-account.ts';
import type { Violation } from '../../../src/chaos/violation.ts';
import type { GivenUpRecords, QueuedMessage, StreamedRecord } from '../../../src/model/faults.ts';
import { makeTrigger as makeStreamTrigger, STREAM_ARN } from '../../emulators/dynamodb/triggers/following.ts';
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
  makeQueueAccount(
    makeNames(),
    () => followersOf([makeTrigger({ queueArn: `${ARN}orders`, ...more })]),
    report,
  );
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

const ONE_BY_ONE = { bisectBatchOnFunctionError: false, reportBatchItemFailures: false };
const ORDERS = { kind: 'table-stream', name: 'orders' } as const;
const record = (id: string, sequence: number) => ({
  dynamodb: { Keys: { id: { S: id } }, SequenceNumber: String(sequence) },
});
let now = 0;
const openStream = (more = {}) =>
  makeStreamAccount({
    names: makeNames(),
    followers: () => followersOf([makeStreamTrigger({ streamArn: STREAM_ARN, ...more })]),
    report,
    now: () => now,
  });
type Stream = ReturnType<typeof openStream>;
const deliver = (account: Stream, outcome: typeof failed, ...records: ReturnType<typeof record>[]) => {
  const batch = account.batch('worker', ORDERS, JSON.stringify({ Records: records }));
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
  expect(said()).toEqual(['order: worker got orders{"id":"a"}#2 after the later orders{"id":"a"}#1']);
});

const given = (
  sequence: number,
  condition: GivenUpRecords['condition'],
  told: boolean | undefined,
): GivenUpRecords => ({
  ...{ of: ORDERS, follower: 'worker', sequenceNumbers: [String(sequence)], shardId: 'shard-1' },
  ...{ condition, told },
});

test('a change that was given up is lost where nobody is told', () => {
  const rules = { maximumRetryAttempts: 1 };
  const untold = openStream(rules);
  deliver(untold, failed, record('a', 1));
  deliver(untold, failed, record('a', 1));
  expect(untold.pending()).toEqual(['orders{"id":"a"}#1 for worker']);
  untold.givenUp(given(1, 'RetryAttemptsExhausted', undefined));
  expect(untold.pending()).toEqual([]);
  expect(said()).toEqual([
    'nothing-lost: orders{"id":"a"}#1 was given up by worker after 2 failures, and no destination was told',
  ]);
  violations.length = 0;
  const told = openStream({ ...rules, onFailureArn: `${ARN}given-up` });
  deliver(told, failed, record('a', 1));
  deliver(told, failed, record('a', 1));
  told.givenUp(given(1, 'RetryAttemptsExhausted', true));
  expect(said()).toEqual([]);
  told.givenUp(given(1, 'RetryAttemptsExhausted', false));
  expect(said()).toEqual([expect.stringContaining('its destination was not there')]);
});

test('a destination is told when the last try has failed, not before and not later', () => {
  const rules = { maximumRetryAttempts: 1, onFailureArn: `${ARN}given-up`, ...ONE_BY_ONE };
  const early = openStream(rules);
  deliver(early, failed, record('a', 1));
  early.givenUp(given(1, 'RetryAttemptsExhausted', true));
  expect(said()).toEqual([
    'dead-letter: orders{"id":"a"}#1 was given up by worker after 1 failures; it is due after 2',
  ]);
  deliver(early, ok(), record('a', 1));
  expect(said().at(-1)).toBe(
    'dead-letter: orders{"id":"a"}#1 was given to worker again after it was given up',
  );
  violations.length = 0;
  const late = openStream(rules);
  for (let times = 0; times < 3; times++) deliver(late, failed, record('a', 1));
  expect(said()).toEqual([
    'dead-letter: orders{"id":"a"}#1 failed 2 times in worker and is tried again; it was to be given up after 2',
  ]);
});

test('after a kill the engine counts its tries anew', () => {
  const account = openStream({ maximumRetryAttempts: 1, ...ONE_BY_ONE });
  deliver(account, failed, record('a', 1));
  account.killed();
  for (let times = 0; times < 2; times++) deliver(account, failed, record('a', 1));
  expect(said()).toEqual([]);
});

test('a record that is too old is given up when its age says so', () => {
  const account = openStream({ maximumRecordAgeMs: 60_000, onFailureArn: `${ARN}given-up` });
  deliver(account, failed, record('a', 1));
  now += 30_000;
  account.givenUp(given(1, 'MaximumRecordAgeExceeded', true));
  expect(said()).toEqual([
    'dead-letter: orders{"id":"a"}#1 was given up by worker 30000 ms after it came; it is due after 60000 ms',
  ]);
});

const CLICKS = { kind: 'stream', name: 'clicks' } as const;
const click = (sequence: number, shardId = 's1', key = 'ada'): StreamedRecord => ({
  ...{ of: CLICKS, sequenceNumber: String(sequence), shardId, key },
  origin: { traceId: names.traceOf(sequence) },
});
const openClicks = (more: Partial<Follower> = {}) =>
  makeStreamAccount({
    ...{ names: makeNames(), report, now: () => now },
    followers: () => [
      {
        ...{ id: 'counter', source: CLICKS, reportsItems: false, bisects: false, lanes: 1 },
        ...{ isPresent: true, ...more },
      },
    ],
  });
const hand = (account: Stream, outcome: typeof failed, ...clicks: StreamedRecord[]) => {
  const told = clicks.map(({ sequenceNumber, shardId, key }) => ({
    eventID: `${shardId}:${sequenceNumber}`,
    kinesis: { partitionKey: key, sequenceNumber },
  }));
  const batch = account.batch('counter', CLICKS, JSON.stringify({ Records: told }));
  account.begin(batch);
  account.end(batch, outcome);
};

test('a record of a stream that never comes to who follows it is lost, one that waits behind another is not', () => {
  const account = openClicks();
  for (const sequence of [1, 2]) account.stored(click(sequence));
  hand(account, failed, click(1));
  now += 60_000;
  account.finish();
  expect(said()).toEqual([]);
  hand(account, ok(), click(1));
  expect(account.pending()).toEqual(['2/clicks for counter']);
  now += 3_600_000;
  account.finish();
  expect(said()).toEqual(['nothing-lost: 2/clicks never came to counter']);
});

test('a record that failed and is not tried again is lost', () => {
  const account = openClicks();
  account.stored(click(1));
  hand(account, failed, click(1));
  now += 3_600_000;
  account.finish();
  expect(said()).toEqual(['nothing-lost: 1/clicks failed in counter and was not tried again']);
});

test('a record that a filter turned away is not waited for', () => {
  const account = openClicks();
  account.stored(click(1));
  account.filtered({ of: CLICKS, follower: 'counter', sequenceNumbers: ['1'], shardId: 's1' });
  expect(account.pending()).toEqual([]);
});

test('a shard that is read in one lane is in order, in several lanes each key is; shards are by themselves', () => {
  const records = [click(1, 's1', 'ada'), click(2, 's1', 'bob'), click(3, 's2', 'eve')];
  const skipping = (lanes: number) => {
    violations.length = 0;
    const account = openClicks({ lanes });
    for (const one of records) account.stored(one);
    hand(account, ok(), click(3, 's2', 'eve'));
    hand(account, ok(), click(2, 's1', 'bob'));
    return said();
  };
  expect(skipping(1)).toEqual(['order: counter got 2/clicks before 1/clicks was done']);
  expect(skipping(2)).toEqual([]);
});

test('a key stays in order when its shard is split', () => {
  const account = openClicks({ lanes: 4 });
  account.stored(click(1, 's1'));
  account.stored(click(2, 's2'));
  hand(account, ok(), click(2, 's2'));
  expect(said()).toEqual(['order: counter got 2/clicks before 1/clicks was done']);
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
