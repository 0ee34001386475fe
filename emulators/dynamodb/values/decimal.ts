/** Numbers of 38 significant digits: reading, normal form, comparing, adding. */
import { requestError, validationError } from '../errors.ts';

/** `0.digits × 10^exponent`; no zero at either end of `digits`, which is empty for zero. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const MAX_DIGITS = 38;
/** 9.99…E125 written as 0.999…E126. */
const MAX_EXPONENT = 126;
const MAX_INTEGER = 2 ** 31 - 1;
/** 1E-130 written as 0.1E-129. */
const MIN_EXPONENT = -129;

const zero: Decimal = { negative: false, digits: '', exponent: 0 };
const numberText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const shortInteger = /^(?:0|-?[1-9]\d{0,17})$/;

/** Throws the service's ValidationException for what is no number, too long or out of range. */
export function parseDecimal(text: string): Decimal {
  const match = numberText.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (!match || whole.length + fraction.length === 0) throw notANumber(text);
  const written = match[4] ?? '0';
  // The service reads the exponent into 64 bits.
  if (written.length > 18 && !fits64Bits(written)) throw notANumber(text);
  const exponent = Number(written);
  const value = makeDecimal(match[1] === '-', whole + fraction, whole.length + exponent);
  // Zero is measured by the place of the last digit it is written with.
  if (value.digits === '' && exponent !== 0)
    inRange({ negative: false, digits: '1', exponent: exponent - fraction.length + 1 });
  return inRange(value);
}

function fits64Bits(exponent: string): boolean {
  return BigInt.asIntN(64, BigInt(exponent)) === BigInt(exponent);
}

/** The form in which the service gives a number back: no exponent, no needless zero. */
export function normaliseNumber(text: string): string {
  return shortInteger.test(text) ? text : formatDecimal(parseDecimal(text));
}

export function formatDecimal({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits + '0'.repeat(exponent - digits.length);
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = signOf(a) - signOf(b);
  if (signs !== 0) return signs;
  return a.negative ? compareMagnitudes(b, a) : compareMagnitudes(a, b);
}

export function negate(value: Decimal): Decimal {
  return value.digits === '' ? value : { ...value, negative: !value.negative };
}

/** The exact sum; throws when it has more digits or a greater magnitude than a number may have. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.digits === '') return b;
  if (b.digits === '') return a;
  const scale = Math.min(a.exponent - a.digits.length, b.exponent - b.digits.length);
  const sum = scaled(a, scale) + scaled(b, scale);
  const magnitude = (sum < 0n ? -sum : sum).toString();
  return sumInRange(makeDecimal(sum < 0n, magnitude, magnitude.length + scale));
}

/** Of a sum with too many digits the service says that it is too great. */
function sumInRange(sum: Decimal): Decimal {
  if (sum.digits.length > MAX_DIGITS || sum.exponent > MAX_EXPONENT) throw validationError(OVERFLOW);
  if (sum.digits !== '' && sum.exponent < MIN_EXPONENT) throw validationError(UNDERFLOW);
  return sum;
}

function makeDecimal(negative: boolean, digits: string, exponent: number): Decimal {
  let start = 0;
  while (digits[start] === '0') start++;
  let end = digits.length;
  while (end > start && digits[end - 1] === '0') end--;
  if (start === end) return zero;
  return { negative, digits: digits.slice(start, end), exponent: exponent - start };
}

function inRange(value: Decimal): Decimal {
  if (value.digits === '') return value;
  if (value.digits.length > MAX_DIGITS)
    throw requestError('Attempting to store more than 38 significant digits in a Number');
  // In the older layer an exponent beyond 32 bits turns round.
  if (value.exponent > MAX_EXPONENT)
    throw requestError(value.exponent > MAX_INTEGER ? UNDERFLOW : OVERFLOW, OVERFLOW);
  if (value.exponent < MIN_EXPONENT) throw requestError(UNDERFLOW);
  return value;
}

const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW =
  'Number underflow. Attempting to store a number with magnitude smaller than supported range';

function notANumber(text: string) {
  const message = 'The parameter cannot be converted to a numeric value';
  return requestError(text === '' ? message : `${message}: ${text}`, `${message}: ${text}`);
}

function signOf({ negative, digits }: Decimal): number {
  if (digits === '') return 0;
  return negative ? -1 : 1;
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.exponent !== b.exponent) return a.exponent - b.exponent;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}

function scaled({ negative, digits, exponent }: Decimal, scale: number): bigint {
  const magnitude = BigInt(digits + '0'.repeat(exponent - digits.length - scale));
  return negative ? -magnitude : magnitude;
}
