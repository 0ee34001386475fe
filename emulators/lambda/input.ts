/** Reads the members of a request's JSON body, and refuses what is of another type as the service does. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { malformed, missing, outOfRange, validation } from './errors.ts';

/** The body as an object; an empty one is `{}`. */
export function readInput(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw malformed('Could not parse request body into json');
  }
  if (!isObject(parsed)) throw malformed('Start of structure or map found where not expected.');
  return parsed;
}

export function text(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed(`${name} must be a string`);
  return value;
}

export function requiredText(input: JsonObject, name: string): string {
  return text(input, name) ?? missing(memberName(name));
}

export function flag(input: JsonObject, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw malformed(`${name} must be a boolean`);
  return value;
}

/** Inclusive bounds. */
export function integer(input: JsonObject, name: string, low: number, high: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw malformed(`${name} must be an integer`);
  if (value < low) throw outOfRange(value, memberName(name), `greater than or equal to ${low}`);
  if (value > high) throw outOfRange(value, memberName(name), `less than or equal to ${high}`);
  return value;
}

export function oneOf<T extends string>(
  input: JsonObject,
  name: string,
  values: readonly T[],
): T | undefined {
  const value = text(input, name);
  if (value === undefined) return undefined;
  const found = values.find((candidate) => candidate === value);
  if (found === undefined)
    throw validation(value, memberName(name), `enum value set: [${values.join(', ')}]`);
  return found;
}

export function object(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw malformed(`${name} must be a structure`);
  return value;
}

export function textList(input: JsonObject, name: string): string[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw malformed(`${name} must be a list`);
  return value.map((item) => {
    if (typeof item !== 'string') throw malformed(`${name} must be a list of strings`);
    return item;
  });
}

export function textMap(input: JsonObject, name: string): Record<string, string> | undefined {
  const value = object(input, name);
  if (value === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item !== 'string') throw malformed(`${name} must be a map of strings`);
      return [key, item];
    }),
  );
}

/** The service writes members with a small first letter in its messages. */
function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
