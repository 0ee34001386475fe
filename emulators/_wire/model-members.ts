/** Reads members of a REST service's JSON, and refuses what its model does not allow, in the words that all such services have. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';

export interface TextRules {
  readonly longest?: number;
  /** Of the whole text. */
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

export interface ModelErrors {
  /** The JSON is none, or of another type. */
  readonly serialization: (message: string) => Error;
  /** `path` as in `target.retryPolicy`; the value is undefined where there is none. */
  readonly constraint: (value: unknown, path: string, rule: string) => Error;
}

/** `at`: the path of the structure a member is in, with a dot at the end. A member that is null is absent. */
export interface Members {
  readBody(body: Buffer): JsonObject;
  text(input: JsonObject, name: string, rules?: TextRules, at?: string): string | undefined;
  neededText(input: JsonObject, name: string, rules?: TextRules, at?: string): string;
  /** Inclusive bounds. */
  integer(
    input: JsonObject,
    name: string,
    bounds: readonly [low: number, high: number],
    at?: string,
  ): number | undefined;
  structure(input: JsonObject, name: string): JsonObject | undefined;
}

/** `emptyTexts`: whether a text with a length or pattern may be empty. */
export function makeMembers(
  { serialization, constraint }: ModelErrors,
  emptyTexts: 'allowed' | 'refused',
): Members {
  const text: Members['text'] = (input, name, { longest, pattern, oneOf } = {}, at = '') => {
    const value = input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw serialization(`${name} must be a string`);
    const refuse = (rule: string) => constraint(value, at + memberName(name), rule);
    if (oneOf && !oneOf.includes(value))
      throw refuse(`Member must satisfy enum value set: [${oneOf.join(', ')}]`);
    if (value === '' && emptyTexts === 'refused' && (longest !== undefined || pattern))
      throw refuse('Member must have length greater than or equal to 1');
    if (longest !== undefined && value.length > longest)
      throw refuse(`Member must have length less than or equal to ${longest}`);
    if (pattern && !pattern.test(value))
      throw refuse(`Member must satisfy regular expression pattern: ${pattern.source}`);
    return value;
  };
  return {
    text,
    neededText(input, name, rules, at = '') {
      const value = text(input, name, rules, at);
      if (value === undefined) throw constraint(undefined, at + memberName(name), 'Member must not be null');
      return value;
    },
    readBody(body) {
      if (body.length === 0) return {};
      let parsed: JsonValue;
      try {
        parsed = JSON.parse(body.toString('utf8')) as JsonValue;
      } catch {
        throw serialization('Unexpected token in request body');
      }
      if (!isObject(parsed)) throw serialization('Start of structure or map found where not expected.');
      return parsed;
    },
    integer(input, name, [low, high], at = '') {
      const value = input[name];
      if (value === undefined || value === null) return undefined;
      if (typeof value !== 'number' || !Number.isInteger(value))
        throw serialization(`${name} must be an integer`);
      const path = at + memberName(name);
      if (value < low)
        throw constraint(value, path, `Member must have value greater than or equal to ${low}`);
      if (value > high) throw constraint(value, path, `Member must have value less than or equal to ${high}`);
      return value;
    },
    structure(input, name) {
      const value = input[name];
      if (value === undefined || value === null) return undefined;
      if (!isObject(value)) throw serialization(`${name} must be a structure`);
      return value;
    },
  };
}

/** Messages have members with a small first letter. */
export function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
