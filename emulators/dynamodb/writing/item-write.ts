/** A put, update, delete or check of one item: what it asks for, and what becomes of the item. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Answer } from '../answer.ts';
import { conditionalCheckFailed } from '../errors.ts';
import { type Condition, fulfils } from '../expressions/condition.ts';
import type { Service } from '../service.ts';
import type { StoredItem } from '../stored-item.ts';
import type { ItemChange } from '../table-store.ts';
import type { Table } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';
import type { ItemSizes } from '../values/item-size.ts';
import { asJson } from './conditions.ts';

/** Everything about the request is checked except what depends on the item. */
export interface ItemWrite {
  readonly table: Table;
  readonly key: Uint8Array;
  readonly condition: Condition | undefined;
  /** Give the item back when the condition fails. */
  readonly returnItemOnFailure: boolean;
  /** `next` does not look at the present item, which then need not be read from its text. */
  readonly isBlind?: true;
  /** Of what `next` answers, where that is known before. */
  readonly sizes?: ItemSizes;
  /** The same as it is to lie in the store; `next` then answers its keys at least. */
  readonly stored?: StoredItem;
  /** The item as it shall be; undefined = none. Throws when the present item does not allow it. */
  next(present: Item | undefined): Item | undefined;
}

/** A request read as far as that is possible without its table. */
export interface ReadWrite {
  readonly tableName: string;
  forTable(table: Table): ItemWrite;
}

const noAttributes: Item = {};

/** Looks at the item and decides; writes nothing. Throws ConditionalCheckFailedException. */
export function decide(service: Service, write: ItemWrite): ItemChange {
  const { table, key, condition } = write;
  const before = service.tables.get(table, key);
  if (condition && !fulfils(before?.item ?? noAttributes, condition))
    throw conditionalCheckFailed(write.returnItemOnFailure && before ? asJson(before.item) : undefined);
  const after = write.next(write.isBlind ? undefined : before?.item);
  return { table, key, before, after, sizes: write.sizes, stored: write.stored };
}

/** Nothing to write: a delete of what is not there. */
export function isIdle(change: ItemChange): boolean {
  return change.before === undefined && change.after === undefined;
}

/** `{ Attributes }`, left out when there are none. */
export function attributesAnswer(item: Item | undefined): JsonObject {
  return item && Object.keys(item).length > 0 ? { Attributes: asJson(item) } : {};
}

/** The same with all of a stored item. */
export function storedAnswer(stored: StoredItem | undefined): Answer {
  return stored ? { Attributes: stored } : {};
}
