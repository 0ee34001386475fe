/** Reads members of an operation's input, answering the service's error for what is missing or of another form. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { makeTextReader } from '../_wire/text-member.ts';
import { invalidParameter, malformedBody, missingMember } from './errors.ts';

export const optionalText = makeTextReader(malformedBody);

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw missingMember(name);
  return value;
}

/** The query protocol has texts only. */
export function optionalFlag(input: JsonObject, name: string): boolean {
  return input[name] === true || input[name] === 'true';
}

export function textList(input: JsonObject, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value)) throw malformedBody(`${name} must be a list`);
  return value.map((item) => {
    if (typeof item !== 'string') throw malformedBody(`${name} must be a list of strings`);
    return item;
  });
}

export function textMap(input: JsonObject, name: string): Record<string, string> {
  const value = input[name] ?? {};
  if (!isObject(value)) throw malformedBody(`${name} must be a map`);
  const entries = Object.entries(value).map(([key, item]): [string, string] => {
    if (typeof item !== 'string') throw malformedBody(`${name}.${key} must be a string`);
    return [key, item];
  });
  return Object.fromEntries(entries);
}

/** `Tags`: a list of `{ Key, Value }`. */
export function readTags(input: JsonObject): Record<string, string> {
  const value = input.Tags ?? [];
  if (!Array.isArray(value)) throw malformedBody('Tags must be a list');
  const tags = new Map(
    value.map((tag) => {
      if (!isObject(tag)) throw malformedBody('Tags must be a list of structures');
      return [requiredText(tag, 'Key'), requiredText(tag, 'Value')];
    }),
  );
  if (tags.size < value.length) throw invalidParameter('Duplicated keys are not allowed.');
  return Object.fromEntries(tags);
}

/** A map in JSON text; undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const parsed = JSON.parse(text) as JsonValue;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
