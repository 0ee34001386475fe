import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AsyncQueue, openAsyncQueue } from '../../../src/invoke/async.ts';
import type { DeliverRequest } from '../../../src/model/emulator.ts';
import type { Invoked, Outcome } from '../../../src/model/invocation.ts';
import { type FakeClock, makeFakeClock } from '../../../src/std/clock.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store.ts';

let store: FileStore;
let clock: FakeClock;
let delivered: DeliverRequest[];
let notices: string[];
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
  expect(delivered).toEqual([{ ...event(), requestId, attempt: 1 }]);
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
  expect(notices).toEqual([expect.stringContaining('it is older than 6 hours (syntax error)')]);
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
