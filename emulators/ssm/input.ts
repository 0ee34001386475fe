/** Reads members of an operation's input, answering the service's error for what is missing or of another form. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { makeTextReader } from '../_wire/text-member.ts';
import { invalidMember, malformedBody } from './errors.ts';

export const optionalText = makeTextReader(malformedBody);

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw invalidMember(memberName(name), null, 'Member must not be null');
  if (value === '')
    throw invalidMember(memberName(name), '', 'Member must have length greater than or equal to 1');
  return value;
}

export function choice<T extends string>(
  input: JsonObject,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = optionalText(input, name);
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found === undefined)
    throw invalidMember(
      memberName(name),
      value,
      `Member must satisfy enum value set: [${allowed.join(', ')}]`,
    );
  return found;
}

/** Between 1 and `most` texts. */
export function textList(input: JsonObject, name: string, most: number): string[] {
  const value = input[name];
  if (!Array.isArray(value)) throw invalidMember(memberName(name), null, 'Member must not be null');
  const texts = value.map((item) => {
    if (typeof item !== 'string') throw malformedBody(`${name} must be a list of strings`);
    return item;
  });
  const shown = `[${texts.join(', ')}]`;
  if (texts.length === 0)
    throw invalidMember(memberName(name), shown, 'Member must have length greater than or equal to 1');
  if (texts.length > most)
    throw invalidMember(memberName(name), shown, `Member must have length less than or equal to ${most}`);
  return texts;
}

export function optionalInteger(
  input: JsonObject,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw malformedBody(`${name} must be an integer`);
  if (value < least)
    throw invalidMember(memberName(name), value, `Member must have value greater than or equal to ${least}`);
  if (value > most)
    throw invalidMember(memberName(name), value, `Member must have value less than or equal to ${most}`);
  return value;
}

/** A list of `{ Key, Value }`. */
export function readTags(input: JsonObject): Record<string, string> | undefined {
  const value = input.Tags;
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw malformedBody('Tags must be a list');
  return Object.fromEntries(
    value.map((tag) => {
      if (!isObject(tag)) throw malformedBody('Tags must be a list of structures');
      return [requiredText(tag, 'Key'), optionalText(tag, 'Value') ?? ''];
    }),
  );
}

function memberName(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
