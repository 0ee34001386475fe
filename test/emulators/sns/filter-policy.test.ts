/** Which messages a filter policy lets through, and which policies the service refuses. */
import { expect, test } from 'vitest';
import { compileFilterPolicy } from '../../../emulators/sns/filters/filter-policy.ts';
import type { MessageAttributes } from '../../../emulators/sns/message.ts';
import type { FilterPolicyScope } from '../../../src/model/project.ts';

const base = { id: 'm', topicArn: 't', at: 0, endpoint: 'http://x' };

function matches(policy: object, attributes: MessageAttributes): boolean {
  return compileFilterPolicy(JSON.stringify(policy), 'MessageAttributes')(
    { ...base, text: 'x', attributes },
    'sqs',
  );
}

function matchesBody(policy: object, text: string): boolean {
  return compileFilterPolicy(JSON.stringify(policy), 'MessageBody')({ ...base, text, attributes: {} }, 'sqs');
}

const text = (value: string) => ({ k: { type: 'String', value } });
const number = (value: string) => ({ k: { type: 'Number', value } });
const list = (...values: unknown[]) => ({ k: { type: 'String.Array', value: JSON.stringify(values) } });
const binary = { k: { type: 'Binary', value: 'AQ==' } };

test.each<[string, unknown[], MessageAttributes, MessageAttributes]>([
  ['an exact text', ['a', 'b'], text('b'), text('c')],
  ['a text, not a number', ['5'], text('5'), number('5')],
  ['a number, however written', [100], number('1.0E2'), number('101')],
  ['true, false and null in a list', [true], list(false, true), list(null, false)],
  ['null in a list', [null], list(null), text('null')],
  ['any of a list', ['b'], list('a', 'b'), list('a', 'c')],
  ['a prefix', [{ prefix: 'bas' }], text('baseball'), text('rugby')],
  ['a suffix', [{ suffix: 'ball' }], text('baseball'), text('balls')],
  ['a text in any case', [{ 'equals-ignore-case': 'TENNIS' }], text('Tennis'), text('tennis!')],
  ['a wildcard', [{ wildcard: 'order-*-eu' }], text('order-1-2-eu'), text('order-1-us')],
  ['a wildcard that needs all its parts', [{ wildcard: 'a*b*c' }], text('aXbYc'), text('acb')],
  ['a star that is meant', [{ wildcard: 'a\\*b' }], text('a*b'), text('aXb')],
  ['a network', [{ cidr: '10.0.0.0/24' }], text('10.0.0.255'), text('10.0.1.255')],
  ['a network of version 6', [{ cidr: 'fd00::/8' }], text('fd12::1'), text('10.0.0.1')],
  ['anything but texts', [{ 'anything-but': ['a', 'b'] }], text('c'), text('a')],
  ['anything but one text', [{ 'anything-but': 'a' }], text('c'), text('a')],
  ['anything but numbers', [{ 'anything-but': [1, 2] }], number('3'), number('1.0')],
  ['anything but a prefix', [{ 'anything-but': { prefix: 'a-' } }], text('b-1'), text('a-1')],
  ['anything but a suffix', [{ 'anything-but': { suffix: '.png' } }], text('a.txt'), text('a.png')],
  [
    'anything but a text in any case',
    [{ 'anything-but': { 'equals-ignore-case': ['A', 'B'] } }],
    text('c'),
    text('b'),
  ],
  ['anything but a wildcard', [{ 'anything-but': { wildcard: '*x*' } }], text('abc'), text('axc')],
  ['a list with something else in it', [{ 'anything-but': ['a'] }], list('a', 'z'), list('a')],
  ['a field that must be there', [{ exists: true }], text('x'), {}],
  ['a field that must not be there', [{ exists: false }], {}, text('x')],
  ['nothing without its field', [{ 'anything-but': ['a'] }], text('b'), {}],
  ['a number in a range', [{ numeric: ['>', 0, '<=', 150] }], number('150'), number('0')],
  ['a number below', [{ numeric: ['<', 10] }], number('9.99999'), number('10')],
  ['a number that equals', [{ numeric: ['=', 301.5] }], number('301.50'), text('301.5')],
  ['one of several conditions', [{ prefix: 'a' }, 'z', { numeric: ['=', 5] }], number('5'), text('b')],
  ['nothing in bytes', [{ exists: false }], binary, text('x')],
])('%s is matched', (_, conditions, yes, no) => {
  expect(matches({ k: conditions }, yes)).toBe(true);
  expect(matches({ k: conditions }, no)).toBe(false);
});

test('every key must match, and of $or one of its patterns', () => {
  const policy = {
    store: ['a'],
    $or: [{ price: [{ numeric: ['>', 5] }] }, { kind: ['gift'], free: ['yes'] }],
  };
  const store = { store: { type: 'String', value: 'a' } };
  const kind = { kind: { type: 'String', value: 'gift' } };
  expect(matches(policy, store)).toBe(false);
  expect(matches(policy, { ...store, price: { type: 'Number', value: '6' } })).toBe(true);
  expect(matches(policy, { ...store, ...kind })).toBe(false);
  expect(matches(policy, { ...store, ...kind, free: { type: 'String', value: 'yes' } })).toBe(true);
  expect(matches(policy, { price: { type: 'Number', value: '6' } })).toBe(false);
});

