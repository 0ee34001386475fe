/** Reads members of an operation's input, answering the service's error for what is missing or out of range. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { makeTextReader } from '../_wire/text-member.ts';
import { invalidValue, malformedBody, missingParameter } from './errors.ts';
import { nameOfUrl } from './queue-names.ts';
import type { Queue, Queues } from './queues.ts';

export const optionalText = makeTextReader(malformedBody);

/** Present and not empty. */
export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (!value) throw missingParameter(name);
  return value;
}

/** `range` is the service's wording of what is allowed. */
export function optionalInteger(
  input: JsonObject,
  name: string,
  low: number,
  high: number,
  range: string,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number') throw malformedBody(`${name} must be a number`);
  if (!Number.isInteger(number) || number < low || number > high) throw invalidValue(value, name, range);
  return number;
}

export function textList(input: JsonObject, name: string): string[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw malformedBody(`${name} must be a list of strings`);
  return value.filter((item) => typeof item === 'string');
}

export function textMap(input: JsonObject, name: string): Record<string, string> {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw malformedBody(`${name} must be a map`);
  const entries = Object.entries(value).map(([key, item]): [string, string] => {
    if (typeof item !== 'string') throw malformedBody(`${name}.${key} must be a string`);
    return [key, item];
  });
  return Object.fromEntries(entries);
}

/** The queue `QueueUrl` names, whatever host is in it. */
export function queueOf(queues: Queues, input: JsonObject): Queue {
  return queues.get(nameOfUrl(requiredText(input, 'QueueUrl')));
}
