import { describe, expect, test } from 'vitest';
import { settleBatch } from '../../../emulators/sqs/settle.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import { failed, ok } from '../world.ts';

const batch = ['a', 'b', 'c'];
const all = { done: batch, kept: [], unseen: false };
const none = { done: [], kept: batch, unseen: false };

test('without partial responses any success is success for all, whatever it returns', () => {
  expect(settleBatch(ok({ batchItemFailures: [{ itemIdentifier: 'a' }] }), batch, false)).toEqual(all);
});

test.each<[string, Outcome]>([
  ['an error', failed],
  ['a timeout', { status: 'timeout', afterMs: 3000 }],
  ['a crash', { status: 'crash', phase: 'invoke', exitCode: 1, signal: null }],
  ['running out of memory', { status: 'out-of-memory', memoryMb: 128 }],
  ['a throttle', { status: 'throttled', reason: 'reserved concurrency' }],
])('%s keeps the whole batch', (_, outcome) => {
  expect(settleBatch(outcome, batch, true)).toEqual(none);
});

test('a function that could not be run has not seen the batch', () => {
  const unavailable: Outcome = { status: 'unavailable', code: 'build-failed', reason: 'no' };
  expect(settleBatch(unavailable, batch, false)).toEqual({ ...none, unseen: true });
});

test('messages of a recursive loop are dropped, or kept for the dead-letter queue', () => {
  const stopped: Outcome = { status: 'unavailable', code: 'recursive-invocation', reason: 'a loop' };
  expect(settleBatch(stopped, batch, false)).toEqual(all);
  expect(settleBatch(stopped, batch, false, true)).toEqual(none);
});

describe('with partial responses', () => {
  test.each([
    [null],
    [{}],
    [{ batchItemFailures: [] }],
    [{ batchItemFailures: null }],
    [{ statusCode: 200 }],
  ])('%j is success for all', (value) => {
    expect(settleBatch(ok(value), batch, true)).toEqual(all);
  });

  test('the named messages are kept and the others done', () => {
    const value = { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'b' }] };
    expect(settleBatch(ok(value), batch, true)).toEqual({ done: ['a', 'c'], kept: ['b'], unseen: false });
  });

  test.each([
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'stranger' }] }],
    [{ batchItemFailures: [{ id: 'a' }] }],
    [{ batchItemFailures: ['a'] }],
    [{ batchItemFailures: 'a' }],
    ['done'],
    [[]],
  ])('%j is failure for all, and says why', (value) => {
    const settlement = settleBatch(ok(value), batch, true);
    expect(settlement).toMatchObject(none);
    expect(settlement.misunderstood).toMatch(/batchItemFailures/);
  });
});
