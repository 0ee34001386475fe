/** Pages of a list, each with the token of the next. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { invalidNextToken } from './errors.ts';
import { optionalInteger, optionalText } from './input.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** The member of the answer that asks for more. */
  readonly next: { readonly NextToken?: string };
}

/** `most` is what `MaxResults` may be at most, and is where it says nothing. */
export function pageOf<T>(all: readonly T[], input: JsonObject, most: number): Page<T> {
  const size = optionalInteger(input, 'MaxResults', 1, most) ?? most;
  const from = startOf(optionalText(input, 'NextToken'));
  const end = from + size;
  return {
    items: all.slice(from, end),
    next: end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {},
  };
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const from = Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from) || from < 1) throw invalidNextToken();
  return from;
}
