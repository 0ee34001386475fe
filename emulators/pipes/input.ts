/** Reads members of a request's JSON, and refuses what the service's model does not allow. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { makeMembers } from '../_wire/model-members.ts';
import { constraint, serialization } from './errors.ts';

const members = makeMembers({ constraint, serialization }, 'allowed');
export const { readBody, text, neededText, integer } = members;

/** An empty structure where there is none. */
export function structure(input: JsonObject, name: string): JsonObject {
  return members.structure(input, name) ?? {};
}

export function textMap(value: JsonValue | undefined): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw serialization('expected a map of strings');
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item !== 'string') throw serialization('expected a map of strings');
      return [key, item];
    }),
  );
}
