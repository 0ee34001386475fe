import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadItem, plainItem, typedItem } from '../../../src/app/data-plain.ts';
import { formatJson } from '../../../src/std/exact-json.ts';
import { parseExactJson } from '../../../src/std/json-reader.ts';
import { anyItem } from './item-arbitrary.ts';

const read = (text: string) => typedItem(parseExactJson(text));
const written = (item: Parameters<typeof plainItem>[0]) => formatJson(plainItem(item));

test('any item comes back from plain JSON text exactly as it was', () => {
  fc.assert(
    fc.property(anyItem, (item) => {
      expect(JSON.stringify(read(written(item)))).toBe(JSON.stringify(item));
    }),
    { numRuns: 500 },
  );
});

test('plain JSON is what a person would write', () => {
  expect(
    written({
      id: { S: '1' },
      n: { N: '12345678901234567890123456789012345678' },
      ok: { BOOL: true },
      none: { NULL: true },
      list: { L: [{ N: '1' }, { S: 'a' }] },
      map: { M: { city: { S: 'Köln' } } },
      tags: { SS: ['a', 'b'] },
      sizes: { NS: ['1', '2.5'] },
      photo: { B: 'AQID' },
      parts: { BS: ['AQ=='] },
    }),
  ).toBe(
    '{"id":"1","n":12345678901234567890123456789012345678,"ok":true,"none":null,"list":[1,"a"],"map":{"city":"Köln"},' +
      '"tags":{"$stringSet":["a","b"]},"sizes":{"$numberSet":[1,2.5]},"photo":{"$binary":"AQID"},"parts":{"$binarySet":["AQ=="]}}',
  );
});

test('a real map that looks like a set is written inside $map', () => {
  const item = { id: { S: '1' }, m: { M: { $stringSet: { L: [{ S: 'a' }] } } } };
  expect(written(item)).toBe('{"id":"1","m":{"$map":{"$stringSet":["a"]}}}');
  expect(read(written(item))).toEqual(item);
});

test('a map with further keys, or with another $ key, is an ordinary map', () => {
  expect(read('{"a":{"$binary":"AA==","b":1},"c":{"$ref":"#"}}')).toEqual({
    a: { M: { $binary: { S: 'AA==' }, b: { N: '1' } } },
    c: { M: { $ref: { S: '#' } } },
  });
});

test('$number takes a number as text, for those who cannot write one', () => {
  expect(read('{"n":{"$number":"12345678901234567890"}}')).toEqual({ n: { N: '12345678901234567890' } });
});

describe('what no item can be is refused with its place in the item', () => {
  test.each([
    ['5', 'an item is a map such as {"id":"1"}, found 5'],
    ['[{"id":"1"}]', 'an item is a map such as {"id":"1"}, found [{"id":"1"}]'],
    ['{"a":{"b":[{"$binary":"?"}]}}', 'a.b[0]: $binary takes base64, found "?"'],
    ['{"a":{"$stringSet":[]}}', 'a: $stringSet takes a list of at least one member, found []'],
    ['{"a":{"$stringSet":["a",1]}}', 'a: $stringSet takes a list of members of its type, found ["a",1]'],
    ['{"a":{"$numberSet":["1"]}}', 'a: $numberSet takes a list of members of its type, found ["1"]'],
    ['{"a":{"$map":1}}', 'a: $map takes a map, found 1'],
  ])('%s', (text, message) => {
    expect(() => read(text)).toThrow(BadItem);
    expect(() => read(text)).toThrow(message);
  });
});
