import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServiceError } from '../../../../emulators/_wire/service-error.ts';
import {
  addDecimals,
  formatDecimal,
  normaliseNumber,
  parseDecimal,
} from '../../../../emulators/dynamodb/values/decimal.ts';
import { encodeNumber, numberSize } from '../../../../emulators/dynamodb/values/number-bytes.ts';

/** The model: every number as a whole multiple of 1E-200, which BigInt holds exactly. */
const SCALE = 200;

interface Written {
  readonly text: string;
  readonly model: bigint;
}

const digits = fc
  .integer({ min: 1, max: 38 })
  .chain((length) =>
    fc.string({ unit: fc.constantFrom('0', '1', '4', '5', '9'), minLength: length, maxLength: length }),
  );

/** In the range the service takes: 38 digits, 1E-130 to 9.99…E125. */
const numbers: fc.Arbitrary<Written> = fc
  .record({
    digits,
    exponent: fc.integer({ min: -167, max: 125 }),
    negative: fc.boolean(),
    plain: fc.boolean(),
  })
  .map(({ digits: written, exponent, negative, plain }) => {
    const magnitude = BigInt(written) * 10n ** BigInt(exponent + SCALE);
    const model = negative ? -magnitude : magnitude;
    return { text: plain ? decimalText(model) : `${negative ? '-' : ''}${written}e${exponent}`, model };
  })
  .filter(({ text, model }) => inRange(model) && (model !== 0n || !text.includes('e')));

function significant(model: bigint): string {
  return model.toString().replace('-', '').replace(/0+$/, '');
}

function inRange(model: bigint): boolean {
  const magnitude = model < 0n ? -model : model;
  if (magnitude === 0n) return true;
  return (
    significant(model).length <= 38 &&
    magnitude >= 10n ** BigInt(SCALE - 130) &&
    magnitude < 10n ** BigInt(SCALE + 126)
  );
}

function decimalText(model: bigint): string {
  const sign = model < 0n ? '-' : '';
  const all = model
    .toString()
    .replace('-', '')
    .padStart(SCALE + 1, '0');
  const whole = all.slice(0, -SCALE);
  const fraction = all.slice(-SCALE).replace(/0+$/, '');
  return sign + whole + (fraction ? `.${fraction}` : '');
}

const outcome = (compute: () => string) => {
  try {
    return compute();
  } catch (thrown) {
    if (thrown instanceof ServiceError) return 'refused';
    throw thrown;
  }
};

test('any way of writing a number comes to its one normal form', () => {
  fc.assert(
    fc.property(numbers, ({ text, model }) => {
      expect(normaliseNumber(text)).toBe(decimalText(model));
      expect(normaliseNumber(decimalText(model))).toBe(decimalText(model));
    }),
    { numRuns: 1000 },
  );
});

test('sums are exact, and refused where they do not fit 38 digits or the range', () => {
  const near = fc
    .tuple(numbers, numbers, fc.boolean())
    .map(([a, b, cancels]): [Written, Written] => [
      a,
      cancels ? { text: decimalText(-a.model), model: -a.model } : b,
    ]);
  fc.assert(
    fc.property(near, ([a, b]) => {
      const sum = a.model + b.model;
      const ours = outcome(() => formatDecimal(addDecimals(parseDecimal(a.text), parseDecimal(b.text))));
      expect(ours).toBe(inRange(sum) ? decimalText(sum) : 'refused');
    }),
    { numRuns: 1000 },
  );
});

test('as key bytes numbers stand in numeric order, and equal ones are equal bytes', () => {
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 2, maxLength: 10 }), (all) => {
      const byBytes = [...all].sort((a, b) => Buffer.compare(encodeNumber(a.text), encodeNumber(b.text)));
      const byValue = [...all].sort((a, b) => (a.model < b.model ? -1 : Number(a.model > b.model)));
      expect(byBytes.map(({ model }) => model)).toEqual(byValue.map(({ model }) => model));
      for (const a of all)
        for (const b of all)
          expect(Buffer.compare(encodeNumber(a.text), encodeNumber(b.text)) === 0).toBe(a.model === b.model);
    }),
    { numRuns: 500 },
  );
});

test('a number counts a byte and one per two digits on either side of the point', () => {
  const half = (text: string) => Math.ceil(text.length / 2);
  fc.assert(
    fc.property(numbers, ({ text, model }) => {
      const [whole = '', fraction = ''] = decimalText(model).replace('-', '').split('.');
      // Zeros no digit stands beyond come off in pairs.
      const left = half((fraction === '' ? whole.replace(/(00)+$/, '') : whole).replace(/^0+/, ''));
      const right = half(left > 0 ? fraction : fraction.replace(/^(00)+/, ''));
      const ending = model < 0n && left + right < 20 ? 1 : 0;
      expect(numberSize(text)).toBe(1 + left + right + ending);
    }),
    { numRuns: 1000 },
  );
});

/** Measured on the service to the byte by others (paritysuite/dynamodb-conformance, August 2026). */
test('numbers count what the service was measured to count', () => {
  const measured: Record<string, number> = {
    '0': 1,
    '1': 2,
    '12': 2,
    '123': 3,
    '1234': 3,
    '12345678901234567890123456789012345678': 20,
    '0042': 2,
    '100': 2,
    '1010': 3,
    '0.0000001': 2,
    '1E125': 2,
    '1E-100': 2,
    '1.5': 3,
    '15': 2,
    '1.200': 3,
    '1.234': 4,
    '3.14159': 5,
    '123456': 4,
  };
  for (const [text, bytes] of Object.entries(measured)) expect(numberSize(text), text).toBe(bytes);
});
