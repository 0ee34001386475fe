import { expect, test } from 'vitest';
import { bound, holds } from './reading.ts';

const item = {
  a: { S: 'hello' },
  n: { N: '5' },
  b: { B: 'aGVsbG8=' },
  flag: { BOOL: true },
  nothing: { NULL: true as const },
  tags: { SS: ['red', 'green'] },
  nums: { NS: ['1', '2'] },
  m: { M: { x: { N: '1' }, 'with.dot': { S: 'd' }, l: { L: [{ S: 'p' }, { M: { deep: { S: 'q' } } }] } } },
};

test('comparisons need two values of one type; only <> is true of different ones and of missing ones', () => {
  expect(holds(item, 'n = :v', { ':v': { N: '5.0' } })).toBe(true);
  expect(holds(item, 'n = :v', { ':v': { S: '5' } })).toBe(false);
  expect(holds(item, 'n < :v', { ':v': { N: '10' } })).toBe(true);
  expect(holds(item, 'n < :v', { ':v': { S: '9' } })).toBe(false);
  expect(holds(item, 'a >= :v', { ':v': { S: 'hello' } })).toBe(true);
  expect(holds(item, 'absent = :v', { ':v': { N: '5' } })).toBe(false);
  expect(holds(item, 'absent <> :v', { ':v': { N: '5' } })).toBe(true);
  expect(holds(item, 'n <> :v', { ':v': { S: '5' } })).toBe(true);
  expect(holds(item, 'tags = :v', { ':v': { SS: ['green', 'red'] } })).toBe(true);
});

test('texts compare by code point, not by UTF-16 unit', () => {
  expect(holds({ a: { S: '😀' } }, 'a > :v', { ':v': { S: '\uffff' } })).toBe(true);
});

test('NOT binds before AND, AND before OR, parentheses before all', () => {
  const yes = { ':one': { N: '1' }, ':five': { N: '5' } };
  expect(holds(item, 'n = :five OR n = :one AND n = :one', yes)).toBe(true);
  expect(holds(item, '(n = :five OR n = :one) AND n = :one', yes)).toBe(false);
  expect(holds(item, 'not n = :one and n = :five', yes)).toBe(true);
  expect(holds(item, 'NOT (n = :one AND n = :five)', yes)).toBe(true);
});

test('functions look into texts, sets, lists and nested documents', () => {
  expect(holds(item, 'begins_with(a, :v)', { ':v': { S: 'hel' } })).toBe(true);
  expect(holds(item, 'begins_with(b, :v)', { ':v': { B: 'aGU=' } })).toBe(true);
  expect(holds(item, 'contains(a, :v)', { ':v': { S: 'ell' } })).toBe(true);
  expect(holds(item, 'contains(tags, :v)', { ':v': { S: 'red' } })).toBe(true);
  expect(holds(item, 'contains(tags, :v)', { ':v': { S: 're' } })).toBe(false);
  expect(holds(item, 'contains(nums, :v)', { ':v': { N: '2.0' } })).toBe(true);
  expect(holds(item, 'contains(m.l, :v)', { ':v': { S: 'p' } })).toBe(true);
  expect(holds(item, 'attribute_exists(m.l[1].deep)')).toBe(true);
  expect(holds(item, 'attribute_exists(m.l[2])')).toBe(false);
  expect(holds(item, 'attribute_not_exists(m.l[0].deep)')).toBe(true);
  expect(
    holds(item, 'attribute_type(m, :t) AND attribute_type(nothing, :u)', {
      ':t': { S: 'M' },
      ':u': { S: 'NULL' },
    }),
  ).toBe(true);
  expect(holds(item, 'm.#d = :v', { ':v': { S: 'd' } }, { '#d': 'with.dot' })).toBe(true);
});

test('size is the length of a text, the bytes of a binary, the members of the rest', () => {
  for (const [path, size] of Object.entries({ a: 5, b: 5, tags: 2, nums: 2, m: 3, 'm.l': 2 }))
    expect(holds(item, `size(${path}) = :v`, { ':v': { N: String(size) } })).toBe(true);
  expect(holds(item, 'size(n) >= :v', { ':v': { N: '0' } })).toBe(false);
});

