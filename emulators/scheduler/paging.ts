/** Pages of lists: a token names the last entry of the page before. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { validation } from './errors.ts';
import { pageSize } from './input.ts';

/** `keyOf` must rise from entry to entry. */
export function pageOf<T>(
  all: readonly T[],
  query: URLSearchParams,
  keyOf: (entry: T) => string,
): { readonly entries: readonly T[]; readonly next: JsonObject } {
  const size = pageSize(query);
  const token = query.get('NextToken');
  const from = token === null ? 0 : positionOf(all, token, keyOf);
  const entries = all.slice(from, from + size);
  const last = entries.at(-1);
  const more = last !== undefined && from + size < all.length;
  return { entries, next: more ? { NextToken: Buffer.from(keyOf(last)).toString('base64url') } : {} };
}

function positionOf<T>(all: readonly T[], token: string, keyOf: (entry: T) => string): number {
  const key = Buffer.from(token, 'base64url').toString();
  if (key === '') throw validation('Invalid NextToken.');
  const at = all.findIndex((entry) => keyOf(entry) > key);
  return at < 0 ? all.length : at;
}
