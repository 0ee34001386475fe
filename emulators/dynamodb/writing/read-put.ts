/** The put of an item: PutItem's request, or an action of a transaction. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { readPlaceholders } from '../expressions/placeholders.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import { checkItemSize, checkPutItem } from '../tables/check-keys.ts';
import { itemSizes } from '../values/item-size.ts';
import { validateItem } from '../values/validate-value.ts';
import { type ConditionInput, readCondition, readLegacyCondition, writeParameters } from './conditions.ts';
import type { ReadWrite } from './item-write.ts';

export interface PutInput extends ConditionInput {
  readonly TableName: string;
  readonly Item: JsonObject;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

export function readPut(input: PutInput): ReadWrite {
  checkParameters({ ...input }, writeParameters);
  const item = validateItem(input.Item);
  const sizes = itemSizes(item);
  checkItemSize(sizes.size);
  const legacy = readLegacyCondition(input);
  const placeholders = readPlaceholders(input);
  const condition = readCondition(input, placeholders) ?? legacy;
  placeholders.assertAllUsed();
  return {
    tableName: input.TableName,
    forTable(table) {
      checkPutItem(table, item);
      return {
        table,
        key: table.layout.keyOf(item),
        condition,
        returnItemOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
        isBlind: true,
        sizes,
        next: () => item,
      };
    },
  };
}
