/** A number as bytes whose order is the numeric order: base-100 digits behind an exponent byte. */
import { type Decimal, parseDecimal } from './decimal.ts';

/**
 * The service keys and measures numbers by this form (its scan order shows it): one byte for the power of 100, then one
 * byte 1 + d per pair of digits. A negative number has the exponent byte inverted, 101 - d per pair, and ends
 * in 102 where it is shorter than 20 pairs, so that a shorter one sorts after a longer with the same beginning.
 */
const EXPONENT_BIAS = 0xc0;
const MAX_PAIRS = 20;
const NEGATIVE_END = 102;
const ZERO = Uint8Array.of(0x80);
/** Without a sign, an exponent or a zero that does not count. */
const plain = /^(?:[1-9]|[1-9]\d{0,15}(?:[1-9]|\.\d{0,15}[1-9]))$/;

export function encodeNumber(text: string): Uint8Array {
  return encodeDecimal(parseDecimal(text));
}

export function encodeDecimal({ negative, digits, exponent }: Decimal): Uint8Array {
  if (digits === '') return ZERO;
  const pairs = pairsOf(digits, exponent);
  const power = EXPONENT_BIAS + Math.ceil(exponent / 2);
  const count = pairs.length / 2;
  const closed = negative && count < MAX_PAIRS;
  const bytes = new Uint8Array(1 + count + (closed ? 1 : 0));
  bytes[0] = negative ? 0xff - power : power;
  for (let i = 0; i < count; i++) {
    const pair = (pairs.charCodeAt(2 * i) - 48) * 10 + pairs.charCodeAt(2 * i + 1) - 48;
    bytes[i + 1] = negative ? 101 - pair : pair + 1;
  }
  if (closed) bytes[count + 1] = NEGATIVE_END;
  return bytes;
}

/** Bytes a number takes in an item. */
export function numberSize(text: string): number {
  // As most of all are.
  if (plain.test(text)) {
    const point = text.indexOf('.');
    const whole = point < 0 ? text.length : point;
    const fraction = point < 0 ? 0 : text.length - point - 1;
    return 1 + Math.ceil(whole / 2) + Math.ceil(fraction / 2);
  }
  const { negative, digits, exponent } = parseDecimal(text);
  if (digits === '') return 1;
  const count = pairsOf(digits, exponent).length / 2;
  return 1 + count + (negative && count < MAX_PAIRS ? 1 : 0);
}

/** The digits aligned to powers of 100. */
function pairsOf(digits: string, exponent: number): string {
  const aligned = exponent % 2 === 0 ? digits : `0${digits}`;
  return aligned.length % 2 === 0 ? aligned : `${aligned}0`;
}
