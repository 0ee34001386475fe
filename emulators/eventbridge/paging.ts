/** Pages of a list, each with the token of the next. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { validation } from './errors.ts';
import { optionalNumber, optionalText } from './input.ts';

const MOST = 100;

export interface Page<T> {
  readonly items: readonly T[];
  /** The member of the answer that asks for more. */
  readonly next: { readonly NextToken?: string };
}

export function pageOf<T>(all: readonly T[], input: JsonObject): Page<T> {
  const size = optionalNumber(input, 'Limit', 1, MOST) ?? MOST;
  const from = startOf(optionalText(input, 'NextToken'));
  const end = from + size;
  return {
    items: all.slice(from, end),
    next: end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {},
  };
}

/** The same of what a `NamePrefix` asks for. */
export function namedPageOf<T>(all: readonly T[], nameOf: (one: T) => string, input: JsonObject): Page<T> {
  const prefix = optionalText(input, 'NamePrefix') ?? '';
  const named = all.filter((one) => nameOf(one).startsWith(prefix));
  return pageOf(
    named.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    input,
  );
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const from = Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from) || from < 1) throw validation('Invalid nextToken');
  return from;
}
