/** Pages of a sorted list, for the operations that list. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { optionalInteger, optionalText } from './input.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: JsonObject;
}

/** Without MaxResults the first thousand and no token, as the service. */
export function page<T>(items: readonly T[], keyOf: (item: T) => string, input: JsonObject): Page<T> {
  const max = optionalInteger(input, 'MaxResults', 1, 1000, 'Must be between 1 and 1000, if provided.');
  const token = optionalText(input, 'NextToken');
  const after = token === undefined ? undefined : Buffer.from(token, 'base64').toString('utf8');
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const shown = rest.slice(0, max ?? 1000);
  const last = shown.at(-1);
  const more = max !== undefined && last !== undefined && rest.length > shown.length;
  return { items: shown, next: more ? { NextToken: Buffer.from(keyOf(last)).toString('base64') } : {} };
}
