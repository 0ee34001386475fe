import { expect, test } from 'vitest';
import { projected } from './reading.ts';

const item = {
  a: { S: 'a' },
  m: { M: { x: { N: '1' }, y: { M: { z: { N: '2' }, w: { N: '3' } } } } },
  l: { L: [{ S: '0' }, { M: { p: { S: '1' }, q: { S: '2' } } }, { S: '3' }] },
};

test('a projection gives the named parts, list members together in their order', () => {
  expect(projected(item, 'l[2], m.y.z, l[1].q, a')).toEqual({
    a: { S: 'a' },
    m: { M: { y: { M: { z: { N: '2' } } } } },
    l: { L: [{ M: { q: { S: '2' } } }, { S: '3' }] },
  });
});

test('parts that are not there are left out with everything that only led to them', () => {
  expect(projected(item, 'b, m.gone, l[7], a.x, l[0].x')).toEqual({});
});

test('placeholders are whole names, dots included', () => {
  expect(projected({ 'a.b': { S: 'x' }, a: { M: { b: { S: 'y' } } } }, '#n', { '#n': 'a.b' })).toEqual({
    'a.b': { S: 'x' },
  });
});

test('what is wrong in a projection is said in the words of the service', () => {
  const names = { '#a': 'a' };
  const refusals: [string, string][] = [
    ['', 'The expression can not be empty;'],
    ['a,', 'Syntax error; token: "<EOF>", near: ","'],
    ['a b', 'Syntax error; token: "b", near: "a b"'],
    ['l[a]', 'Syntax error; token: "a", near: "[a]"'],
    ['!!!', 'Syntax error; token: "!", near: "!!"'],
    [':a', 'Syntax error; token: ":a", near: ":a"'],
    ['#a,ABSoLUTE', 'Attribute name is a reserved keyword; reserved keyword: ABSoLUTE'],
    ['a, #x', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
    [
      'b[1], b.a, #a.b, a',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]',
    ],
    [
      'a.b, #a[1]',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]',
    ],
  ];
  for (const [text, message] of refusals)
    expect(() => projected(item, text, names), text).toThrow(`Invalid ProjectionExpression: ${message}`);
});
