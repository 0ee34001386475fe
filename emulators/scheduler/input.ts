/** Reads members of a request's JSON, and refuses what the service's model does not allow. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { constraint, missing, serialization } from './errors.ts';

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
  /** Of the whole text. */
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
  if (value === '' && (longest !== undefined || pattern))
    throw constraint(value, path, 'Member must have length greater than or equal to 1');
  if (longest !== undefined && value.length > longest)
    throw constraint(value, path, `Member must have length less than or equal to ${longest}`);
  if (pattern && !pattern.test(value))
    throw constraint(value, path, `Member must satisfy regular expression pattern: ${pattern.source}`);
  return value;
}

export function neededText(input: JsonObject, name: string, rules: TextRules = {}, at = ''): string {
  const value = text(input, name, rules, at);
  if (value === undefined) throw missing(at + memberName(name));
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

/** Epoch seconds, as JSON has times, or an ISO text, as templates have them; answers epoch ms. */
export function time(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const ms =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw serialization(`${name} must be a time`);
  return Math.round(ms);
}

export function structure(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw serialization(`${name} must be a structure`);
  return value;
}

export function neededStructure(input: JsonObject, name: string): JsonObject {
  const value = structure(input, name);
  if (!value) throw missing(memberName(name));
  return value;
}

/** A number in the query. */
export function pageSize(query: URLSearchParams): number {
  const written = query.get('MaxResults');
  if (written === null) return 100;
  return integer({ MaxResults: Number(written) }, 'MaxResults', [1, 100]) ?? 100;
}

/** The service writes members with a small first letter in its messages. */
function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
