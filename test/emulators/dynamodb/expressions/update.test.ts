import fc from 'fast-check';
import { expect, test } from 'vitest';
import { updated } from './reading.ts';

const item = {
  id: { S: '1' },
  n: { N: '5' },
  s: { S: 'text' },
  l: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
  m: { M: { a: { N: '1' }, b: { S: 'x' } } },
  tags: { SS: ['a', 'b'] },
};

test('SET takes values, other attributes, sums, defaults and appended lists, all of the item as it was', () => {
  const values = { ':two': { N: '2' }, ':l': { L: [{ N: '4' }] }, ':d': { S: 'default' } };
  expect(
    updated(
      item,
      'SET n = n + :two, twice = n, m.a = :two - m.a, l = list_append(:l, l), d = if_not_exists(d, :d), s = if_not_exists(s, :d)',
      values,
    ),
  ).toEqual({
    ...item,
    n: { N: '7' },
    twice: { N: '5' },
    m: { M: { a: { N: '1' }, b: { S: 'x' } } },
    l: { L: [{ N: '4' }, { N: '1' }, { N: '2' }, { N: '3' }] },
    d: { S: 'default' },
  });
});

test('REMOVE takes list members out by their position before the update', () => {
  expect(updated(item, 'REMOVE l[0], l[2], l[9], s').l).toEqual({ L: [{ N: '2' }] });
  expect(updated(item, 'REMOVE l[0] SET l[1] = :v', { ':v': { S: 'new' } }).l).toEqual({
    L: [{ S: 'new' }, { N: '3' }],
  });
});

test('members set behind the end of a list are appended in the order of their positions', () => {
  const values = { ':a': { S: 'a' }, ':b': { S: 'b' } };
  expect(updated(item, 'SET l[9] = :b, l[5] = :a, l[0] = :b', values).l).toEqual({
    L: [{ S: 'b' }, { N: '2' }, { N: '3' }, { S: 'a' }, { S: 'b' }],
  });
});

test('ADD counts and unites, DELETE takes members out and the set with its last one', () => {
  const values = { ':n': { N: '-2.5' }, ':t': { SS: ['b', 'c'] } };
  expect(updated(item, 'ADD n :n, tags :t, fresh :n', values)).toMatchObject({
    n: { N: '2.5' },
    tags: { SS: ['a', 'b', 'c'] },
    fresh: { N: '-2.5' },
  });
  expect(updated(item, 'DELETE tags :t', { ':t': { SS: ['b', 'c'] } }).tags).toEqual({ SS: ['a'] });
  expect(updated(item, 'DELETE tags :t', { ':t': { SS: ['a', 'b'] } })).not.toHaveProperty('tags');
  expect(updated(item, 'DELETE gone :t', { ':t': { SS: ['a'] } })).toEqual(item);
});

test('an update leaves the item it came from alone', () => {
  const before = structuredClone(item);
  updated(item, 'SET m.a = :v, l[0] = :v REMOVE s ADD n :v', { ':v': { N: '9' } });
  expect(item).toEqual(before);
});

test('attributes may be called like members of every object', () => {
  const changed = updated({}, 'SET #p = :v', { ':v': { S: 'x' } }, { '#p': '__proto__' });
  expect(JSON.stringify(changed)).toBe('{"__proto__":{"S":"x"}}');
});

test('updates the item does not allow are refused', () => {
  const v = { ':v': { N: '1' } };
  const noPath = 'The document path provided in the update expression is invalid for update';
  const wrongType = 'An operand in the update expression has an incorrect data type';
  for (const text of ['SET x.y = :v', 'SET s.y = :v', 'SET m[0] = :v', 'SET l.y = :v', 'ADD x.y :v'])
    expect(() => updated(item, text, v), text).toThrow(noPath);
  for (const text of ['REMOVE x.y', 'REMOVE s[0]', 'REMOVE m[0]'])
    expect(() => updated(item, text), text).toThrow(noPath);
  for (const text of ['SET n = s + :v', 'ADD s :v', 'ADD tags :v'])
    expect(() => updated(item, text, v), text).toThrow(wrongType);
  expect(() => updated(item, 'SET n = absent')).toThrow(
    'The provided expression refers to an attribute that does not exist in the item',
  );
  expect(() => updated({ n: { N: '9e125' } }, 'SET n = n + n')).toThrow('Number overflow');
});

