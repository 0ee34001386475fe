/** The update of an item: UpdateItem's request, or an action of a transaction. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { namesOf } from '../../../src/std/key-names.ts';
import { invalidParameter, validationError } from '../errors.ts';
import { applyUpdate, type WrongOperand, wrongExpressionOperand } from '../expressions/apply-update.ts';
import { bindUpdate } from '../expressions/bind-update.ts';
import { type Condition, pathsOf } from '../expressions/condition.ts';
import { parseUpdate } from '../expressions/parse-update.ts';
import { attributeNameOf, isNested, type Path } from '../expressions/path.ts';
import { readPlaceholders } from '../expressions/placeholders.ts';
import { makeTextCache } from '../expressions/text-cache.ts';
import { resultTypeOf, type Update, type UpdateAction, updatePaths } from '../expressions/update.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import { type RawUpdate, readAttributeUpdates, wrongLegacyOperand } from '../legacy/attribute-updates.ts';
import { checkIndexKeys, checkKey, emptyUpdatedIndexKey, indexTypeMismatch } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import type { Table } from '../tables/table.ts';
import { attributeOf, type Item, typeOf } from '../values/attribute-value.ts';
import { itemSize, MAX_ITEM_BYTES } from '../values/item-size.ts';
import { validateItem } from '../values/validate-value.ts';
import { type ConditionInput, readCondition, readLegacyCondition } from './conditions.ts';
import type { ItemWrite, ReadWrite } from './item-write.ts';

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
  const returnItemOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const wrongOperand = legacyUpdate ? wrongLegacyOperand : wrongExpressionOperand;
  return {
    tableName: input.TableName,
    written: update.map(({ path }) => path),
    forTable: (table) => updateWrite(table, { key, update, condition, returnItemOnFailure, wrongOperand }),
  };
}

/** An update with everything resolved, whatever language it was written in. */
export interface ResolvedUpdate {
  readonly key: Item;
  readonly update: Update;
  readonly condition: Condition | undefined;
  readonly returnItemOnFailure: boolean;
  readonly wrongOperand?: WrongOperand;
}

export function updateWrite(table: Table, resolved: ResolvedUpdate): ItemWrite {
  const { key, update, condition, returnItemOnFailure, wrongOperand } = resolved;
  // The service makes no item of an update that only takes away; of one that does nothing it does.
  const onlyTakesAway = update.length > 0 && update.every(takesAway);
  checkKey(table, key);
  checkTargets(table, update);
  checkScalarKeys(table, [...updatePaths(update), ...(condition ? pathsOf(condition) : [])]);
  return {
    table,
    key: table.layout.keyOf(key),
    condition,
    returnItemOnFailure,
    next: (present) =>
      !present && onlyTakesAway
        ? undefined
        : checkedResult(table, present, applyUpdate(present ?? key, update, wrongOperand)),
  };
}

function takesAway({ section }: UpdateAction): boolean {
  return section === 'REMOVE' || section === 'DELETE';
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
  checkIndexKeys(table, item, emptyUpdatedIndexKey);
  if (itemSize(item) > MAX_ITEM_BYTES)
    throw validationError('Item size to update has exceeded the maximum allowed size');
  return item;
}
