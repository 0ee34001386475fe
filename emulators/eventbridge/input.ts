/** Reads members of an operation's input, answering the service's error for what is missing or of another form. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { makeTextReader } from '../_wire/text-member.ts';
import { constraint, malformedBody, missingMember } from './errors.ts';

export const optionalText = makeTextReader(malformedBody);

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw missingMember(name);
  return value;
}

export function optionalNumber(
  input: JsonObject,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw malformedBody(`${name} must be a number`);
  if (value < least)
    throw constraint(name, String(value), `Member must have value greater than or equal to ${least}`);
  if (value > most)
    throw constraint(name, String(value), `Member must have value less than or equal to ${most}`);
  return value;
}

/** Epoch ms of a timestamp member, which is in seconds on the wire. */
export function optionalTime(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const at =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isFinite(at)) throw malformedBody(`${name} must be a timestamp`);
  return Math.floor(at);
}

export function optionalChoice<T extends string>(
  input: JsonObject,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = optionalText(input, name);
  if (value === undefined) return undefined;
  const choice = choices.find((one) => one === value);
  if (choice === undefined)
    throw constraint(name, value, `Member must satisfy enum value set: [${choices.join(', ')}]`);
  return choice;
}

export function optionalMap(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw malformedBody(`${name} must be a structure`);
  return value;
}

export function requiredMap(input: JsonObject, name: string): JsonObject {
  const value = optionalMap(input, name);
  if (!value) throw missingMember(name);
  return value;
}

export function optionalMaps(input: JsonObject, name: string): readonly JsonObject[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw malformedBody(`${name} must be a list`);
  return value.map((one) => {
    if (!isObject(one)) throw malformedBody(`${name} must be a list of structures`);
    return one;
  });
}

export function optionalTexts(input: JsonObject, name: string): readonly string[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw malformedBody(`${name} must be a list`);
  return value.map((one) => {
    if (typeof one !== 'string') throw malformedBody(`${name} must be a list of strings`);
    return one;
  });
}

/** A map in JSON text; undefined for anything else. */
export function parseMap(text: string): JsonObject | undefined {
  try {
    const parsed = JSON.parse(text) as JsonValue;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
