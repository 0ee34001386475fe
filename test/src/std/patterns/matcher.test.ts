/** Event patterns, one by one and many at once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/model/emulator.ts';
import { PatternError } from '../../../../src/std/event-pattern.ts';
import { accepts, makeMatcher } from '../../../../src/std/patterns/matcher.ts';
import { parsePattern, patternClauses } from '../../../../src/std/patterns/parse-pattern.ts';

/** Both ways to match must agree. */
function matches(pattern: JsonValue, event: JsonValue): boolean {
  const clauses = patternClauses(pattern);
  const matcher = makeMatcher<string>();
  matcher.set('it', clauses);
  const found = matcher.match(event).has('it');
  expect(accepts(clauses, event)).toBe(found);
  return found;
}

const field = (condition: JsonValue) => ({ a: [condition] });

describe('one field', () => {
  test.each<[JsonValue, JsonValue[], JsonValue[]]>([
    ['x', ['x'], ['X', 1, null]],
    [5, [5, 5.0], ['5', 6]],
    [null, [null], ['null', 0, false]],
    [true, [true], ['true', 1, false]],
    [{ exactly: 'x' }, ['x'], ['xx']],
    [{ prefix: 'ab' }, ['ab', 'abc'], ['a', 'xab', 5]],
    [{ prefix: { 'equals-ignore-case': 'aB' } }, ['abc', 'ABc'], ['a']],
    [{ suffix: '.png' }, ['a.png', '.png'], ['a.PNG', 'png']],
    [{ suffix: { 'equals-ignore-case': '.png' } }, ['a.PNG'], ['apng']],
    [{ 'equals-ignore-case': 'Alice' }, ['alice', 'ALICE'], ['alic']],
    [{ wildcard: 'a*c' }, ['ac', 'abc', 'abcc'], ['abcd', 'bac', 'a']],
    [{ wildcard: '*x*y*' }, ['xy', '1x2y3'], ['yx', 'x']],
    [{ wildcard: 'a*a' }, ['aa', 'aba'], ['a']],
    [{ wildcard: String.raw`a\*b` }, ['a*b'], ['axb']],
    [{ wildcard: String.raw`\\*` }, ['\\x'], ['x']],
    [{ 'anything-but': 'x' }, ['y', 5, null], ['x']],
    [{ 'anything-but': ['x', 'y'] }, ['z'], ['x', 'y']],
    [{ 'anything-but': [1, 2] }, [3, '1'], [1, 2]],
    [{ 'anything-but': { prefix: 'x' } }, ['y', 5], ['xa']],
    [{ 'anything-but': { prefix: ['x', 'y'] } }, ['z'], ['xa', 'ya']],
    [{ 'anything-but': { suffix: ['x', 'y'] } }, ['z'], ['ax', 'ay']],
    [{ 'anything-but': { 'equals-ignore-case': ['X'] } }, ['z'], ['x']],
    [{ 'anything-but': { wildcard: '*/lib/*' } }, ['a/b'], ['a/lib/b']],
    [{ numeric: ['=', 3.018e2] }, [301.8], [301, '301.8']],
    [{ numeric: ['>', 0, '<=', 5] }, [0.1, 5], [0, 5.1, '3']],
    [{ numeric: ['>=', 0] }, [0, 1e12], [-1]],
    [{ numeric: ['<', 10] }, [-1e12, 9], [10]],
    [{ cidr: '10.0.0.0/24' }, ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', '10.0.0', 'x']],
    [{ cidr: '10.0.0.0/0' }, ['1.2.3.4'], ['::1']],
    [{ cidr: '2600::/16' }, ['2600::1', '2600:1:2:3:4:5:6:7'], ['2601::1', '10.0.0.1']],
    [{ exists: true }, ['x', null, 0], []],
  ])('%j', (condition, fitting, others) => {
    for (const value of fitting)
      expect([value, matches(field(condition), { a: value })]).toEqual([value, true]);
    for (const value of others)
      expect([value, matches(field(condition), { a: value })]).toEqual([value, false]);
    expect(matches(field(condition), { b: 'x' })).toBe(false);
  });
});

test('a field of several values fits with any, also when something is excluded', () => {
  expect(matches(field('b'), { a: ['a', 'b'] })).toBe(true);
  expect(matches(field({ 'anything-but': 'a' }), { a: ['a', 'b'] })).toBe(true);
  expect(matches(field({ 'anything-but': 'a' }), { a: ['a'] })).toBe(false);
  expect(matches({ a: ['x', { prefix: 'y' }, { exists: false }] }, {})).toBe(true);
});

test('maps and empty lists do not exist', () => {
  expect(matches({ a: [{ exists: true }] }, { a: { b: 1 } })).toBe(false);
  expect(matches({ a: [{ exists: false }] }, { a: [] })).toBe(true);
});

test('what is absent is absent beside the fields before it, and in the whole event where there are none', () => {
  const event = { list: [{ b: 1 }, { a: 1, c: 1 }] };
  expect(matches({ list: { a: [1], b: [{ exists: false }] } }, event)).toBe(true);
  expect(matches({ list: { b: [{ exists: false }], c: [1] } }, event)).toBe(false);
});

test('fields of one list of maps fit only within one of them', () => {
  const pattern = { people: { first: ['Anna'], last: ['Doe'] } };
  const john = { first: 'John', last: 'Doe' };
  expect(matches(pattern, { people: [john, { first: 'Anna', last: 'Smith' }] })).toBe(false);
  expect(matches(pattern, { people: [john, { first: 'Anna', last: 'Doe' }] })).toBe(true);
  expect(matches(pattern, { people: [[john], [{ first: 'Anna', last: ['Doe', 'Smith'] }]] })).toBe(true);
});

test('$or stands beside other fields and below them', () => {
  const pattern = { source: ['s'], detail: { $or: [{ c: [{ numeric: ['>', 5] }] }, { d: [1] }] } };
  expect(matches(pattern, { source: 's', detail: { c: 6 } })).toBe(true);
  expect(matches(pattern, { source: 's', detail: { d: 1, c: 1 } })).toBe(true);
  expect(matches(pattern, { source: 's', detail: { c: 1 } })).toBe(false);
  expect(matches(pattern, { source: 'x', detail: { d: 1 } })).toBe(false);
});

test('a key with dots means the same as nested maps, as where the service flattens them', () => {
  expect(matches({ 'detail.state': ['on'] }, { detail: { state: 'on' } })).toBe(true);
  expect(matches({ detail: { state: ['on'] } }, { 'detail.state': 'on' })).toBe(true);
});

describe('what is no pattern', () => {
  test.each([
    ['[]', 'Filter is not an object'],
    ['{', 'it is not JSON'],
    ['{}', 'Empty objects are not allowed'],
    ['{"a": {}}', 'Empty objects are not allowed'],
    ['{"a": "x"}', '"a" must be an object or an array'],
    ['{"a": []}', 'Empty arrays are not allowed'],
    ['{"a": [["x"]]}', 'Match value must be String, number, true, false, or null'],
    ['{"a": [{}]}', 'Match expression name not found'],
    ['{"a": [{"foo": "x"}]}', 'Unrecognized match type foo'],
    ['{"a": [{"prefix": 5}]}', 'prefix match pattern must be a string'],
    ['{"a": [{"prefix": "a", "suffix": "b"}]}', 'Only one key allowed in match expression'],
    ['{"a": [{"prefix": {"x": "a"}}]}', 'Unsupported prefix pattern: x'],
    ['{"a": [{"exists": "true"}]}', 'exists match pattern must be either true or false.'],
    ['{"a": [{"numeric": 5}]}', 'Value of numeric must be an array.'],
    ['{"a": [{"numeric": ["~", 5]}]}', 'Unrecognized numeric range operator: ~'],
    ['{"a": [{"numeric": ["=", "5"]}]}', 'Value of equals must be numeric'],
    ['{"a": [{"numeric": ["<", 5, ">", 0]}]}', 'Too many elements in numeric expression'],
    ['{"a": [{"numeric": [">", 5, "<", 0]}]}', 'Bottom must be less than top'],
    ['{"a": [{"anything-but": []}]}', 'Inside anything but list'],
    ['{"a": [{"anything-but": ["a", 1]}]}', 'mixed type is not supported'],
    ['{"a": [{"anything-but": null}]}', 'Value of anything-but must be an array'],
    ['{"a": [{"anything-but": {"prefix": ""}}]}', 'Null prefix/suffix not allowed'],
    ['{"a": [{"anything-but": {"numeric": ["=", 1]}}]}', 'Unsupported anything-but pattern: numeric'],
    ['{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
    ['{"a": [{"cidr": "10.0.0.0/33"}]}', 'Malformed CIDR, mask bits must not be more than 32'],
    ['{"a": [{"cidr": "bad-/64filter"}]}', 'Malformed CIDR, mask bits must be an integer'],
    ['{"a": [{"cidr": "xx.11.xx/8"}]}', 'Nonstandard IP address: xx.11.xx'],
    ['{"a": [{"anything-but": {"suffix": 1}}]}', 'prefix/suffix match pattern must be a string'],
    ['{"a": [{"anything-but": {"equals-ignore-case": [1]}}]}', 'Inside anything-but/equals-ignore-case list'],
    ['{"a": [{"anything-but": {"prefix": {"equals-ignore-case": "b"}}}]}', 'Value of anything-but must be'],
    ['{"a": [{"wildcard": "a**b"}]}', 'Consecutive wildcard characters'],
    [String.raw`{"a": [{"wildcard": "a\\b"}]}`, 'Invalid escape character'],
    ['{"$or": [{"a": ["x"]}]}', 'at least 2 Objects'],
    ['{"$or": {"a": ["x"]}}', 'It must be an Array followed with $or.'],
    ['{"$or": [{"a": ["x"]}, "b"]}', 'Only JSON object is allowed'],
    ['{"$or": [{"prefix": ["x"]}, {"a": [1]}]}', 'cannot be used inside $or'],
  ])('%s', (text, reason) => {
    expect(() => parsePattern(text)).toThrow(PatternError);
    expect(() => parsePattern(text)).toThrow(reason);
  });

  test('more alternatives than the service combines', () => {
    const or = { $or: Array.from({ length: 11 }, (_, i) => ({ [`k${i}`]: [i] })) };
    const text = JSON.stringify({ a: or, b: or, c: or });
    expect(() => parsePattern(text)).toThrow(/\$or makes 1331 combinations/);
  });
});

test('patterns come, change and go', () => {
  const matcher = makeMatcher<number>();
  for (let id = 0; id < 500; id++) matcher.set(id, parsePattern(`{"n":[${id}],"t":["a"]}`));
  expect(matcher.size).toBe(500);
  expect([...matcher.match({ n: 7, t: 'a' })]).toEqual([7]);
  matcher.set(7, parsePattern('{"n":[8]}'));
  expect([...matcher.match({ n: 7, t: 'a' })]).toEqual([]);
  expect([...matcher.match({ n: 8, t: 'a' })].sort()).toEqual([7, 8]);
  for (let id = 0; id < 499; id++) matcher.delete(id);
  expect([...matcher.match({ n: 8, t: 'a' })]).toEqual([]);
  expect([...matcher.match({ n: 499, t: 'a' })]).toEqual([499]);
});

const texts = fc.constantFrom('a', 'ab', 'abc', 'b', 'B', '10.0.0.1', '');
const numbers = fc.constantFrom(0, 1, 2, 3, -1, 1.5);
const scalars = fc.oneof(texts, numbers, fc.constantFrom(null, true, false));
const conditions: fc.Arbitrary<JsonValue> = fc.oneof(
  scalars,
  texts.map((text) => ({ prefix: text })),
  texts.map((text) => ({ suffix: text })),
  texts.map((text) => ({ 'equals-ignore-case': text })),
  texts.map((text) => ({ wildcard: `${text}*` })),
  texts.map((text) => ({ wildcard: `*${text}` })),
  fc.constant({ wildcard: '*b*' }),
  texts.map((text) => ({ 'anything-but': [text] })),
  numbers.map((number) => ({ 'anything-but': number })),
  numbers.map((low) => ({ numeric: ['>=', low, '<', low + 2] })),
  numbers.map((low) => ({ numeric: ['>', low] })),
  fc.boolean().map((exists) => ({ exists })),
  fc.constant({ cidr: '10.0.0.0/8' }),
);
const keys = fc.constantFrom('x', 'y', 'z');
const lists = fc.array(conditions, { minLength: 1, maxLength: 3 });
const flatPatterns = fc.dictionary(keys, lists, { minKeys: 1 });
const patterns: fc.Arbitrary<JsonValue> = fc.oneof(
  flatPatterns,
  fc.dictionary(keys, fc.oneof(lists, flatPatterns), { minKeys: 1 }),
  fc.tuple(flatPatterns, flatPatterns, flatPatterns).map(([a, b, c]) => ({ ...a, $or: [b, c] })),
) as fc.Arbitrary<JsonValue>;
const flatEvents = fc.dictionary(keys, fc.oneof(scalars, fc.array(scalars, { maxLength: 2 })));
const events = fc.dictionary(
  keys,
  fc.oneof(scalars, flatEvents, fc.array(fc.oneof(flatEvents, scalars), { maxLength: 3 })),
) as fc.Arbitrary<JsonValue>;

test('many patterns together match what each by itself would', () => {
  fc.assert(
    fc.property(fc.array(patterns, { maxLength: 20 }), fc.array(events, { maxLength: 5 }), (some, tried) => {
      const compiled = some.map((one) => patternClauses(one));
      const matcher = makeMatcher<number>();
      for (const [id, clauses] of compiled.entries()) matcher.set(id, clauses);
      for (const event of tried) {
        const alone = compiled.flatMap((clauses, id) => (accepts(clauses, event) ? [id] : []));
        expect([...matcher.match(event)].sort((a, b) => a - b)).toEqual(alone);
      }
    }),
    { numRuns: 300 },
  );
});
