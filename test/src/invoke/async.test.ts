import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AsyncQueue, openAsyncQueue } from '../../../src/invoke/async.ts';
import type { DeliverRequest, ServiceMessage } from '../../../src/model/emulator.ts';
import type { Invoked, Outcome } from '../../../src/model/invocation.ts';
import type { AsyncEventSettings, FunctionSpec } from '../../../src/model/project.ts';
import { type FakeClock, makeFakeClock } from '../../../src/std/clock.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { makeFunction } from '../../emulators/world.ts';

let store: FileStore;
let clock: FakeClock;
let delivered: DeliverRequest[];
let notices: string[];
let functions: FunctionSpec[];
let queues: Set<string>;
let sent: ServiceMessage[];
let answer: (request: DeliverRequest) => Outcome | Promise<Outcome>;
let queue: AsyncQueue;

const ok: Outcome = { status: 'ok', payload: 'null' };
const failed: Outcome = { status: 'error', phase: 'invoke', error: { errorType: 'E', errorMessage: 'no' } };
const throttled: Outcome = { status: 'throttled', reason: 'busy' };
const unavailable: Outcome = { status: 'unavailable', code: 'build-failed', reason: 'syntax error' };

const open = (perFunction = 10) =>
  openAsyncQueue({
    store,
    clock,
    ids: makeSeededIds(delivered.length + 1),
    notice: (message) => notices.push(message),
    functions: () => functions,
    send(message) {
      if (!queues.has(message.arn)) return false;
      sent.push(message);
      return true;
    },
    perFunction,
    async deliver(request): Promise<Invoked> {
      delivered.push(request);
      const outcome = await answer(request);
      return {
        requestId: request.requestId ?? '',
        outcome,
        phases: { queuedMs: 0, handlerMs: 0 },
        coldStart: false,
        logs: [],
      };
    },
  });

beforeEach(() => {
  store = openTemporaryStore();
  clock = makeFakeClock();
  delivered = [];
  notices = [];
  functions = [];
  queues = new Set();
  sent = [];
  answer = () => ok;
  queue = open();
  queue.start();
});
afterEach(async () => {
  await queue.close();
  await store.close();
});

const event = (functionId = 'worker', text = '{}'): DeliverRequest => ({
  functionId,
  event: text,
  cause: { kind: 'api', type: 'Event' },
  origin: { traceId: 't' },
});
const MINUTE = 60_000;

test('an event runs once, after the caller has his answer, with the request id he was told', async () => {
  const { requestId } = queue.enqueue(event());
  expect(delivered).toEqual([]);
  await clock.advance(6 * 3_600_000);
  expect(delivered).toEqual([
    { ...event(), requestId, attempt: 1, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) },
  ]);
});

test('a failure is retried after one minute and after two, with the same request id, then dropped with a notice', async () => {
  answer = () => failed;
  const { requestId } = queue.enqueue(event());
  await clock.advance(MINUTE - 1);
  expect(delivered).toHaveLength(1);
  await clock.advance(1);
  expect(delivered).toHaveLength(2);
  await clock.advance(2 * MINUTE - 1);
  expect(delivered).toHaveLength(2);
  await clock.advance(1);
  expect(delivered.map((request) => [request.requestId, request.attempt])).toEqual([
    [requestId, 1],
    [requestId, 2],
    [requestId, 3],
  ]);
  await clock.advance(6 * 3_600_000);
  expect(delivered).toHaveLength(3);
  expect(notices).toEqual([
    `an asynchronous event of worker was dropped: it failed 3 times (request ${requestId})`,
  ]);
});

test('a throttled event is tried again ever later up to five minutes apart, and uses up no attempt', async () => {
  const at: number[] = [];
  const start = clock.now();
  answer = () => {
    at.push((clock.now() - start) / 1000);
    return throttled;
  };
  queue.enqueue(event());
  await clock.advance(20 * MINUTE);
  expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111]);
  expect(new Set(delivered.map((request) => request.attempt))).toEqual(new Set([1]));
});

