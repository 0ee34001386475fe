/** The delete of an item and the mere check of one: their requests differ in nothing but what becomes of the item. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { pathsOf } from '../expressions/condition.ts';
import { readPlaceholders } from '../expressions/placeholders.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import { checkKey } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import { validateItem } from '../values/validate-value.ts';
import { type ConditionInput, readCondition, readLegacyCondition, writeParameters } from './conditions.ts';
import type { ItemWrite, ReadWrite } from './item-write.ts';

export interface KeyedInput extends ConditionInput {
  readonly TableName: string;
  readonly Key: JsonObject;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

export const readDelete = (input: KeyedInput): ReadWrite =>
  readKeyed(input, { isBlind: true, next: () => undefined });

/** Leaves the item as it is. */
export const readConditionCheck = (input: KeyedInput): ReadWrite =>
  readKeyed(input, { next: (present) => present });

function readKeyed(input: KeyedInput, outcome: Pick<ItemWrite, 'isBlind' | 'next'>): ReadWrite {
  checkParameters({ ...input }, writeParameters);
  const key = validateItem(input.Key);
  const legacy = readLegacyCondition(input);
  const placeholders = readPlaceholders(input);
  const condition = readCondition(input, placeholders) ?? legacy;
  placeholders.assertAllUsed();
  return {
    tableName: input.TableName,
    forTable(table) {
      checkKey(table, key);
      if (condition) checkScalarKeys(table, pathsOf(condition));
      return {
        table,
        key: table.layout.keyOf(key),
        condition,
        returnItemOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
        ...outcome,
      };
    },
  };
}