test('a policy of the body looks into maps and lists', () => {
  const policy = { order: { lines: { sku: [{ prefix: 'A' }] }, total: [{ numeric: ['>=', 10] }] } };
  const body = (lines: unknown, total: unknown) => JSON.stringify({ order: { lines, total }, more: 1 });
  expect(matchesBody(policy, body([{ sku: 'B1' }, { sku: 'A1' }], 10))).toBe(true);
  expect(matchesBody(policy, body({ sku: 'A1' }, 12))).toBe(true);
  expect(matchesBody(policy, body([{ sku: 'B1' }], 10))).toBe(false);
  expect(matchesBody(policy, body([{ sku: 'A1' }], '10'))).toBe(false);
  expect(matchesBody({ a: { b: [{ exists: false }] } }, '{"c":1}')).toBe(true);
  expect(matchesBody({ a: [null] }, '{"a":null}')).toBe(true);
});

test('a key with a dot is the field of that name, or the one within', () => {
  const policy = { 'a.b': ['c'] };
  expect(matchesBody(policy, '{"a.b":"c"}')).toBe(true);
  expect(matchesBody(policy, '{"a":{"b":"c"}}')).toBe(true);
  expect(matchesBody(policy, '{"a":[{"b":"x"},{"b":"c"}]}')).toBe(true);
  expect(matchesBody(policy, '{"a":{"b":"x"},"b":"c"}')).toBe(false);
  expect(matches(policy, { 'a.b': { type: 'String', value: 'c' } })).toBe(true);
});

test('a body that is no map in JSON matches nothing', () => {
  for (const body of ['plain text', '[1]', '"a"', 'null'])
    expect(matchesBody({ a: [{ exists: false }] }, body)).toBe(false);
});

test('an empty policy lets everything through', () => {
  expect(matches({}, {})).toBe(true);
});

test.each<[string, string, FilterPolicyScope, string]>([
  ['no JSON', '{', 'MessageAttributes', 'failed to parse JSON'],
  ['a list', '[]', 'MessageAttributes', 'must be a JSON object'],
  ['a value without a list', '{"a":"b"}', 'MessageAttributes', '"a" must be an object or an array'],
  ['an empty list', '{"a":[]}', 'MessageAttributes', 'Empty arrays are not allowed'],
  ['nested attributes', '{"a":{"b":["c"]}}', 'MessageAttributes', 'does not support nested filter policy'],
  ['an unknown operator', '{"a":[{"like":"x"}]}', 'MessageBody', 'Unrecognized match type like'],
  ['two operators at once', '{"a":[{"prefix":"x","suffix":"y"}]}', 'MessageBody', 'Only one key allowed'],
  [
    'a prefix that is no text',
    '{"a":[{"prefix":5}]}',
    'MessageBody',
    'prefix match pattern must be a string',
  ],
  ['exists with a text', '{"a":[{"exists":"yes"}]}', 'MessageBody', 'must be either true or false'],
  ['numeric without a list', '{"a":[{"numeric":5}]}', 'MessageBody', 'Value of numeric must be an array.'],
  [
    'numeric with a wrong sign',
    '{"a":[{"numeric":["!=",5]}]}',
    'MessageBody',
    'Unrecognized numeric range operator: !=',
  ],
  ['numeric with a text', '{"a":[{"numeric":["=","5"]}]}', 'MessageBody', 'Value of equals must be numeric'],
  ['a range upside down', '{"a":[{"numeric":[">",5,"<",5]}]}', 'MessageBody', 'Bottom must be less than top'],
  [
    'a number of ten digits',
    '{"a":[{"numeric":["=",1000000001]}]}',
    'MessageBody',
    'between -1.0E9 and 1.0E9',
  ],
  ['no network', '{"a":[{"cidr":"10.0.0.1"}]}', 'MessageBody', "Malformed CIDR, one '/' required"],
  ['a network of no address', '{"a":[{"cidr":"x/8"}]}', 'MessageBody', 'Nonstandard IP address: x'],
  ['a network of no size', '{"a":[{"cidr":"x/y"}]}', 'MessageBody', 'mask bits must be an integer'],
  ['a range of three', '{"a":[{"numeric":[">",20,30]}]}', 'MessageBody', 'Bad value in numeric range: 30'],
  ['a range from above', '{"a":[{"numeric":["<",9,">",1]}]}', 'MessageBody', 'Too many elements in numeric'],
  [
    'anything but what is none',
    '{"a":[{"anything-but":{"x":1}}]}',
    'MessageBody',
    'Unsupported anything-but',
  ],
  [
    'more than five keys',
    '{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}',
    'MessageBody',
    'more than 5 keys',
  ],
])('%s is refused', (_, policy, scope, message) => {
  expect(() => compileFilterPolicy(policy, scope)).toThrow(message);
});

test('a policy of more than 150 combinations is refused', () => {
  const values = (count: number) => Array.from({ length: count }, (_, at) => `v${at}`);
  const policy = (count: number) => JSON.stringify({ a: values(15), b: values(count) });
  expect(() => compileFilterPolicy(policy(10), 'MessageAttributes')).not.toThrow();
  expect(() => compileFilterPolicy(policy(11), 'MessageAttributes')).toThrow('too complex');
});
