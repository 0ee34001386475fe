/** Expressions read, bound and applied in one step, as tests want it. */
import { applyUpdate } from '../../../../emulators/dynamodb/expressions/apply-update.ts';
import { bindCondition } from '../../../../emulators/dynamodb/expressions/bind-condition.ts';
import { bindUpdate } from '../../../../emulators/dynamodb/expressions/bind-update.ts';
import { fulfils } from '../../../../emulators/dynamodb/expressions/condition.ts';
import { parseCondition } from '../../../../emulators/dynamodb/expressions/parse-condition.ts';
import { parseUpdate } from '../../../../emulators/dynamodb/expressions/parse-update.ts';
import { readPlaceholders } from '../../../../emulators/dynamodb/expressions/placeholders.ts';
import {
  bindProjection,
  makeProjector,
  parseProjection,
} from '../../../../emulators/dynamodb/expressions/projection.ts';
import type { Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';

export type Names = Readonly<Record<string, string>>;

const placeholdersOf = (values?: JsonObject, names?: Names) =>
  readPlaceholders({
    ...(names && { ExpressionAttributeNames: names }),
    ...(values && { ExpressionAttributeValues: values }),
  });

export function bound(text: string, values?: JsonObject, names?: Names) {
  const placeholders = placeholdersOf(values, names);
  const condition = bindCondition('FilterExpression', parseCondition('FilterExpression', text), placeholders);
  placeholders.assertAllUsed();
  return condition;
}

export const holds = (item: Item, text: string, values?: JsonObject, names?: Names) =>
  fulfils(item, bound(text, values, names));

export function updated(item: Item, text: string, values?: JsonObject, names?: Names): Item {
  const placeholders = placeholdersOf(values, names);
  const update = bindUpdate(parseUpdate(text), placeholders);
  placeholders.assertAllUsed();
  return applyUpdate(item, update);
}

export function projected(item: Item, text: string, names?: Names): Item {
  const placeholders = placeholdersOf(undefined, names);
  const paths = bindProjection(parseProjection(text), placeholders);
  placeholders.assertAllUsed();
  return makeProjector(paths)(item);
}
