import { expect, test } from 'vitest';
import { itemSize, itemSizes, pageSize } from '../../../../emulators/dynamodb/values/item-size.ts';

test('an item counts the bytes of its names and values', () => {
  expect(itemSize({ a: { S: 'ä€' } })).toBe(1 + 5);
  expect(itemSize({ n: { N: '12.3456' } })).toBe(1 + 4);
  expect(itemSize({ b: { B: 'AQI=' } })).toBe(1 + 2);
  expect(itemSize({ t: { BOOL: true }, n: { NULL: true } })).toBe(2 + 2);
  expect(itemSize({ s: { SS: ['a', 'bc'] }, n: { NS: ['1', '2'] }, b: { BS: ['AQ==', 'AQI='] } })).toBe(
    3 + 3 + 4 + 3,
  );
});

test.each(['x', 'é', '€', '😀', '\u007f', '\u0080', '\ud800'])(
  'a text of %j counts its UTF-8 bytes',
  (sign) => {
    for (const text of [sign, `${'a'.repeat(40)}${sign}`, sign.repeat(70)])
      expect(itemSize({ a: { S: text } })).toBe(1 + Buffer.byteLength(text));
  },
);

test('a list or map counts three bytes and one for each member', () => {
  expect(itemSize({ l: { L: [] } })).toBe(1 + 3);
  expect(itemSize({ l: { L: [{ S: 'ab' }, { L: [] }] } })).toBe(1 + 3 + (1 + 2) + (1 + 3));
  expect(itemSize({ m: { M: { key: { S: 'v' } } } })).toBe(1 + 3 + 1 + (3 + 1));
});

/** 25 such items are the last that fit into a page, with a byte more they are not (measured by dynalite's authors). */
test('what an item counts towards a page is the size of the storage format', () => {
  const item = { a: { S: 'x'.repeat(10) }, b: { S: '00' }, ['n'.repeat(255)]: { S: 'e'.repeat(41645) } };
  expect(pageSize(item, itemSizes(item), 'b') * 25).toBe(1024 * 1024 - 1);
});
