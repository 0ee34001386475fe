import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDecimals, parseDecimal } from '../../../../emulators/dynamodb/values/decimal.ts';
import { encodeNumber, numberSize } from '../../../../emulators/dynamodb/values/number-bytes.ts';

const numbers = fc
  .record({
    negative: fc.boolean(),
    digits: fc.stringMatching(/^[0-9]{1,38}$/),
    exponent: fc.integer({ min: -130, max: 87 }),
  })
  .map(({ negative, digits, exponent }) => `${negative ? '-' : ''}${digits}E${exponent}`)
  .filter((text) => {
    try {
      parseDecimal(text);
      return true;
    } catch {
      return false;
    }
  });
/** Numbers that differ late, where an encoding goes wrong first. */
const neighbours = fc
  .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: -6, max: 6 }))
  .map(([n, exponent]) => `${n}E${exponent}`);

test('byte order is numeric order', () => {
  const any = fc.oneof(numbers, neighbours);
  fc.assert(
    fc.property(any, any, (a, b) => {
      const bytes = Buffer.compare(encodeNumber(a), encodeNumber(b));
      expect(Math.sign(bytes)).toBe(Math.sign(compareDecimals(parseDecimal(a), parseDecimal(b))));
    }),
    { numRuns: 2000 },
  );
});

test('the ends of the range and their neighbours stand in order', () => {
  const max = `${'9'.repeat(38)}E88`;
  const ordered = [`-${max}`, '-1E125', '-100', '-99', '-10.1', '-10', '-1', '-0.01', '-1E-130'];
  const all = [...ordered, '0', '1E-130', '0.01', '1', '9.9', '10', '99', '100', '101', '1E125', max];
  const shuffled = [...all].reverse();
  shuffled.sort((a, b) => Buffer.compare(encodeNumber(a), encodeNumber(b)));
  expect(shuffled).toEqual(all);
});

test('a number takes a byte for its power and one per two digits, a negative one more', () => {
  expect(numberSize('0')).toBe(1);
  expect(numberSize('1')).toBe(2);
  expect(numberSize('-1')).toBe(3);
  expect(numberSize('12.3456')).toBe(4);
  expect(numberSize('1.23')).toBe(3);
  expect(numberSize('9'.repeat(38))).toBe(20);
});

test('the size of a number is that of its bytes, however it is written', () => {
  const plain = fc.stringMatching(/^\d{1,17}(\.\d{1,17})?$/);
  fc.assert(
    fc.property(fc.oneof(numbers, plain), (text) => {
      expect(numberSize(text)).toBe(encodeNumber(text).length);
    }),
    { numRuns: 3000 },
  );
});