test('BETWEEN includes its bounds, IN takes any of its options', () => {
  expect(holds(item, 'n BETWEEN :a AND :b', { ':a': { N: '5' }, ':b': { N: '7' } })).toBe(true);
  expect(holds(item, 'n between :a and :b', { ':a': { N: '6' }, ':b': { N: '7' } })).toBe(false);
  expect(holds(item, 'n IN (:a, m.x, :b)', { ':a': { N: '1' }, ':b': { N: '5' } })).toBe(true);
  expect(holds(item, ':five in (n)', { ':five': { N: '5' } })).toBe(true);
});

test('attributes called like members of every object are only there when they are', () => {
  expect(holds({}, 'attribute_exists(toString)')).toBe(false);
  expect(holds({ toString: { S: 'x' } }, 'attribute_exists(toString)')).toBe(true);
});

test('syntax errors quote the token and what stands around it', () => {
  const near: [string, string, string][] = [
    ['a b', 'b', 'a b'],
    ['a = ', '<EOF>', '='],
    ['_version = :v', '_', '_version'],
    ['a = :b AND __typename = :c', '_', 'AND __'],
    ['size(a)[0] > a', '[', ')[0'],
    ['a in (b,c,)', ')', ',)'],
    ['GI-1 = :v', '-', 'GI-1'],
    ['a > 4', '4', '> 4'],
  ];
  for (const [text, token, around] of near)
    expect(() => bound(text, { ':v': { S: '' } })).toThrow(
      `Invalid FilterExpression: Syntax error; token: "${token}", near: "${around}"`,
    );
});

test('what is wrong in an expression is said in the words and the order of the service', () => {
  const one = { ':a': { N: '1' } };
  const refusals: [string, string][] = [
    ['', 'The expression can not be empty;'],
    ['a > ((views))', 'The expression has redundant parentheses;'],
    ['a=a AND ((a=a AND a=a))', 'The expression has redundant parentheses;'],
    ['whatever(:a) > a', 'Invalid function name; function: whatever'],
    ['size(a)', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'contains(a, c) > b',
      'The function is not allowed to be used this way in an expression; function: contains',
    ],
    [':a < abOrT', 'Attribute name is a reserved keyword; reserved keyword: abOrT'],
    ['attribute_exists(views, #a)', 'Attribute name is a reserved keyword; reserved keyword: views'],
    ['#x > :a', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
    ['a > :x', 'An expression attribute value used in expression is not defined; attribute value: :x'],
    [
      'begins_with(a)',
      'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    ],
    [
      'begins_with(a, :a)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    [
      'attribute_exists(:a)',
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'contains(a.b[1], a.b[1])',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a, b, [1]]',
    ],
  ];
  for (const [text, message] of refusals)
    expect(() => bound(text, one), text).toThrow(`Invalid FilterExpression: ${message}`);
});

test('BETWEEN bounds must have one type and stand in order', () => {
  expect(() => bound('a between :b and :a', { ':a': { S: 'a' }, ':b': { N: '1' } })).toThrow(
    'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}',
  );
  expect(() => bound('a between :b and :a', { ':a': { S: 'a' }, ':b': { S: 'b' } })).toThrow(
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
  );
});

test('placeholders must be well formed and used', () => {
  const v = { ':v': { N: '1' } };
  expect(() => bound('a = :v', {})).toThrow('ExpressionAttributeValues must not be empty');
  expect(() => bound('a = :v', v, {})).toThrow('ExpressionAttributeNames must not be empty');
  expect(() => bound('a = :v', v, { a: 'a' })).toThrow(
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
  );
  expect(() => bound('a = :v', { ':v': { N: 'x' } })).toThrow(
    'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :v',
  );
  expect(() => bound('a = :v', { ...v, ':w': { S: '' } }, { '#x': 'x', '#y': 'y' })).toThrow(
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}',
  );
  expect(() => bound('a = :v', { ...v, ':w': { S: '' } })).toThrow(
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
  );
});
