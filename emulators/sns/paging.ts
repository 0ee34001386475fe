/** Pages of a list, each with the token of the next. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { invalidParameter } from './errors.ts';
import { optionalText } from './input.ts';

const PAGE = 100;

export interface Page<T> {
  readonly items: readonly T[];
  /** The member of the answer that asks for more. */
  readonly next: { readonly NextToken?: string };
}

export function pageOf<T>(all: readonly T[], input: JsonObject): Page<T> {
  const from = startOf(optionalText(input, 'NextToken'));
  const end = from + PAGE;
  return {
    items: all.slice(from, end),
    next: end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {},
  };
}

function startOf(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const from = Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from) || from < 1) throw invalidParameter('NextToken');
  return from;
}
