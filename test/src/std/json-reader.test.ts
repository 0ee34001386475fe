import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJson } from '../../../src/std/exact-json.ts';
import { JsonSyntaxError, jsonValues, parseExactJson, positionAt } from '../../../src/std/json-reader.ts';

test('numbers keep every digit and the way they are written', () => {
  const text = '{"n":[12345678901234567890123456789012345678,-0.10,1E+125,0]}';
  expect(formatJson(parseExactJson(text))).toBe(text);
});

test('whatever JSON.stringify writes is read and written again as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(formatJson(parseExactJson(text), indent)).toBe(text);
    }),
  );
});

test('a key like any other is not mistaken for the prototype', () => {
  expect(formatJson(parseExactJson('{"__proto__":{"x":1},"constructor":2}'))).toBe(
    '{"__proto__":{"x":1},"constructor":2}',
  );
});

test('text takes every escape and refuses raw control characters', () => {
  expect(parseExactJson(String.raw`"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`)).toBe('a"\\/\b\f\n\r\té😀');
  expect(() => parseExactJson('"a\nb"')).toThrow('must be escaped');
});

describe('what is not JSON is refused where it is wrong', () => {
  test.each([
    ['{"a":1,}', 7, 'expected a key in double quotes, found "}"'],
    ['{a:1}', 1, 'expected a key in double quotes, found "a"'],
    ['[1 2]', 3, 'expected "," or "]", found "2"'],
    ['{"a":1', 6, 'expected "," or "}", found the end'],
    ['"ab', 0, 'a text has no closing quote'],
    ['"a\\x"', 2, 'expected an escape such as \\n, found "\\\\x"'],
    ['01', 0, 'expected a value, found "01"'],
    ['1.', 0, 'expected a value, found "1."'],
    ['True', 0, 'expected a value, found "True"'],
    ["'a'", 0, `expected a value, found "'a'"`],
    ['', 0, 'expected a value, found the end'],
    ['1 2', 2, 'expected the end, found "2"'],
    ['{"a":1,"a":2}', 7, 'the key "a" is there twice'],
  ])('%s', (text, offset, reason) => {
    const failure = (() => {
      try {
        return parseExactJson(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(failure).toBeInstanceOf(JsonSyntaxError);
    expect(failure).toMatchObject({ offset, reason });
  });

  test('nesting without end', () => {
    expect(() => parseExactJson('['.repeat(100_000))).toThrow('nested more than 500 deep');
  });
});

test('values are read one after another, a list member by member, each with its place', () => {
  const text = '\uFEFF{"a":1}\n[2,\n {"b":3}]\n\n4\n';
  const found = [...jsonValues(text)].map(({ value, offset }) => [
    formatJson(value),
    positionAt(text, offset).line,
  ]);
  expect(found).toEqual([
    ['{"a":1}', 1],
    ['2', 2],
    ['{"b":3}', 3],
    ['4', 5],
  ]);
  expect([...jsonValues(' \n')]).toEqual([]);
});

test('values before a wrong one are still given', () => {
  const reader = jsonValues('{"a":1}\n{"b"}');
  expect(reader.next().done).toBe(false);
  expect(() => reader.next()).toThrow('expected ":", found "}"');
});

test('a place is a line and a column from 1', () => {
  expect(positionAt('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
  expect(positionAt('ab\ncd', 2)).toEqual({ line: 1, column: 3 });
  expect(positionAt('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
});
