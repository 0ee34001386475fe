import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/model/emulator.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import { diffLines, diffOutcomes } from '../../../src/replay/diff.ts';
import { diffJson } from '../../../src/replay/json-diff.ts';

const ok = (value: unknown): Outcome => ({ status: 'ok', payload: JSON.stringify(value) });
const failed: Outcome = {
  status: 'error',
  phase: 'invoke',
  error: { errorType: 'TypeError', errorMessage: 'no', trace: ['at a (a.ts:1:1)', 'at b'] },
};

function differences(before: unknown, after: unknown) {
  return diffOutcomes(ok(before), ok(after)).differences;
}

test('equal outcomes are identical', () => {
  expect(diffOutcomes(ok({ a: [1] }), ok({ a: [1] }))).toEqual({ identical: true, differences: [] });
  expect(diffOutcomes(failed, failed).identical).toBe(true);
  expect(diffLines(diffOutcomes(ok(1), ok(1)))).toEqual(['identical']);
});

test('members are compared by path, odd names quoted', () => {
  expect(
    differences(
      { statusCode: 200, headers: { 'x-a': '1' }, gone: 1 },
      { statusCode: 201, headers: { 'x-a': '2' }, come: null },
    ),
  ).toEqual([
    { kind: 'changed', path: 'payload.statusCode', before: 200, after: 201 },
    { kind: 'changed', path: 'payload.headers["x-a"]', before: '1', after: '2' },
    { kind: 'removed', path: 'payload.gone', before: 1 },
    { kind: 'added', path: 'payload.come', after: null },
  ]);
});

test('an element put into a list is one difference', () => {
  expect(differences([1, 2, 3, 4], [1, 9, 2, 3, 4])).toEqual([
    { kind: 'added', path: 'payload[1]', after: 9 },
  ]);
  expect(differences([{ a: 1 }, 2], [{ a: 1 }])).toEqual([
    { kind: 'removed', path: 'payload[1]', before: 2 },
  ]);
  expect(differences([1, { a: 1 }, 3], [1, { a: 2 }, 3])).toEqual([
    { kind: 'changed', path: 'payload[1].a', before: 1, after: 2 },
  ]);
});

test('a body that is JSON is looked into', () => {
  const body = (value: unknown) => ({ statusCode: 200, body: JSON.stringify(value) });
  expect(differences(body({ items: [{ id: 1 }] }), body({ items: [{ id: 2 }] }))).toEqual([
    { kind: 'changed', path: 'payload.body→items[0].id', before: 1, after: 2 },
  ]);
  expect(differences({ body: '12' }, { body: '13' })).toEqual([
    { kind: 'changed', path: 'payload.body', before: '12', after: '13' },
  ]);
});

test('a difference in writing only is told as that', () => {
  expect(
    diffOutcomes({ status: 'ok', payload: '{"a":1,"b":2}' }, { status: 'ok', payload: '{"b":2,"a":1}' }),
  ).toEqual({
    identical: false,
    differences: [{ kind: 'formatting', path: 'payload' }],
  });
  expect(differences({ body: '{"a":1}' }, { body: '{ "a": 1 }' })).toEqual([
    { kind: 'formatting', path: 'payload.body→' },
  ]);
});

test('numbers beyond what JavaScript counts are not taken for equal', () => {
  expect(
    diffOutcomes(
      { status: 'ok', payload: '12345678901234567890' },
      { status: 'ok', payload: '12345678901234567891' },
    ).identical,
  ).toBe(false);
});

describe('outcomes of different kinds', () => {
  test('differ in status and in everything else they have', () => {
    expect(diffOutcomes(ok(1), failed).differences).toMatchObject([
      { kind: 'changed', path: 'status', before: 'ok', after: 'error' },
      { kind: 'removed', path: 'payload', before: 1 },
      { kind: 'added', path: 'phase' },
      { kind: 'added', path: 'error' },
    ]);
  });

  test('errors are compared down to their stack frames', () => {
    const moved: Outcome = {
      ...failed,
      error: { ...failed.error, errorMessage: 'yes', trace: ['at a (a.ts:2:1)', 'at b'] },
    } as Outcome;
    expect(diffOutcomes(failed, moved).differences.map((d) => d.path)).toEqual([
      'error.errorMessage',
      'error.trace[0]',
    ]);
  });

  test('an invocation that never ended has nothing to compare with', () => {
    expect(diffOutcomes(undefined, ok(1)).differences).toEqual([
      { kind: 'added', path: 'outcome', after: { status: 'ok', payload: 1 } },
    ]);
  });

  test('a payload that is not JSON is compared as text', () => {
    expect(diffOutcomes({ status: 'ok', payload: 'a' }, { status: 'ok', payload: 'b' }).differences).toEqual([
      { kind: 'changed', path: 'payload', before: 'a', after: 'b' },
    ]);
  });
});

test('lines show what was with a minus and what is with a plus', () => {
  expect(diffLines(diffOutcomes(ok({ a: 1, b: { c: [1] } }), ok({ a: 2 })))).toEqual([
    '  payload.a',
    '- 1',
    '+ 2',
    '  payload.b',
    '- {',
    '-   "c": [',
    '-     1',
    '-   ]',
    '- }',
  ]);
});

test('two values have no differences exactly when they are equal', () => {
  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
  fc.assert(
    fc.property(value, value, (a, b) => {
      const canonical = (v: JsonValue) => JSON.stringify(sorted(v));
      expect(diffJson(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)), '').length === 0).toBe(
        canonical(a) === canonical(b),
      );
      expect(diffJson(a, a, '')).toEqual([]);
    }),
  );
});

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
