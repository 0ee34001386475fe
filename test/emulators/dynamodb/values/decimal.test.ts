import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  formatDecimal,
  normaliseNumber,
  parseDecimal,
} from '../../../../emulators/dynamodb/values/decimal.ts';

/** coefficient × 10^scale, the model arithmetic is checked against. */
interface Model {
  readonly coefficient: bigint;
  readonly scale: number;
}

const models: fc.Arbitrary<Model> = fc.record({
  coefficient: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  scale: fc.integer({ min: -15, max: 15 }),
});
const textOf = ({ coefficient, scale }: Model) => `${coefficient}E${scale}`;
const atScale = ({ coefficient, scale }: Model, target: number) =>
  coefficient * 10n ** BigInt(scale - target);

test('numbers come back without exponent and needless zeros', () => {
  const forms = {
    '0': '0',
    '-0': '0',
    '000': '0',
    '0.000': '0',
    '+5': '5',
    '5.': '5',
    '.5': '0.5',
    '1e3': '1000',
    '1.50': '1.5',
    '-0015.789e6': '-15789000',
    '0001.000e-130': `0.${'0'.repeat(129)}1`,
    '9.9999999999999999999999999999999999999E125': `${'9'.repeat(38)}${'0'.repeat(88)}`,
  };
  for (const [text, normal] of Object.entries(forms)) expect(normaliseNumber(text)).toBe(normal);
});

test('what is no number, too long or out of range is refused in the words of the service', () => {
  const refusals: Record<string, string> = {
    '': 'The parameter cannot be converted to a numeric value',
    b: 'The parameter cannot be converted to a numeric value: b',
    '1,5': 'The parameter cannot be converted to a numeric value: 1,5',
    '.': 'The parameter cannot be converted to a numeric value: .',
    NaN: 'The parameter cannot be converted to a numeric value: NaN',
    '0x10': 'The parameter cannot be converted to a numeric value: 0x10',
    '123456789012345678901234567890123456789':
      'Attempting to store more than 38 significant digits in a Number',
    '1e126': 'Number overflow. Attempting to store a number with magnitude larger than supported range',
    '-1e126': 'Number overflow. Attempting to store a number with magnitude larger than supported range',
    '1e-131': 'Number underflow. Attempting to store a number with magnitude smaller than supported range',
  };
  for (const [text, message] of Object.entries(refusals))
    expect(() => normaliseNumber(text)).toThrow(message);
});

test('the normal form is read as the same number again', () => {
  fc.assert(
    fc.property(models, (model) => {
      const normal = normaliseNumber(textOf(model));
      expect(normaliseNumber(normal)).toBe(normal);
      expect(compareDecimals(parseDecimal(normal), parseDecimal(textOf(model)))).toBe(0);
    }),
  );
});

test('comparing agrees with exact integers', () => {
  fc.assert(
    fc.property(models, models, (a, b) => {
      const scale = Math.min(a.scale, b.scale);
      const difference = atScale(a, scale) - atScale(b, scale);
      const order = compareDecimals(parseDecimal(textOf(a)), parseDecimal(textOf(b)));
      expect(Math.sign(order)).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1);
    }),
  );
});

test('adding agrees with exact integers, or says that the sum has too many digits', () => {
  fc.assert(
    fc.property(models, models, (a, b) => {
      const scale = Math.min(a.scale, b.scale);
      const sum = { coefficient: atScale(a, scale) + atScale(b, scale), scale };
      const add = () => formatDecimal(addDecimals(parseDecimal(textOf(a)), parseDecimal(textOf(b))));
      const digits = String(sum.coefficient).replace('-', '').replace(/0+$/, '');
      if (digits.length > 38) expect(add).toThrow('Number overflow');
      else expect(add()).toBe(normaliseNumber(textOf(sum)));
    }),
  );
});

test('the sum of the two ends of the range has too many digits, opposite numbers cancel out', () => {
  expect(() => addDecimals(parseDecimal('1E125'), parseDecimal('1E-130'))).toThrow('Number overflow');
  expect(() => addDecimals(parseDecimal('9E125'), parseDecimal('9E125'))).toThrow('Number overflow');
  expect(formatDecimal(addDecimals(parseDecimal('1E125'), parseDecimal('-1E125')))).toBe('0');
});
