/** Would the table take this item? Asked before anything is written, by the rules of the emulated service itself. */
import { ServiceError } from '../../emulators/_wire/service-error.ts';
import { attributeMap } from '../../emulators/dynamodb/input/attribute-shapes.ts';
import { checkItemSize, checkPutItem } from '../../emulators/dynamodb/tables/check-keys.ts';
import { makeTable, type Table } from '../../emulators/dynamodb/tables/table.ts';
import { onDemandThroughput } from '../../emulators/dynamodb/tables/table-record.ts';
import { attributeOf } from '../../emulators/dynamodb/values/attribute-value.ts';
import { itemSize } from '../../emulators/dynamodb/values/item-size.ts';
import { validateItem } from '../../emulators/dynamodb/values/validate-value.ts';
import type { JsonObject } from '../model/emulator.ts';
import { BadItem, type Item, plainValue, quoted } from './data-plain.ts';
import { keyNames, keyText, type TableShape, typeWord } from './data-tables.ts';

/** What decides which items a table takes. */
export type ItemRules = Pick<TableShape, 'name' | 'key' | 'types'> & {
  readonly indexes: readonly Pick<TableShape['indexes'][number], 'name' | 'key'>[];
};

/** Answers the item in normal form, or throws `BadItem`. */
export type ItemCheck = (item: Item) => Item;

export function makeItemCheck(rules: ItemRules): ItemCheck {
  const table = tableOf(rules);
  return (raw) => {
    try {
      const item = validateItem(attributeMap.decode(raw as JsonObject, 'field'));
      checkKeyTypes(rules, item);
      checkPutItem(table, item);
      checkItemSize(itemSize(item));
      return item;
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      throw new BadItem(failure.message || String(failure.fields.Message ?? failure.code));
    }
  };
}

/** The mistakes people make most, in plainer words than the service's. */
function checkKeyTypes({ name: table, key, types }: ItemRules, item: Item): void {
  for (const name of keyNames(key)) {
    const type = types[name] ?? 'S';
    const value = attributeOf(item, name);
    const its = `the key of ${table} is ${keyText(key, types)}`;
    if (!value) throw new BadItem(`the item has no "${name}"; ${its}`);
    if (!(type in value))
      throw new BadItem(`"${name}" must be a ${typeWord(type)}, found ${quoted(plainValue(value))}; ${its}`);
  }
}

function tableOf({ name, key, types, indexes }: ItemRules): Table {
  return makeTable({
    name,
    id: '',
    createdAt: 0,
    attributes: types,
    key,
    localIndexes: [],
    globalIndexes: indexes.map((index) => ({
      name: index.name,
      key: index.key,
      projection: { type: 'ALL', nonKeyAttributes: [] },
    })),
    billingMode: 'PAY_PER_REQUEST',
    throughput: onDemandThroughput,
    deletionProtection: false,
    tags: {},
  });
}
