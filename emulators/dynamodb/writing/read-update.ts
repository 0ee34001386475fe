/** The update of an item: UpdateItem's request, or an action of a transaction. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidParameter, validationError } from '../errors.ts';
import { applyUpdate, wrongExpressionOperand } from '../expressions/apply-update.ts';
import { bindUpdate } from '../expressions/bind-update.ts';
import { pathsOf } from '../expressions/condition.ts';
import { parseUpdate } from '../expressions/parse-update.ts';
import { attributeNameOf, isNested, type Path } from '../expressions/path.ts';
import { readPlaceholders } from '../expressions/placeholders.ts';
import { makeTextCache } from '../expressions/text-cache.ts';
import { resultTypeOf, type Update, updatePaths } from '../expressions/update.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import { type RawUpdate, readAttributeUpdates, wrongLegacyOperand } from '../legacy/attribute-updates.ts';
import { checkIndexKeys, checkKey, indexTypeMismatch } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import { namesOf, type Table } from '../tables/table.ts';
import { attributeOf, type Item, typeOf } from '../values/attribute-value.ts';
import { itemSize, MAX_ITEM_BYTES } from '../values/item-size.ts';
import { validateItem } from '../values/validate-value.ts';
import { type ConditionInput, readCondition, readLegacyCondition } from './conditions.ts';
import type { ReadWrite } from './item-write.ts';

export interface UpdateInput extends ConditionInput {
  readonly TableName: string;
  readonly Key: JsonObject;
  readonly UpdateExpression?: string;
  readonly AttributeUpdates?: Readonly<Record<string, RawUpdate>>;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

export interface ReadUpdate extends ReadWrite {
  /** Where the update writes. */
  readonly written: readonly Path[];
}

const parsed = makeTextCache(parseUpdate);

const parameters = {
  legacy: ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
  expressions: ['UpdateExpression', 'ConditionExpression'],
  withValues: ['UpdateExpression', 'ConditionExpression'],
};

export function readUpdate(input: UpdateInput): ReadUpdate {
  checkParameters({ ...input }, parameters);
  const key = validateItem(input.Key);
  const legacyUpdate = input.AttributeUpdates && readAttributeUpdates(input.AttributeUpdates);
  const legacyCondition = readLegacyCondition(input);
  const placeholders = readPlaceholders(input);
  const { UpdateExpression: text } = input;
  const update = text === undefined ? (legacyUpdate ?? []) : bindUpdate(parsed.get(text), placeholders);
  const condition = readCondition(input, placeholders) ?? legacyCondition;
  placeholders.assertAllUsed();
  const wrongOperand = legacyUpdate ? wrongLegacyOperand : wrongExpressionOperand;
  return {
    tableName: input.TableName,
    written: update.map(({ path }) => path),
    forTable(table) {
      checkKey(table, key);
      checkTargets(table, update);
      checkScalarKeys(table, [...updatePaths(update), ...(condition ? pathsOf(condition) : [])]);
      return {
        table,
        key: table.layout.keyOf(key),
        condition,
        returnItemOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
        next: (present) => checkedResult(table, present, applyUpdate(present ?? key, update, wrongOperand)),
      };
    },
  };
}

/** Keys stay; index keys keep their type, as far as the request shows. */
function checkTargets(table: Table, update: Update): void {
  for (const { path } of update) {
    const name = attributeNameOf(path);
    if (table.keyNames.includes(name))
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
  }
  for (const index of table.indexes)
    for (const name of namesOf(index.key)) {
      const action = update.find(({ path }) => attributeNameOf(path) === name && !isNested(path));
      const type = action && resultTypeOf(action);
      if (type && type !== table.typeOfKey(name))
        throw indexTypeMismatch(name, table.typeOfKey(name), type, index.name);
    }
}

function checkedResult(table: Table, before: Item | undefined, item: Item): Item {
  for (const index of table.indexes)
    for (const name of namesOf(index.key)) {
      const value = attributeOf(item, name);
      if (value && value !== before?.[name] && typeOf(value) !== table.typeOfKey(name))
        throw validationError(
          'The update expression attempted to update the secondary index key to unsupported type',
        );
    }
  checkIndexKeys(table, item);
  if (itemSize(item) > MAX_ITEM_BYTES)
    throw validationError('Item size to update has exceeded the maximum allowed size');
  return item;
}
