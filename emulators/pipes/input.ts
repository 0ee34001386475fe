/** Reads members of a request's JSON, and refuses what the service's model does not allow. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { constraint, serialization } from './errors.ts';

export function readBody(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw serialization('Unexpected token in request body');
  }
  if (!isObject(parsed)) throw serialization('Start of structure or map found where not expected.');
  return parsed;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface TextRules {
  readonly longest?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

/** `at` is the path of the structure it is in, with a dot at the end. */
export function text(input: JsonObject, name: string, rules: TextRules = {}, at = ''): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw serialization(`${name} must be a string`);
  const path = at + memberName(name);
  const { longest, pattern, oneOf } = rules;
  if (oneOf && !oneOf.includes(value))
    throw constraint(value, path, `Member must satisfy enum value set: [${oneOf.join(', ')}]`);
  if (longest !== undefined && value.length > longest)
    throw constraint(value, path, `Member must have length less than or equal to ${longest}`);
  if (pattern && !pattern.test(value))
    throw constraint(value, path, `Member must satisfy regular expression pattern: ${pattern.source}`);
  return value;
}

export function neededText(input: JsonObject, name: string, rules: TextRules = {}, at = ''): string {
  const value = text(input, name, rules, at);
  if (value === undefined) throw constraint(undefined, at + memberName(name), 'Member must not be null');
  return value;
}

/** Inclusive bounds. */
export function integer(
  input: JsonObject,
  name: string,
  [low, high]: readonly [number, number],
  at = '',
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw serialization(`${name} must be an integer`);
  const path = at + memberName(name);
  if (value < low) throw constraint(value, path, `Member must have value greater than or equal to ${low}`);
  if (value > high) throw constraint(value, path, `Member must have value less than or equal to ${high}`);
  return value;
}

/** An empty structure where there is none. */
export function structure(input: JsonObject, name: string): JsonObject {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw serialization(`${name} must be a structure`);
  return value;
}

export function textMap(value: JsonValue | undefined): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw serialization('expected a map of strings');
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item !== 'string') throw serialization('expected a map of strings');
      return [key, item];
    }),
  );
}

/** The service writes members with a small first letter in its messages. */
function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
