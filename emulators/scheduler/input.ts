/** Reads members of a request's JSON, and refuses what the service's model does not allow. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { makeMembers, memberName } from '../_wire/model-members.ts';
import { constraint, missing, serialization } from './errors.ts';

export const { readBody, text, neededText, integer, structure } = makeMembers(
  { constraint, serialization },
  'refused',
);

/** Epoch seconds, as JSON has times, or an ISO text, as templates have them; answers epoch ms. */
export function time(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const ms =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw serialization(`${name} must be a time`);
  return Math.round(ms);
}

export function neededStructure(input: JsonObject, name: string): JsonObject {
  const value = structure(input, name);
  if (!value) throw missing(memberName(name));
  return value;
}

/** A number in the query. */
export function pageSize(query: URLSearchParams): number {
  const written = query.get('MaxResults');
  if (written === null) return 100;
  return integer({ MaxResults: Number(written) }, 'MaxResults', [1, 100]) ?? 100;
}
