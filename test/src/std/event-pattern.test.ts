import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/model/emulator.ts';
import { compilePattern, compilePatterns } from '../../../src/std/event-pattern.ts';

const matches = (pattern: JsonValue, event: JsonValue) => compilePattern(JSON.stringify(pattern))(event);

describe('each operator accepts and refuses', () => {
  // Source: Lambda Developer Guide, "Filter rule syntax", and the README of aws/event-ruler.
  const rows: readonly [rule: JsonValue, accepted: readonly JsonValue[], refused: readonly JsonValue[]][] = [
    [['a'], ['a', ['b', 'a']], ['A', 'ab', 1, null, {}, ['b'], []]],
    [['a', 'b'], ['a', 'b'], ['c']],
    [[5], [5, 5.0], ['5', 6]],
    [[true], [true], ['true', false]],
    [[null], [null], ['null', 0, '', {}]],
    [[''], [''], [null, ' ']],
    [[{ prefix: 'us-' }], ['us-', 'us-east-1', ['x', 'us-1']], ['eu-us-', 'US-1', 1]],
    [[{ prefix: { 'equals-ignore-case': 'US-' } }], ['us-1', 'Us-2'], ['eu']],
    [[{ suffix: '.png' }], ['a.png'], ['a.PNG', 'png.', 1]],
    [[{ 'equals-ignore-case': 'Alice' }], ['alice', 'ALICE'], ['alic', 1]],
    [[{ 'anything-but': 'x' }], ['y', 1, null, ['x', 'y']], ['x', ['x'], [], {}]],
    [[{ 'anything-but': ['x', 'y'] }], ['z'], ['x', 'y']],
    [[{ 'anything-but': [1, 2] }], [3, '1'], [1, 2]],
    [[{ 'anything-but': { prefix: 'x' } }], ['yx'], ['xy']],
    [[{ 'anything-but': { suffix: ['x', 'y'] } }], ['xz'], ['zx', 'zy']],
    [[{ numeric: ['=', 3.018e2] }], [301.8], [301.81, '301.8']],
    [[{ numeric: ['>', 0, '<=', 5] }], [5, 0.1], [0, 5.1, null]],
    [[{ numeric: ['>=', 5] }], [5], [4]],
    [[{ numeric: ['<', 5] }], [4], [5]],
    [[{ cidr: '10.0.0.0/24' }], ['10.0.0.255', ['x', '10.0.0.1']], ['10.0.1.0', '10.0.0', 'x', 10, null]],
    [[{ cidr: '2600::/16' }], ['2600::1'], ['2601::1', '38.0.0.1']],
    [[{ exists: true }], ['a', null, false, ['a']], [{ deeper: 1 }, []]],
    [[{ exists: false }], [{ deeper: 1 }, []], ['a', null]],
    [['a', { prefix: 'b' }, { exists: false }], ['a', 'bc', {}], ['c']],
  ];
  test.each(rows)('%j', (rule, accepted, refused) => {
    const pattern = { field: rule };
    expect(accepted.filter((field) => !matches(pattern, { field }))).toEqual([]);
    expect(refused.filter((field) => matches(pattern, { field }))).toEqual([]);
  });

  test('an absent field is only accepted by { exists: false }', () => {
    for (const [list] of rows) {
      const [rule] = list as JsonValue[];
      if (!JSON.stringify(rule).includes('exists'))
        expect({ rule, matches: matches({ field: [rule ?? null] }, { other: 1 }) }).toEqual({
          rule,
          matches: false,
        });
    }
    expect(matches({ field: [{ exists: false }] }, {})).toBe(true);
    expect(matches({ a: { b: [{ exists: false }] } }, {})).toBe(true);
    expect(matches({ a: { b: [{ exists: true }] } }, {})).toBe(false);
  });
});

test('all fields of a pattern must match, at every depth', () => {
  const pattern = { source: ['shop'], detail: { state: ['new'], order: { size: [{ numeric: ['>', 1] }] } } };
  expect(matches(pattern, { source: 'shop', detail: { state: 'new', order: { size: 2 } }, more: 1 })).toBe(
    true,
  );
  expect(matches(pattern, { source: 'shop', detail: { state: 'new', order: { size: 1 } } })).toBe(false);
  expect(matches(pattern, { source: 'shop', detail: 'new' })).toBe(false);
});

