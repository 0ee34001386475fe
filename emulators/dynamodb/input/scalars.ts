/** Shapes of texts, numbers and booleans. */
import type { JsonValue } from '../../../src/model/emulator.ts';
import { serializationError } from '../errors.ts';
import { ENUM, quote, type Report, type Shape, tokenOf } from './shape.ts';

export interface TextLimits {
  readonly oneOf?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

export function text<T extends string = string>(limits: TextLimits = {}): Shape<T> {
  const pattern = limits.pattern ? new RegExp(`^(?:${limits.pattern})$`) : undefined;
  return {
    javaType: 'java.lang.String',
    decode(value) {
      if (typeof value === 'string') return value as T;
      throw wrongScalar(value, 'String');
    },
    constrain(value, path, report) {
      if (limits.oneOf && !limits.oneOf.includes(value))
        report(quote(value), path, `${ENUM}: [${limits.oneOf.join(', ')}]`);
      if (pattern && !pattern.test(value))
        report(quote(value), path, `Member must satisfy regular expression pattern: ${limits.pattern}`);
      constrainLength(value.length, () => value, path, limits, report);
    },
    print: (value) => value,
  };
}

export interface LengthLimits {
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** `print` is called for what breaks a limit only: it may be a whole request. */
export function constrainLength(
  length: number,
  print: () => string,
  path: string,
  { minLength, maxLength }: LengthLimits,
  report: Report,
): void {
  if (minLength !== undefined && length < minLength)
    report(quote(print()), path, `Member must have length greater than or equal to ${minLength}`);
  if (maxLength !== undefined && length > maxLength)
    report(quote(print()), path, `Member must have length less than or equal to ${maxLength}`);
}

export interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
}

export const integer = (limits: NumberLimits = {}) => wholeNumber('Integer', limits);
export const long = (limits: NumberLimits = {}) => wholeNumber('Long', limits);

function wholeNumber(javaName: string, { min, max }: NumberLimits): Shape<number> {
  return {
    javaType: `java.lang.${javaName}`,
    decode(value) {
      if (typeof value === 'number') return Math.trunc(value);
      throw wrongScalar(value, javaName);
    },
    constrain(value, path, report) {
      if (min !== undefined && value < min)
        report(quote(String(value)), path, `Member must have value greater than or equal to ${min}`);
      if (max !== undefined && value > max)
        report(quote(String(value)), path, `Member must have value less than or equal to ${max}`);
    },
    print: String,
  };
}

export const boolean: Shape<boolean> = {
  javaType: 'java.lang.Boolean',
  decode(value) {
    checkBoolean(value);
    return value === true || /^(?:true|yes|1)$/i.test(String(value));
  },
  constrain() {},
  print: String,
};

/** The service's JSON reader takes a few texts for booleans. */
export function checkBoolean(value: JsonValue): void {
  if (typeof value === 'boolean') return;
  if (typeof value !== 'string') throw wrongScalar(value, 'Boolean');
  if (!/^(?:true|false|yes|no|1|0)$/i.test(value))
    throw serializationError('Unexpected token received from parser');
}

export function wrongScalar(value: JsonValue, javaName: string): Error {
  if (Array.isArray(value))
    return serializationError(`Unrecognized collection type class java.lang.${javaName}`);
  if (typeof value === 'object' || value === null)
    return serializationError('Start of structure or map found where not expected');
  return serializationError(`${tokenOf(value)} cannot be converted to ${javaName}`);
}
