import { expect, test } from 'vitest';
import { decideAfter, policyOf } from '../../../src/invoke/async-retries.ts';
import { lineageWithin, makeRecursionGuard } from '../../../src/invoke/recursion.ts';
import type { Cause, Invoked, InvokeRequest, TraceContext } from '../../../src/model/invocation.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import { formatTraceHeader, parseTraceHeader } from '../../../src/std/trace-header.ts';
import { makeFunction, makeInvoked, ok } from '../../emulators/world.ts';

const queue: Cause = { kind: 'queue', queue: 'orders', messageIds: ['m'] };

function open(more: Partial<FunctionSpec> = {}) {
  const functions = [makeFunction({ id: 'a', ...more }), makeFunction({ id: 'b', arn: 'arn:other' })];
  const ran: InvokeRequest[] = [];
  const notices: string[] = [];
  const guard = makeRecursionGuard({
    functionById: (id) => functions.find((fn) => fn.id === id),
    notice: (message) => notices.push(message),
  });
  const invoke = guard(async (request): Promise<Invoked> => {
    ran.push(request);
    return makeInvoked(ok(1), request.requestId);
  });
  const run = (functionId: string, trace: TraceContext, cause: Cause = queue) =>
    invoke({
      functionId,
      event: '{}',
      cause,
      trace,
      spanId: '53995c3f42cd8ad8',
      recordId: 'r',
      requestId: 'q',
      attempt: 1,
    });
  /** What the next event of the chain carries: the function’s own header, read again. */
  const carried = (): TraceContext => {
    const last = ran.at(-1);
    const fn = functions.find(({ id }) => id === last?.functionId);
    if (!last || !fn) throw new Error('nothing ran');
    const trace = { ...last.trace, parentId: '53995c3f42cd8ad8', lineage: lineageWithin(last, fn) };
    return parseTraceHeader(formatTraceHeader(trace)) ?? trace;
  };
  return { run, ran, carried, notices };
}

const first: TraceContext = { traceId: '1-67891233-abcdef012345678912345678' };

test('a function runs sixteen times in one chain, and is stopped with one word to the user', async () => {
  const { run, ran, carried, notices } = open();
  await run('a', first);
  for (let n = 1; n < 16; n++) await run('a', carried());
  expect(ran).toHaveLength(16);
  const stopped = await run('a', carried());
  expect(stopped.outcome).toMatchObject({ status: 'unavailable', code: 'recursive-invocation' });
  await run('a', carried());
  expect(ran).toHaveLength(16);
  expect(notices).toEqual([expect.stringContaining('a has run 16 times in one chain of events')]);
});

test('each function of a chain is counted for itself', async () => {
  const { run, ran, carried } = open();
  await run('a', first);
  for (let n = 1; n < 16; n++) await run(n % 2 === 0 ? 'a' : 'b', carried());
  expect(carried().lineage).toMatch(/^[0-9a-f]{8}:8\|[0-9a-f]{8}:8$/);
  expect((await run('a', carried())).outcome.status).toBe('ok');
  expect(ran).toHaveLength(17);
});

test('what comes over HTTP or from a table begins a new chain', async () => {
  const { run, carried, ran } = open();
  await run('a', first);
  for (let n = 1; n < 16; n++) await run('a', carried());
  const cause: Cause = { kind: 'table-stream', table: 'orders', records: 1, from: '1' };
  expect((await run('a', carried(), cause)).outcome.status).toBe('ok');
  expect(carried().lineage).toMatch(/:1$/);
  expect(ran).toHaveLength(17);
});

test('a function that allows recursion goes on', async () => {
  const { run, ran, carried } = open({ allowsRecursion: true });
  await run('a', first);
  for (let n = 1; n < 20; n++) await run('a', carried());
  expect(ran).toHaveLength(20);
});

test('an asynchronous event that is stopped is given up at once', () => {
  const outcome = { status: 'unavailable', code: 'recursive-invocation', reason: 'a loop' } as const;
  const progress = { attempt: 1, postponed: 0, enqueuedAt: 0 };
  expect(decideAfter(outcome, progress, 0, policyOf(makeFunction()))).toMatchObject({
    next: 'drop',
    condition: 'RetriesExhausted',
  });
});