test('what is wrong in an update expression is said in the words and the order of the service', () => {
  const values = { ':s': { S: 'a' }, ':n': { N: '1' } };
  const names = { '#c': 'c', '#d': '[3]' };
  const refusals: [string, string][] = [
    ['', 'The expression can not be empty;'],
    ['SET a = if_not_exist(a, b)', 'Invalid function name; function: if_not_exist'],
    ['SET a = size(b)', 'The function is not allowed in an update expression; function: size'],
    ['SET #c = :c SET abOrt = :s', 'Attribute name is a reserved keyword; reserved keyword: abOrt'],
    ['SET a = #x SET c = :d', 'The "SET" section can only be used once in an update expression;'],
    [
      'REMOVE #x',
      'An expression attribute name used in the document path is not defined; attribute name: #x',
    ],
    [
      'SET b = list_append(:s, a) ADD a.b :s',
      'Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
    ],
    [
      'DELETE a :n',
      'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER',
    ],
    [
      'SET d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [c, [1], a], path two: [c]',
    ],
    [
      'SET #c[3].#d = a, #c.#d[3] = if_not_exists(a)',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [c, [3], [3]], path two: [c, [3], [3]]',
    ],
    [
      'SET a = if_not_exists(c)',
      'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    ],
    [
      'SET a = if_not_exists(:s, c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'SET a = list_append(a, :s)',
      'Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
    ],
    [
      'SET a = a + :s',
      'Incorrect operand type for operator or function; operator or function: +, operand type: S',
    ],
  ];
  for (const [text, message] of refusals)
    expect(() => updated(item, text, values, names), text).toThrow(`Invalid UpdateExpression: ${message}`);
  for (const text of [
    'SET a',
    'REMOVE a b',
    'SET a = b * c',
    'SET a = b + c + d',
    'DELETE a b',
    'SET (a = b)',
    'SET a=set',
  ])
    expect(() => updated(item, text), text).toThrow('Invalid UpdateExpression: Syntax error; ');
});

test('setting and removing members of a list does what the same does to an array', () => {
  const changes = fc.uniqueArray(fc.record({ position: fc.nat({ max: 8 }), remove: fc.boolean() }), {
    selector: ({ position }) => position,
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(fc.nat({ max: 6 }), changes, (length, all) => {
      const list = Array.from({ length }, (_, i) => `old ${i}`);
      const model: (string | undefined)[] = [...list];
      const appended: string[] = [];
      for (const { position, remove } of [...all].sort((a, b) => a.position - b.position)) {
        if (position < length) model[position] = remove ? undefined : `new ${position}`;
        else if (!remove) appended.push(`new ${position}`);
      }
      const sets = all.filter(({ remove }) => !remove);
      const removals = all.filter(({ remove }) => remove);
      const text = [
        sets.length > 0
          ? `SET ${sets.map(({ position }) => `l[${position}] = :v${position}`).join(', ')}`
          : '',
        removals.length > 0 ? `REMOVE ${removals.map(({ position }) => `l[${position}]`).join(', ')}` : '',
      ].join(' ');
      const values = Object.fromEntries(
        sets.map(({ position }) => [`:v${position}`, { S: `new ${position}` }]),
      );
      const result = updated(
        { l: { L: list.map((S) => ({ S })) } },
        text,
        sets.length > 0 ? values : undefined,
      );
      const expected = [...model.filter((each) => each !== undefined), ...appended];
      expect(result.l).toEqual({ L: expected.map((S) => ({ S })) });
    }),
  );
});
