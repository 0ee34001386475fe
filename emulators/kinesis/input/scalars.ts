/** Texts, numbers, flags, times and bytes in an operation's input. */
import { serialization } from '../errors.ts';
import { complaint, notConvertible, refuseNested, type Shape } from './shape.ts';

interface TextRules<T extends string> {
  /** As the service shows it; anchored at both ends. */
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly oneOf?: readonly T[];
}

export function text<T extends string = string>(rules: TextRules<T> = {}): Shape<T | undefined> {
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY, oneOf } = rules;
  const expression = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`);
  return {
    decode(value) {
      if (value === undefined || value === null) return undefined;
      if (typeof value === 'string') return value as T;
      refuseNested(value);
      throw notConvertible(value, 'an String');
    },
    check(value, path, errors) {
      if (value === undefined) return;
      if (expression && !expression.test(value))
        errors.push(complaint(value, path, `Member must satisfy regular expression pattern: ${pattern}`));
      checkLength(value.length, value, path, minLength, maxLength, errors);
      if (oneOf && !oneOf.includes(value))
        errors.push(complaint(value, path, `Member must satisfy enum value set: [${oneOf.join(', ')}]`));
    },
  };
}

export function checkLength(
  length: number,
  shown: string,
  path: string,
  least: number,
  most: number,
  errors: string[],
): void {
  if (length < least)
    errors.push(complaint(shown, path, `Member must have length greater than or equal to ${least}`));
  if (length > most)
    errors.push(complaint(shown, path, `Member must have length less than or equal to ${most}`));
}

const MAX_INTEGER = 2_147_483_647;

/** Fractions are cut off, and what is too large is the largest there is, as the service does. */
export function integer(least?: number, most?: number): Shape<number | undefined> {
  return {
    decode(value) {
      if (value === undefined || value === null) return undefined;
      if (typeof value === 'number') return Math.min(Math.floor(value), MAX_INTEGER);
      refuseNested(value);
      throw notConvertible(value, 'an Integer');
    },
    check(value, path, errors) {
      if (value === undefined) return;
      if (least !== undefined && value < least)
        errors.push(complaint(`${value}`, path, `Member must have value greater than or equal to ${least}`));
      if (most !== undefined && value > most)
        errors.push(complaint(`${value}`, path, `Member must have value less than or equal to ${most}`));
    },
  };
}

export function flag(): Shape<boolean | undefined> {
  return {
    decode(value) {
      if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined;
      refuseNested(value);
      if (typeof value === 'string')
        throw serialization(`'${value.toUpperCase()}' can not be converted to an Boolean`);
      throw notConvertible(value, 'an Boolean');
    },
    check() {},
  };
}

/** Epoch seconds, with fractions. */
export function timestamp(): Shape<number | undefined> {
  return {
    decode(value) {
      if (value === undefined || value === null) return undefined;
      if (typeof value === 'number') return value;
      refuseNested(value);
      throw notConvertible(value, 'milliseconds since epoch');
    },
    check() {},
  };
}

/** Base64 text. */
export function blob(maxLength: number): Shape<Buffer | undefined> {
  return {
    decode(value) {
      if (value === undefined || value === null) return undefined;
      if (typeof value === 'string') return decodeBase64(value);
      refuseNested(value);
      throw notConvertible(value, 'a Blob');
    },
    check(value, path, errors) {
      if (value === undefined) return;
      const shown = `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
      checkLength(value.length, shown, path, 0, maxLength, errors);
    },
  };
}

/** Decoding passes over what is no base64: only what is shorter than its length says is looked at closely. */
function decodeBase64(value: string): Buffer {
  const refuse = (why: string) => serialization(`'${value}' can not be converted to a Blob: ${why}`);
  const { length } = value;
  if (length % 4 !== 0)
    throw refuse(`Base64 encoded length is expected a multiple of 4 bytes but found: ${length}`);
  const bytes = Buffer.from(value, 'base64');
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  if (bytes.length !== (length / 4) * 3 - padding) {
    const wrong = /[^a-zA-Z0-9+/=]|=[^=]/.exec(value)?.[0].charAt(0) ?? '=';
    throw refuse(`Invalid Base64 character: '${wrong}'`);
  }
  if (padding > 0 && !value.endsWith(bytes.subarray(bytes.length - (bytes.length % 3)).toString('base64')))
    throw refuse('Invalid last non-pad Base64 character dectected');
  return bytes;
}