test('an event that could not be run for six hours is dropped with the reason', async () => {
  answer = () => unavailable;
  queue.enqueue(event());
  await clock.advance(7 * 3_600_000);
  expect(notices).toEqual([
    expect.stringContaining('it would be older than 6 hours at its next attempt (syntax error)'),
  ]);
  const tried = delivered.length;
  await clock.advance(3_600_000);
  expect(delivered).toHaveLength(tried);
});

test('a healed function gets what waited for it at once', async () => {
  answer = () => unavailable;
  queue.enqueue(event());
  await clock.advance(10 * MINUTE);
  const tried = delivered.length;
  answer = () => ok;
  queue.retryNow('worker');
  await clock.advance(0);
  expect(delivered).toHaveLength(tried + 1);
});

test('a healed function does not hurry the retries of failures', async () => {
  answer = () => failed;
  queue.enqueue(event());
  await clock.advance(0);
  queue.retryNow('worker');
  await clock.advance(MINUTE - 1);
  expect(delivered).toHaveLength(1);
});

test('what was stored and not run yet runs in the next session', async () => {
  const before = open();
  before.enqueue(event('worker', '"never started"'));
  queue.start();
  await clock.advance(0);
  expect(delivered.map((request) => request.event)).toEqual(['"never started"']);
});

test('an event whose session died while it ran is run again; its retries go on where they were', async () => {
  answer = () => failed;
  const { requestId } = queue.enqueue(event());
  await clock.advance(0);
  answer = () => new Promise(() => {});
  await clock.advance(MINUTE);
  expect(delivered).toHaveLength(2);
  const later = open();
  answer = () => ok;
  later.start();
  await clock.advance(0);
  expect(delivered[2]).toMatchObject({ requestId, attempt: 2 });
  await later.close();
});

test('no more events of a function run at once than allowed, in the order they came; others are not held up', async () => {
  const ends: (() => void)[] = [];
  answer = () =>
    new Promise((resolve) => {
      ends.push(() => resolve(ok));
    });
  await queue.close();
  queue = open(2);
  queue.start();
  for (const n of [1, 2, 3, 4]) queue.enqueue(event('slow', `${n}`));
  queue.enqueue(event('quick', '"q"'));
  await clock.advance(0);
  expect(delivered.map((request) => request.event)).toEqual(['1', '2', '"q"']);
  ends[1]?.();
  await clock.advance(0);
  expect(delivered.map((request) => request.event)).toEqual(['1', '2', '"q"', '3']);
  for (const end of ends) end();
  await clock.advance(0);
  for (const end of ends) end();
  await clock.advance(0);
  expect(delivered).toHaveLength(5);
});

test('a door that fails loses nothing', async () => {
  answer = () => {
    throw new Error('broken door');
  };
  queue.enqueue(event());
  await clock.advance(0);
  answer = () => ok;
  await clock.advance(1000);
  expect(delivered).toHaveLength(2);
});

test('closing waits for what runs, and nothing starts afterwards', async () => {
  let end = () => {};
  answer = () =>
    new Promise((resolve) => {
      end = () => resolve(ok);
    });
  queue.enqueue(event());
  await clock.advance(0);
  const closing = queue.close();
  end();
  await closing;
  queue.enqueue(event());
  await clock.advance(MINUTE);
  expect(delivered).toHaveLength(1);
  expect(clock.waiting).toBe(0);
  // The second is still there for the next session, the first is not.
  const later = open();
  later.start();
  await clock.advance(0);
  expect(delivered).toHaveLength(2);
  await later.close();
});

test('after the state was exchanged the events in it run, and what runs of the ones before no longer counts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-saved-'));
  const answers: ((outcome: Outcome) => void)[] = [];
  answer = () => new Promise((resolve) => answers.push(resolve));
  queue.enqueue(event('worker', '"saved"'));
  await clock.advance(0);
  await store.copyTo(folder);
  answers[0]?.(ok);
  await clock.advance(0);
  queue.enqueue(event('worker', '"later"'));
  await clock.advance(0);
  await store.replaceBy(folder, () => queue.reload());
  await clock.advance(0);
  expect(delivered.map(({ event: text }) => text)).toEqual(['"saved"', '"later"', '"saved"']);
  answers[1]?.(ok);
  await clock.advance(0);
  answers[2]?.(failed);
  await clock.advance(MINUTE);
  expect(delivered.map(({ event: text }) => text)).toEqual(['"saved"', '"later"', '"saved"', '"saved"']);
  answers[3]?.(ok);
  await clock.advance(10 * MINUTE);
  expect(delivered).toHaveLength(4);
  rmSync(folder, { recursive: true });
});