test('fields below a list must match within one of its entries', () => {
  const pattern = { items: { kind: ['a'], size: [1] } };
  expect(matches(pattern, { items: [{ kind: 'b' }, { kind: 'a', size: 1 }] })).toBe(true);
  expect(
    matches(pattern, {
      items: [
        { kind: 'a', size: 2 },
        { kind: 'b', size: 1 },
      ],
    }),
  ).toBe(false);
});

test('$or needs one of its patterns, beside the other fields', () => {
  const pattern = { source: ['shop'], $or: [{ place: ['New York'] }, { day: ['Monday'], hour: [9] }] };
  expect(matches(pattern, { source: 'shop', place: 'New York' })).toBe(true);
  expect(matches(pattern, { source: 'shop', day: 'Monday', hour: 9 })).toBe(true);
  expect(matches(pattern, { source: 'shop', day: 'Monday' })).toBe(false);
  expect(matches(pattern, { source: 'other', place: 'New York' })).toBe(false);
  expect(matches({ $or: { a: [1] } }, { $or: { a: 1 } })).toBe(true);
});

test('of several patterns one is enough', () => {
  const accepts = compilePatterns(['{"a":[1]}', '{"b":[1]}']);
  expect([{ a: 1 }, { b: 1 }, { a: 2 }].map(accepts)).toEqual([true, true, false]);
});

test('a field named like something every object has is looked up in the event only', () => {
  expect(matches({ constructor: [{ exists: true }] }, {})).toBe(false);
  expect(matches({ toString: { name: [{ exists: true }] } }, {})).toBe(false);
});

test.each([
  ['{', /^it is not JSON: /],
  ['[]', 'it is not a map of fields'],
  ['{}', 'it names no field'],
  ['{"a":{}}', '"a" names no field'],
  ['{"a":"b"}', '"a" is "b": expected a list of values, or a map of fields'],
  ['{"a":[]}', '"a" is an empty list, which nothing can match'],
  ['{"a":[["b"]]}', '"a" holds ["b"]: expected a value, or one operator such as { "prefix": "a" }'],
  ['{"a":[{"prefix":"b","suffix":"c"}]}', /^"a" holds .*: expected a value, or one operator/],
  ['{"a":[{"prefix":1}]}', '"prefix" of "a" is 1: expected a text'],
  ['{"a":[{"exists":"yes"}]}', '"exists" of "a" is "yes": expected true or false'],
  ['{"a":[{"numeric":[">","1"]}]}', '"numeric" of "a" is [">","1"]: expected such as [">", 0, "<=", 5]'],
  ['{"a":[{"numeric":["~",1]}]}', '"numeric" of "a" is ["~",1]: expected such as [">", 0, "<=", 5]'],
  [
    '{"a":[{"anything-but":["x",1]}]}',
    '"anything-but" of "a" is ["x",1]: expected texts or numbers, not both',
  ],
  ['{"a":[{"anything-but":[]}]}', '"anything-but" of "a" is []: expected texts or numbers, not both'],
  [
    '{"a":[{"cidr":"10.0.0.0"}]}',
    '"cidr" of "a" is "10.0.0.0": expected a block of addresses such as "10.0.0.0/24"',
  ],
  ['{"a":[{"cidr":["10.0.0.0/8"]}]}', '"cidr" of "a" is ["10.0.0.0/8"]: expected a block of addresses'],
  ['{"$or":[{"a":[1]}]}', '"$or" needs two patterns or more'],
  [
    '{"a":[{"wildcard":"x*"}]}',
    '"a" uses "wildcard", which is no operator of filters: they are prefix, suffix, equals-ignore-case, anything-but, numeric, cidr, exists',
  ],
])('%s is refused, with the reason', (text, message) => {
  expect(() => compilePattern(text)).toThrow(message);
});

test('the filters of pipes take no operator within anything-but', () => {
  const text = '{"a":[{"anything-but":{"prefix":"x"}}]}';
  expect(() => compilePattern(text, 'pipe')).toThrow(
    '"anything-but" of "a" is {"prefix":"x"}: expected values: filters of pipes take no operator in it',
  );
  expect(compilePattern('{"a":[{"anything-but":["x"]},{"cidr":"10.0.0.0/8"}]}', 'pipe')({ a: 'y' })).toBe(
    true,
  );
});
