/** Equality, order and the tests between attribute values that conditions are made of. */
import { type AttributeValue, attributeOf, typeOf } from './attribute-value.ts';
import { compareDecimals, parseDecimal } from './decimal.ts';

/** Sets are equal whatever the order of their members. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && a.B === b.B;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('SS' in a) return 'SS' in b && equalSets(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && equalSets(a.NS, b.NS);
  if ('BS' in a) return 'BS' in b && equalSets(a.BS, b.BS);
  if ('L' in a) {
    if (!('L' in b) || a.L.length !== b.L.length) return false;
    return a.L.every((member, i) => equalMembers(member, b.L[i]));
  }
  if (!('M' in b)) return false;
  const names = Object.keys(a.M);
  if (names.length !== Object.keys(b.M).length) return false;
  return names.every((name) => equalMembers(attributeOf(a.M, name), attributeOf(b.M, name)));
}

/** Below, at or above zero; undefined where the two have no order (another type, or a type without one). */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a && 'S' in b) return compareTexts(a.S, b.S);
  if ('N' in a && 'N' in b) return compareDecimals(parseDecimal(a.N), parseDecimal(b.N));
  if ('B' in a && 'B' in b) return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  return undefined;
}

export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S);
  if (!('B' in value && 'B' in prefix)) return false;
  const wanted = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, wanted.length).equals(wanted);
}

/** A part of a text or of bytes, a member of a set or of a list. */
export function containsValue(whole: AttributeValue, part: AttributeValue): boolean {
  if ('S' in whole) return 'S' in part && whole.S.includes(part.S);
  if ('B' in whole)
    return 'B' in part && Buffer.from(whole.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  if ('SS' in whole) return 'S' in part && whole.SS.includes(part.S);
  if ('NS' in whole) return 'N' in part && whole.NS.includes(part.N);
  if ('BS' in whole) return 'B' in part && whole.BS.includes(part.B);
  return 'L' in whole && whole.L.some((member) => equalValues(member, part));
}

export function isOrdered(value: AttributeValue): boolean {
  const type = typeOf(value);
  return type === 'S' || type === 'N' || type === 'B';
}

function equalMembers(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && equalValues(a, b);
}

function equalSets(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const members = new Set(a);
  return b.every((member) => members.has(member));
}

/** By UTF-8 bytes, which is by code point; JavaScript compares code units, which differ above U+FFFF only. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) !== isSurrogate(y) ? (isSurrogate(x) ? 1 : -1) : x - y;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