const ORDERS = 'arn:aws:sqs:eu-west-1:000000000000:orders';
const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:dead';

const worker = (asyncEvents: AsyncEventSettings, more: Partial<FunctionSpec> = {}) =>
  makeFunction({ id: 'worker', asyncEvents, ...more });
const bodies = () => sent.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

test('a function that allows no retries is run once', async () => {
  functions = [worker({ maximumRetryAttempts: 0 })];
  answer = () => failed;
  queue.enqueue(event());
  await clock.advance(6 * 3_600_000);
  expect(delivered).toHaveLength(1);
  expect(notices).toEqual([expect.stringContaining('was dropped: it failed (request')]);
});

test('one retry is one more run', async () => {
  functions = [worker({ maximumRetryAttempts: 1 })];
  answer = () => failed;
  queue.enqueue(event());
  await clock.advance(6 * 3_600_000);
  expect(delivered).toHaveLength(2);
});

test('an event that grows too old is given up, and its destination is told so', async () => {
  functions = [worker({ maximumEventAgeMs: 2 * MINUTE, onFailureArn: ORDERS })];
  queues.add(ORDERS);
  answer = () => throttled;
  const { requestId } = queue.enqueue(event('worker', '{"n":1}'));
  await clock.advance(3 * MINUTE);
  expect(bodies()).toEqual([
    {
      version: '1.0',
      timestamp: expect.any(String),
      requestContext: {
        requestId,
        functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker:$LATEST',
        condition: 'EventAgeExceeded',
        approximateInvokeCount: 0,
      },
      requestPayload: { n: 1 },
    },
  ]);
  expect(notices).toEqual([
    `an asynchronous event of worker was given up: it would be older than 2 minutes at its next attempt (busy); told orders (request ${requestId})`,
  ]);
});

test('a bucket is told of a failure under the name the service gives the object', async () => {
  const bucket = 'arn:aws:s3:::failures';
  functions = [worker({ maximumRetryAttempts: 0, onFailureArn: bucket })];
  queues.add(bucket);
  answer = () => failed;
  queue.enqueue(event('worker', '{"n":1}'));
  await clock.advance(0);
  const time = new Date(clock.now()).toISOString();
  const day = `${time.slice(0, 4)}/${time.slice(5, 7)}/${time.slice(8, 10)}`;
  const second = `${time.slice(0, 10)}T${time.slice(11, 13)}.${time.slice(14, 16)}.${time.slice(17, 19)}`;
  const place = `aws/lambda/async/shop-dev-worker/${day}/${second}-`;
  expect(sent).toMatchObject([{ arn: bucket, key: expect.stringContaining(place) }]);
  expect(sent[0]?.key?.slice(place.length)).toMatch(/^[0-9a-f-]{36}$/);
});

test('a success goes to its destination with what the function answered, as a child of the run', async () => {
  functions = [worker({ onSuccessArn: ORDERS, onFailureArn: DEAD })];
  queues.add(ORDERS).add(DEAD);
  answer = () => ({ status: 'ok', payload: '{"done":true}' });
  const { requestId } = queue.enqueue(event('worker', '{"n":1}'));
  await clock.advance(0);
  expect(sent).toEqual([
    {
      arn: ORDERS,
      body: expect.any(String),
      origin: { traceId: 't', parentId: delivered[0]?.spanId, lineage: expect.stringMatching(/:1$/) },
    },
  ]);
  expect(bodies()).toEqual([
    {
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId,
        functionArn: expect.stringContaining(':shop-dev-worker:$LATEST'),
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { done: true },
    },
  ]);
  expect(notices).toEqual([]);
});

