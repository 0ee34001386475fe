/** Filters and projections of reads, from expressions or from the older parameters. */
import { bindCondition } from '../expressions/bind-condition.ts';
import type { Condition } from '../expressions/condition.ts';
import { parseCondition } from '../expressions/parse-condition.ts';
import type { Path } from '../expressions/path.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import { bindProjection, parseProjection } from '../expressions/projection.ts';
import { makeTextCache } from '../expressions/text-cache.ts';

const parsedFilters = makeTextCache((text) => parseCondition('FilterExpression', text));
const parsedKeyConditions = makeTextCache((text) => parseCondition('KeyConditionExpression', text));
const parsedProjections = makeTextCache(parseProjection);

export function readFilter(text: string | undefined, placeholders: Placeholders): Condition | undefined {
  if (text === undefined) return undefined;
  return bindCondition('FilterExpression', parsedFilters.get(text), placeholders);
}

export function readKeyCondition(
  text: string | undefined,
  placeholders: Placeholders,
): Condition | undefined {
  if (text === undefined) return undefined;
  return bindCondition('KeyConditionExpression', parsedKeyConditions.get(text), placeholders);
}

/** Undefined: the whole item. */
export function readProjection(
  input: { readonly ProjectionExpression?: string; readonly AttributesToGet?: readonly string[] },
  placeholders: Placeholders,
): readonly Path[] | undefined {
  if (input.ProjectionExpression !== undefined)
    return bindProjection(parsedProjections.get(input.ProjectionExpression), placeholders);
  return input.AttributesToGet?.map((name) => [name]);
}
