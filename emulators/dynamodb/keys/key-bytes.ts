/** Key attribute values as bytes in the service's order, and the hash that scatters partitions. */
import { hash } from 'node:crypto';
import type { AttributeValue } from '../values/attribute-value.ts';
import { encodeNumber } from '../values/number-bytes.ts';

/** Texts by UTF-8 bytes, numbers by value, binaries by byte. */
export function keyBytes(value: AttributeValue): Uint8Array {
  if ('S' in value) return Buffer.from(value.S);
  if ('N' in value) return encodeNumber(value.N);
  return 'B' in value ? Buffer.from(value.B, 'base64') : Buffer.alloc(0);
}

/**
 * MD5 behind a fixed word: with it Scan gives items in the very order in which the service gives them
 * (seen in the "hash order" cases of dynalite's test suite, which pass against the service). 16 bytes.
 */
export function partitionHash(...parts: readonly Uint8Array[]): Uint8Array {
  // A digest that is text and then made bytes costs half of one that is bytes.
  return Buffer.from(partitionHashText(...parts), 'latin1');
}

/** The same, a character per byte. */
export function partitionHashText(...parts: readonly Uint8Array[]): string {
  return hash('md5', Buffer.concat([FIXED_WORD, ...parts]), 'binary');
}

const FIXED_WORD = Buffer.from('Outliers');

/** The first key after all that begin with `prefix`; undefined when there is none. */
export function successor(prefix: Uint8Array): Uint8Array | undefined {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  if (end === 0) return undefined;
  // Not `slice`: a Buffer's would share its bytes with `prefix`.
  const next = Uint8Array.from(prefix.subarray(0, end));
  next[end - 1] = (prefix[end - 1] ?? 0) + 1;
  return next;
}

const TERMINATOR = Uint8Array.of(0, 0);

/** So that more can follow without disturbing the order: 00 becomes 00 FF. */
export function escapeZeros(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0)) return bytes;
  const escaped: number[] = [];
  for (const byte of bytes) {
    escaped.push(byte);
    if (byte === 0) escaped.push(0xff);
  }
  return Uint8Array.from(escaped);
}

/** `escapeZeros`, closed by an end that sorts before every continuation. */
export function closedBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([escapeZeros(bytes), TERMINATOR]);
}
