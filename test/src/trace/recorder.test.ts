import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DevEvent } from '../../../src/model/events.ts';
import type { Invoked } from '../../../src/model/invocation.ts';
import type { Store } from '../../../src/model/platform.ts';
import type { CallStart } from '../../../src/model/tracing.ts';
import { type FakeClock, makeFakeClock } from '../../../src/std/clock.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';
import { openTemporaryStore } from '../../../src/std/store/store.ts';
import { type Journal, openJournal } from '../../../src/trace/journal.ts';
import { makeRecorder, type RecorderOptions } from '../../../src/trace/recorder.ts';
import { invokedOf, requestOf, specOf, T0 } from './records.ts';

let store: Store;
let journal: Journal;
let clock: FakeClock;
let events: DevEvent[];
beforeEach(() => {
  store = openTemporaryStore();
  journal = openJournal(store);
  clock = makeFakeClock(T0);
  events = [];
});
afterEach(async () => {
  journal.close();
  await store.close();
});

const request = requestOf();
const traceHeader = `Root=${request.trace.traceId};Parent=${request.spanId};Sampled=1`;

function recorder(more: Partial<RecorderOptions> = {}) {
  const functions = [specOf('create')];
  return makeRecorder({
    journal,
    clock,
    ids: makeSeededIds(3),
    functions: () => functions,
    emit: (event) => void events.push(event),
    enabled: true,
    ...more,
  });
}

/** An invocation that ends when told to. */
function held(more: Partial<RecorderOptions> = {}) {
  const made = recorder(more);
  let end: (invoked: Invoked) => void = () => {};
  const door = made.layer(
    () =>
      new Promise<Invoked>((resolve) => {
        end = resolve;
      }),
  );
  const running = door(request);
  return {
    ...made,
    finish: async (invoked = invokedOf()) => {
      end(invoked);
      await running;
    },
  };
}

function callStart(more: Partial<CallStart> = {}): CallStart {
  return { service: 'sqs', operation: 'SendMessage', target: 'orders', input: () => '{"in":1}', ...more };
}
const ok = { status: 'ok', output: () => '{"out":1}' } as const;

test('what was heard of a streamed response is in the row', async () => {
  const { finish } = held();
  const streamed = { sizeBytes: 5e6, cut: true, hungUp: true } as const;
  await finish(invokedOf({ streamed }));
  expect(journal.list()[0]?.streamed).toEqual(streamed);
});

test('an invocation becomes one row and two events', async () => {
  const { finish } = held();
  await clock.advance(50);
  await finish(invokedOf({ memoryPeakBytes: 1e6, cpuMs: 1.5, artifactId: 'build-1', coldStart: true }));
  const [row] = journal.list();
  expect(row).toEqual({
    id: request.recordId,
    attempt: 1,
    traceId: request.trace.traceId,
    spanId: request.spanId,
    functionId: 'create',
    functionName: 'shop-dev-create',
    cause: { kind: 'cli' },
    event: '{"a":1}',
    startedAt: T0,
    endedAt: T0 + 50,
    memoryMb: 256,
    ...invokedOf({ memoryPeakBytes: 1e6, cpuMs: 1.5, artifactId: 'build-1', coldStart: true }),
    calls: [],
  });
  expect(events.map((event) => event.type === 'invocation' && [event.status, event.id])).toEqual([
    ['started', request.recordId],
    ['ended', request.recordId],
  ]);
  await clock.advance(100);
  expect(clock.waiting).toBe(0);
});

test('parent, links and client context of the request are kept', async () => {
  const links = [{ traceId: '1-69571a25-000000000000000000000002', parentId: '00000000000000bb' }];
  const wanted = requestOf({
    trace: { traceId: request.trace.traceId, parentId: '00000000000000cc' },
    links,
    clientContext: '{"c":1}',
    attempt: 2,
  });
  await recorder().layer(async () => invokedOf())(wanted);
  expect(journal.list()[0]).toMatchObject({
    parentId: '00000000000000cc',
    links,
    clientContext: '{"c":1}',
    attempt: 2,
  });
});

test('a row is written early only when the invocation lasts longer than 100 ms', async () => {
  const { finish } = held();
  await clock.advance(99);
  expect(journal.list()).toEqual([]);
  await clock.advance(1);
  expect(journal.list()).toMatchObject([{ id: request.recordId }]);
  expect(journal.list()[0]?.endedAt).toBeUndefined();
  await finish();
  expect(journal.list()).toMatchObject([{ endedAt: T0 + 100, outcome: { status: 'ok' } }]);
});

test('calls of a long invocation appear in its row while it runs', async () => {
  const { calls, finish } = held();
  await clock.advance(100);
  calls.begin(callStart({ traceHeader })).end(ok);
  await clock.advance(250);
  expect(journal.list()[0]?.calls).toHaveLength(1);
  await finish();
  expect(journal.list()[0]?.calls).toHaveLength(1);
});

