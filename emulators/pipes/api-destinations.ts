/** API destinations and REST APIs as targets and enrichments of pipes: a call of its own for each event. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { enrichedEvents } from './enriched.ts';
import { structure } from './input.ts';
import type { Item, PipeRun } from './pipe-run.ts';
import { resolved } from './resolved.ts';

export function isDestination(arn: string): boolean {
  return /^arn:[\w-]+:(events:[^:]*:\d*:api-destination\/|execute-api:)/.test(arn);
}

/** Answers the body it answered. Rejects with `ServiceError`. */
export async function callDestination(
  { context }: PipeRun,
  arn: string,
  parameters: JsonObject,
  item: Item,
  body: string,
): Promise<string> {
  if (!context.callDestination) throw new ServiceError('ServiceNotEmulated', 'there are no API destinations');
  const http = followed(structure(parameters, 'HttpParameters'), item);
  return context.callDestination({ arn, body, parameters: http, origin: item.origin });
}

/** What each event is from then on. */
export async function enrichEach(
  run: PipeRun,
  { arn, parameters }: { readonly arn: string; readonly parameters: JsonObject },
  items: readonly Item[],
  textOf: (item: Item) => string,
): Promise<readonly Item[]> {
  const enriched: Item[] = [];
  for (const item of items) {
    const answer = await callDestination(run, arn, parameters, item, textOf(item));
    for (const event of enrichedEvents(answer, arn)) enriched.push({ event, origin: item.origin });
  }
  return enriched;
}

/** Every text in it may be a path. */
function followed(parameters: JsonObject, item: Item): JsonObject {
  const one = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return resolved(value, item);
    if (Array.isArray(value)) return value.map(one);
    return isObject(value) ? followed(value, item) : value;
  };
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, one(value)]));
}
