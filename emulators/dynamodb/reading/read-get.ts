/** The part GetItem, BatchGetItem and TransactGetItems have in common: keys and a projection. */
import type { Path } from '../expressions/path.ts';
import { readPlaceholders } from '../expressions/placeholders.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import { checkAttributesToGet } from '../input/members.ts';
import type { Item } from '../values/attribute-value.ts';
import { readProjection } from './read-parameters.ts';

export interface GetInput {
  readonly AttributesToGet?: readonly string[];
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
}

export interface ReadGet {
  readonly keys: readonly Item[];
  /** Undefined: the whole item. */
  readonly paths: readonly Path[] | undefined;
}

/** `readKeys` is called where the service looks at them: before the projection. */
export function readGet(input: GetInput, readKeys: () => readonly Item[]): ReadGet {
  checkParameters({ ...input }, { legacy: ['AttributesToGet'], expressions: ['ProjectionExpression'] });
  const keys = readKeys();
  checkAttributesToGet(input.AttributesToGet);
  const placeholders = readPlaceholders({
    ...(input.ExpressionAttributeNames && { ExpressionAttributeNames: input.ExpressionAttributeNames }),
  });
  const paths = readProjection(input, placeholders);
  placeholders.assertAllUsed();
  return { keys, paths };
}