test('a call is attributed by the trace header, and its span is the origin of what it causes', async () => {
  const { calls, finish } = held();
  const call = calls.begin(callStart({ traceHeader }));
  await clock.advance(7);
  call.end(ok);
  await finish();
  const [made] = journal.list()[0]?.calls ?? [];
  expect(made).toEqual({
    spanId: call.origin.parentId,
    service: 'sqs',
    operation: 'SendMessage',
    target: 'orders',
    startedAt: T0,
    durationMs: 7,
    status: 'ok',
    input: '{"in":1}',
    output: '{"out":1}',
  });
  expect(call.origin.traceId).toBe(request.trace.traceId);
});

test('a failed call keeps the error code', async () => {
  const { calls, finish } = held();
  calls
    .begin(callStart({ traceHeader }))
    .end({ status: 'error', errorCode: 'QueueDoesNotExist', output: () => '{}' });
  await finish();
  expect(journal.list()[0]?.calls).toMatchObject([{ status: 'error', errorCode: 'QueueDoesNotExist' }]);
});

test('a traceparent will do in place of the trace header', async () => {
  const { calls, finish } = held();
  const traceparent = `00-${request.trace.traceId.slice(2).replace('-', '')}-${request.spanId}-01`;
  calls.begin(callStart({ traceparent })).end(ok);
  await finish();
  expect(journal.list()[0]?.calls).toHaveLength(1);
});

test('without a header the credentials name the instance, whose invocation under way is the caller', async () => {
  const { calls, finish } = held({ spanOf: (key) => (key === 'AKIA1' ? request.spanId : undefined) });
  const call = calls.begin(callStart({ accessKeyId: 'AKIA1' }));
  call.end(ok);
  expect(call.origin.traceId).toBe(request.trace.traceId);
  calls.begin(callStart({ accessKeyId: 'other' })).end(ok);
  await finish();
  expect(journal.list()[0]?.calls).toHaveLength(1);
});

test("a tracing library's own span in the header does not hide the caller", async () => {
  const { calls, finish } = held({ spanOf: () => request.spanId });
  const header = `Root=${request.trace.traceId};Parent=9999999999999999;Sampled=1`;
  calls.begin(callStart({ traceHeader: header, accessKeyId: 'AKIA1' })).end(ok);
  await finish();
  expect(journal.list()[0]?.calls).toHaveLength(1);
});

test('a header of another trace wins over the credentials', async () => {
  const { calls, finish } = held({ spanOf: () => request.spanId });
  const header = 'Root=1-69571a25-00000000000000000000000f;Parent=9999999999999999;Sampled=1';
  const call = calls.begin(callStart({ traceHeader: header, accessKeyId: 'AKIA1' }));
  call.end(ok);
  await finish();
  expect(call.origin.traceId).toBe('1-69571a25-00000000000000000000000f');
  expect(journal.list()[0]?.calls).toEqual([]);
});

test('a call nobody can be named for begins a trace of its own', () => {
  const { origin } = recorder().calls.begin(callStart());
  expect(origin.traceId).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  expect(origin.parentId).toMatch(/^[0-9a-f]{16}$/);
});

test('a call that comes or ends after its invocation is added to the row as late', async () => {
  const { calls, finish } = held();
  const open = calls.begin(callStart({ traceHeader, operation: 'First' }));
  await finish();
  open.end(ok);
  calls.begin(callStart({ traceHeader, operation: 'Second' })).end(ok);
  expect(journal.list()[0]?.calls).toMatchObject([
    { operation: 'First', late: true },
    { operation: 'Second', late: true },
  ]);
});

test('a late call finds its row even after a restart', async () => {
  await held().finish();
  recorder().calls.begin(callStart({ traceHeader })).end(ok);
  expect(journal.list()[0]?.calls).toMatchObject([{ late: true }]);
});

test('payloads are cut to the limit, and given up when an invocation makes very many', async () => {
  const { calls, finish } = held({ payloadLimitBytes: 10 });
  calls.begin(callStart({ traceHeader, input: () => '0123456789abc' })).end(ok);
  await finish();
  expect(journal.list()[0]?.calls[0]?.input).toBe('0123456789');

  journal.clear();
  const many = held();
  for (let i = 0; i < 20; i++)
    many.calls.begin(callStart({ traceHeader, input: () => 'x'.repeat(250_000) })).end(ok);
  await many.finish();
  const kept = journal.list()[0]?.calls ?? [];
  expect(kept).toHaveLength(20);
  expect(kept.filter((call) => call.input !== undefined)).toHaveLength(16);
});

test('switched off, nothing is written or serialised, and traces still connect', async () => {
  const { calls, finish } = held({ enabled: false });
  await clock.advance(1000);
  const call = calls.begin(
    callStart({
      traceHeader,
      input: () => {
        throw new Error('not wanted');
      },
    }),
  );
  call.end(ok);
  await finish();
  expect(journal.list()).toEqual([]);
  expect(call.origin.traceId).toBe(request.trace.traceId);
  expect(events).toHaveLength(2);
});

test('a door that breaks leaves a row that says so', async () => {
  const door = recorder().layer(() => Promise.reject(new Error('bug')));
  await expect(door(request)).rejects.toThrow('bug');
  expect(journal.list()).toMatchObject([
    { outcome: { status: 'unavailable', code: 'internal', reason: 'bug' } },
  ]);
});
