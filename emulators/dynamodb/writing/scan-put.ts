/** A PutItem of nothing but a table and an item, read without parsing where that gives the same. */
import { StoredItem } from '../stored-item.ts';
import { checkItemSize, checkPutItem } from '../tables/check-keys.ts';
import type { Table } from '../tables/table.ts';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import { pageSize } from '../values/item-size.ts';
import { isPlain, type ScannedItem, scanItem } from '../values/scan-item.ts';
import type { ReadWrite } from './item-write.ts';

const TABLE_FIRST = /^\{"TableName":"([a-zA-Z0-9_.-]{3,255})","Item":(?=\{)/;
const ITEM_FIRST = '{"Item":';
const TABLE_LAST = /^,"TableName":"([a-zA-Z0-9_.-]{3,255})"\}$/;

/** Stands where the parsed request would. */
export class ScannedPut {
  readonly TableName: string;
  readonly item: ScannedItem;

  constructor(tableName: string, item: ScannedItem) {
    this.TableName = tableName;
    this.item = item;
  }
}

/** Undefined where the request is better parsed: it says more, is wrong, or would not be stored as it is written. */
export function scanPut(text: string): ScannedPut | undefined {
  if (!isPlain(text)) return undefined;
  const named = TABLE_FIRST.exec(text);
  const scanned = scanItem(text, named ? named[0].length : ITEM_FIRST.length);
  if (!scanned) return undefined;
  const rest = text.slice(scanned.end);
  if (named) return rest === '}' ? new ScannedPut(named[1] ?? '', scanned.item) : undefined;
  const name = text.startsWith(ITEM_FIRST) ? TABLE_LAST.exec(rest)?.[1] : undefined;
  return name === undefined ? undefined : new ScannedPut(name, scanned.item);
}

export function readScannedPut({ TableName, item }: ScannedPut): ReadWrite {
  checkItemSize(item.sizes.size);
  return {
    tableName: TableName,
    forTable(table) {
      const keys = keysOf(table, item);
      checkPutItem(table, keys);
      return {
        table,
        key: table.layout.keyOf(keys),
        condition: undefined,
        returnItemOnFailure: false,
        isBlind: true,
        stored: StoredItem.written(item.json, item.sizes.size, pageSize(keys, item.sizes, table.key.range)),
        next: () => keys,
      };
    },
  };
}

/** Of the item only what the table and its indexes are keyed by. */
function keysOf(table: Table, item: ScannedItem): Item {
  const keys: Record<string, AttributeValue> = {};
  for (const name of table.allKeyNames) {
    const value = item.attribute(name);
    if (value) keys[name] = value;
  }
  return keys;
}
