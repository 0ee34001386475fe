/** Reads members of an operation's input, answering the service's error for what is missing or of another form. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { makeTextReader } from '../_wire/text-member.ts';
import { invalidParameter, malformedBody } from './errors.ts';

export const optionalText = makeTextReader(malformedBody);

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (!value) throw invalidParameter(`You must provide a value for the ${name} parameter.`);
  return value;
}

export function optionalInteger(
  input: JsonObject,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw invalidParameter(`The ${name} value must be between ${least} and ${most} (inclusive).`);
  return value;
}

export function textList(input: JsonObject, name: string): string[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw malformedBody(`${name} must be a list`);
  return value.map((item) => {
    if (typeof item !== 'string') throw malformedBody(`${name} must be a list of strings`);
    return item;
  });
}

/** A list of `{ Key, Value }`. */
export function readTags(input: JsonObject): Record<string, string> {
  const value = input.Tags ?? [];
  if (!Array.isArray(value)) throw malformedBody('Tags must be a list');
  return Object.fromEntries(
    value.map((tag) => {
      if (!isObject(tag)) throw malformedBody('Tags must be a list of structures');
      return [requiredText(tag, 'Key'), optionalText(tag, 'Value') ?? ''];
    }),
  );
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The member of the answer that asks for more. */
  readonly next: { readonly NextToken?: string };
}

const PAGE = 100;

export function pageOf<T>(all: readonly T[], input: JsonObject, invalid: () => Error): Page<T> {
  const size = optionalInteger(input, 'MaxResults', 1, PAGE) ?? PAGE;
  const token = optionalText(input, 'NextToken');
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) throw invalid();
  const end = from + size;
  return {
    items: all.slice(from, end),
    next: end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {},
  };
}
