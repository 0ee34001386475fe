import { describe, expect, test } from 'vitest';
import { backOffMs, type Part, type Rules, settle } from '../../../emulators/_streams/settle.ts';
import type { Entry } from '../../../emulators/_streams/source.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import { failed, ok } from '../world.ts';

type At = { readonly sequence: number };

const entry = (sequence: number): Entry<At> => ({
  position: { sequence },
  sequenceNumber: `n${sequence}`,
  at: 0,
  text: '{}',
});
const part = (count: number, failures = 0, invocations = failures): Part<At> => ({
  entries: Array.from({ length: count }, (_, i) => entry(i + 1)),
  failures,
  invocations,
});
const plain: Rules = { bisectBatchOnFunctionError: false, reportBatchItemFailures: false };
const partial: Rules = { ...plain, reportBatchItemFailures: true };
const bisecting: Rules = { ...plain, bisectBatchOnFunctionError: true };

/** Sequences of what is tried next, with the failures behind it. */
const nextOf = (outcome: Outcome, from: Part<At>, rules: Rules) =>
  settle(outcome, from, rules).next.map(({ entries, failures }) => [
    entries.map(({ position }) => position.sequence),
    failures,
  ]);

test('success is the end of a batch', () => {
  expect(settle(ok(), part(3, 2), plain)).toEqual({ done: 3, next: [], backOff: false });
  expect(settle(ok('whatever'), part(3), plain).done).toBe(3);
});

describe('failures', () => {
  const failures: Outcome[] = [
    failed,
    { status: 'error', phase: 'init', error: { errorType: 'E', errorMessage: '' } },
    { status: 'timeout', afterMs: 1 },
    { status: 'crash', phase: 'invoke', exitCode: 1, signal: null },
    { status: 'out-of-memory', memoryMb: 128 },
  ];
  test.each(failures)('$status uses up a retry of the whole batch', (outcome) => {
    expect(settle(outcome, part(2, 1), plain)).toEqual({ done: 0, next: [part(2, 2)], backOff: true });
  });
  test.each<Outcome>([
    { status: 'throttled', reason: 'full' },
    { status: 'unavailable', code: 'x', reason: 'y' },
  ])('$status uses up none, and splits nothing', (outcome) => {
    const rules = { ...bisecting, maximumRetryAttempts: 0 };
    expect(settle(outcome, part(2, 1), rules)).toEqual({ done: 0, next: [part(2, 1)], backOff: true });
  });
});

test.each([
  [0, 0, true],
  [1, 0, false],
  [1, 1, true],
  [10_000, 9_999, false],
  [undefined, 1_000_000, false],
])(
  'with %s retries, after %s failures before this one, it is given up: %s',
  (maximumRetryAttempts, before, givenUp) => {
    const rules = maximumRetryAttempts === undefined ? plain : { ...plain, maximumRetryAttempts };
    const settlement = settle(failed, part(1, before), rules);
    expect(settlement.givenUp).toEqual(givenUp ? part(1, before + 1) : undefined);
    expect(settlement.next).toHaveLength(givenUp ? 0 : 1);
  },
);

test('bisecting halves the batch without using up a retry, and a single record is tried as usual', () => {
  expect(nextOf(failed, part(5, 1), bisecting)).toEqual([
    [[1, 2, 3], 1],
    [[4, 5], 1],
  ]);
  expect(settle(failed, part(5), bisecting).backOff).toBe(false);
  expect(nextOf(failed, part(1, 1), bisecting)).toEqual([[[1], 2]]);
});

describe('a partial response', () => {
  const fails = (...names: unknown[]) =>
    ok({ batchItemFailures: names.map((itemIdentifier) => ({ itemIdentifier })) });

  test.each([null, {}, { batchItemFailures: [] }, { batchItemFailures: null }])(
    '%j is success for all',
    (answer) => {
      expect(settle(ok(answer), part(2), partial)).toEqual({ done: 2, next: [], backOff: false });
    },
  );

  test('goes on at the lowest record it names, at once, with one failure behind it', () => {
    const settlement = settle(fails('n4', 'n2'), part(5, 7), partial);
    expect(settlement).toMatchObject({ done: 1, backOff: false });
    expect(nextOf(fails('n4', 'n2'), part(5, 7), partial)).toEqual([[[2, 3, 4, 5], 1]]);
  });

  test('that names the first record is failure for all', () => {
    expect(nextOf(fails('n1'), part(2, 1), partial)).toEqual([[[1, 2], 2]]);
    expect(nextOf(fails('n1'), part(2, 1), { ...partial, bisectBatchOnFunctionError: true })).toEqual([
      [[1], 1],
      [[2], 1],
    ]);
  });

  test('without retries gives up from there on', () => {
    const settlement = settle(fails('n2'), part(3), { ...partial, maximumRetryAttempts: 0 });
    expect(settlement).toMatchObject({ done: 1, next: [] });
    expect(settlement.givenUp?.entries.map(({ position }) => position.sequence)).toEqual([2, 3]);
  });

  test.each([
    [fails(''), /itemIdentifier is the sequence number of no record/],
    [fails(null), /itemIdentifier is the sequence number of no record/],
    [fails('n9'), /itemIdentifier is the sequence number of no record/],
    [ok({ batchItemFailures: [{ id: 'n1' }] }), /itemIdentifier is the sequence number of no record/],
    [ok({ batchItemFailures: 'n1' }), /^batchItemFailures is not a list$/],
    [ok('done'), /^the function returned "done" instead of/],
    [ok([1]), /^the function returned \[1\] instead of/],
  ])('that cannot be read is failure for all: %j', (outcome, said) => {
    const settlement = settle(outcome, part(2), partial);
    expect(settlement).toMatchObject({
      done: 0,
      next: [part(2, 1)],
      misunderstood: expect.stringMatching(said),
    });
  });
});

test('waits grow to a minute', () => {
  expect([1, 2, 3, 6, 7, 8, 5000].map(backOffMs)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
});