test('a failure that stays goes to the destination and to the dead-letter queue, as children of the last run', async () => {
  functions = [worker({ onFailureArn: ORDERS, deadLetterArn: DEAD })];
  queues.add(ORDERS).add(DEAD);
  answer = () => failed;
  const { requestId } = queue.enqueue(event('worker', '{"n":1}'));
  await clock.advance(10 * MINUTE);
  expect(delivered).toHaveLength(3);
  expect(new Set(delivered.map(({ spanId }) => spanId)).size).toBe(3);
  const origin = { traceId: 't', parentId: delivered[2]?.spanId, lineage: expect.stringMatching(/:1$/) };
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'E', errorMessage: 'no' },
  });
  expect(sent[0]?.origin).toEqual(origin);
  expect(sent[1]).toEqual({
    arn: DEAD,
    body: '{"n":1}',
    attributes: {
      RequestID: { type: 'String', value: requestId },
      ErrorCode: { type: 'Number', value: '200' },
      ErrorMessage: { type: 'String', value: 'no' },
    },
    origin,
  });
  expect(notices).toEqual([expect.stringContaining('it failed 3 times; told orders and dead')]);
});

test('a function as destination is run with the record, in the same trace', async () => {
  const audit = makeFunction({ id: 'audit', name: 'shop-dev-audit' });
  functions = [worker({ onSuccessArn: audit.arn }), audit];
  queue.enqueue(event('worker', '[1]'));
  await clock.advance(0);
  await clock.advance(0);
  expect(delivered.map(({ functionId }) => functionId)).toEqual(['worker', 'audit']);
  expect(delivered[1]).toMatchObject({
    cause: { kind: 'destination', of: 'worker', condition: 'Success' },
    origin: { traceId: 't', parentId: delivered[0]?.spanId, lineage: expect.stringMatching(/:1$/) },
  });
  expect(JSON.parse(delivered[1]?.event ?? '')).toMatchObject({ requestPayload: [1], responsePayload: null });
});

test('a version as destination is that version where there is one, else the function', async () => {
  const audit = makeFunction({ id: 'audit', name: 'shop-dev-audit' });
  const version = { ...audit, id: 'audit:1', arn: `${audit.arn}:1`, version: '1' };
  functions = [worker({ onSuccessArn: version.arn }), audit, version];
  queue.enqueue(event());
  await clock.advance(0);
  await clock.advance(0);
  expect(delivered[1]?.functionId).toBe('audit:1');
  functions = [worker({ onSuccessArn: `${audit.arn}:live` }), audit, version];
  queue.enqueue(event());
  await clock.advance(0);
  await clock.advance(0);
  expect(delivered[3]?.functionId).toBe('audit');
});

test('without reserved concurrency events are given up at once, without having run', async () => {
  functions = [worker({ deadLetterArn: DEAD, onFailureArn: ORDERS }, { reservedConcurrency: 0 })];
  queues.add(ORDERS).add(DEAD);
  answer = () => throttled;
  queue.enqueue(event());
  await clock.advance(0);
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
  });
  expect(sent[1]?.attributes).toMatchObject({ ErrorCode: { value: '429' }, ErrorMessage: { value: 'busy' } });
});

test('a destination that is not there is told about, and the event is dropped', async () => {
  functions = [worker({ maximumRetryAttempts: 0, onFailureArn: ORDERS })];
  answer = () => failed;
  queue.enqueue(event());
  await clock.advance(0);
  expect(notices).toEqual([
    expect.stringContaining(`worker: there is no ${ORDERS} here`),
    expect.stringContaining('was dropped: it failed'),
  ]);
});

test('the attempts of an event that came from nowhere are of one trace', async () => {
  answer = () => failed;
  const { origin: _, ...rootless } = event();
  queue.enqueue(rootless);
  await clock.advance(10 * MINUTE);
  expect(delivered).toHaveLength(3);
  expect(new Set(delivered.map(({ origin }) => origin?.traceId)).size).toBe(1);
});

test('an event whose session died before its end was told is told of by the next one', async () => {
  functions = [worker({ maximumRetryAttempts: 0, onFailureArn: ORDERS })];
  queues.add(ORDERS);
  answer = () => new Promise(() => {});
  queue.enqueue(event());
  await clock.advance(0);
  const later = open();
  answer = () => failed;
  later.start();
  await clock.advance(0);
  expect(bodies()).toEqual([
    expect.objectContaining({ requestContext: expect.objectContaining({ condition: 'RetriesExhausted' }) }),
  ]);
  await later.close();
});
