/** Does a key or an item fit the schema of its table? */
import type { AttributeType, KeySchema } from '../../../src/model/resources.ts';
import { hashNames, hasSeveral, namesOf, rangeNames } from '../../../src/std/key-names.ts';
import type { ServiceError } from '../../_wire/service-error.ts';
import { invalidParameter, validationError } from '../errors.ts';
import { keyBytes } from '../keys/key-bytes.ts';
import { type AttributeValue, attributeOf, type Item, keyText, typeOf } from '../values/attribute-value.ts';
import { MAX_ITEM_BYTES } from '../values/item-size.ts';
import type { Table } from './table.ts';

const MAX_HASH_KEY_BYTES = 2048;
const MAX_RANGE_KEY_BYTES = 1024;

export const keyMismatch = () => validationError('The provided key element does not match the schema');

/** The key of a get, update or delete: the key attributes and nothing else. */
export function checkKey(table: Table, key: Item): void {
  if (Object.keys(key).length !== table.keyNames.length) throw keyMismatch();
  checkKeyAttributes(table, key);
  checkKeySizes(table, key);
}

/** An item of BatchWriteItem, of which the service says no more than that it does not match. */
export function checkItemKey(table: Table, item: Item): void {
  checkKeyAttributes(table, item);
  checkKeySizes(table, item);
  checkIndexKeys(table, item);
}

/** The item of a put. */
export function checkPutItem(table: Table, item: Item): void {
  for (const name of table.keyNames) {
    const value = attributeOf(item, name);
    if (!value) throw invalidParameter(`Missing the key ${name} in the item`);
    const expected = table.typeOfKey(name);
    if (typeOf(value) !== expected)
      throw invalidParameter(`Type mismatch for key ${name} expected: ${expected} actual: ${typeOf(value)}`);
    if (isEmpty(value)) throw emptyTableKey(name, expected);
  }
  checkIndexKeys(table, item);
  checkKeySizes(table, item);
}

const NOT_VALID = 'One or more parameter values are not valid. ';

function emptyTableKey(name: string, type: AttributeType) {
  return validationError(`${NOT_VALID}${emptyKey(type)} Key: ${name}`);
}

type EmptyIndexKey = (index: string, name: string, type: AttributeType) => ServiceError;

const emptyIndexKey: EmptyIndexKey = (index, name, type) =>
  validationError(
    `${NOT_VALID}A value specified for a secondary index key is not supported. ` +
      `${emptyKey(type)} IndexName: ${index}, IndexKey: ${name}`,
  );

/** What the service says where an update makes the value empty. */
export const emptyUpdatedIndexKey: EmptyIndexKey = (_index, _name, type) =>
  validationError(
    `${NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. ` +
      emptyKey(type),
  );

/** Transactions are refused for it as a whole, not cancelled. */
export function isEmptyKey({ message }: ServiceError): boolean {
  return message.startsWith(NOT_VALID);
}

/** Throws for an index key attribute that no entry can be made of. */
export function checkIndexKeys(table: Table, item: Item, empty = emptyIndexKey): void {
  for (const index of table.indexes)
    for (const name of namesOf(index.key)) {
      const value = attributeOf(item, name);
      if (!value) continue;
      const expected = table.typeOfKey(name);
      if (typeOf(value) !== expected) throw indexTypeMismatch(name, expected, typeOf(value), index.name);
      if (isEmpty(value)) throw empty(index.name, name, expected);
      if (!hasSeveral(index.key)) checkSize([value], name === index.key.hash);
    }
  for (const index of table.indexes)
    if (hasSeveral(index.key)) {
      checkSize(valuesOf(item, hashNames(index.key)), true);
      checkSize(valuesOf(item, rangeNames(index.key)), false);
    }
}

function valuesOf(item: Item, names: readonly string[]): readonly AttributeValue[] {
  return names.flatMap((name) => attributeOf(item, name) ?? []);
}

export function indexTypeMismatch(name: string, expected: string, actual: string, indexName: string) {
  return invalidParameter(
    `Type mismatch for Index Key ${name} Expected: ${expected} Actual: ${actual} IndexName: ${indexName}`,
  );
}

export function checkItemSize(size: number): void {
  if (size > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
}

/** The value of a key attribute in a key condition. */
export function checkConditionValue(name: string, value: AttributeValue, expected: AttributeType): void {
  if (isEmpty(value)) throw emptyTableKey(name, expected);
}

function checkKeyAttributes(table: Table, item: Item): void {
  for (const name of table.keyNames) {
    const value = attributeOf(item, name);
    const expected = table.typeOfKey(name);
    if (!value || typeOf(value) !== expected) throw keyMismatch();
    if (isEmpty(value)) throw emptyTableKey(name, expected);
  }
}

function checkKeySizes(table: Table, item: Item): void {
  table.keyNames.forEach((name, i) => {
    const value = attributeOf(item, name);
    if (value) checkSize([value], i === 0);
  });
}

function checkSize(values: readonly AttributeValue[], isHash: boolean): void {
  if (areKeySized(values, isHash)) return;
  throw invalidParameter(
    isHash
      ? `Size of hashkey has exceeded the maximum size limit of${MAX_HASH_KEY_BYTES} bytes`
      : `Aggregated size of all range keys has exceeded the size limit of ${MAX_RANGE_KEY_BYTES} bytes`,
  );
}

/** Are the attributes of the key short enough to stand in it? */
export function isKeySized(item: Item, key: KeySchema): boolean {
  return (
    areKeySized(valuesOf(item, hashNames(key)), true) && areKeySized(valuesOf(item, rangeNames(key)), false)
  );
}

/** Several attributes count together: the service's limit is that of the whole part. */
function areKeySized(values: readonly AttributeValue[], isHash: boolean): boolean {
  let most = 0;
  // A text is at most four times as long as it has characters.
  for (const value of values) most += 4 * (keyText(value) ?? '').length;
  if (most <= MAX_RANGE_KEY_BYTES) return true;
  const size = values.reduce((sum, value) => sum + keyBytes(value).length, 0);
  return size <= (isHash ? MAX_HASH_KEY_BYTES : MAX_RANGE_KEY_BYTES);
}

function isEmpty(value: AttributeValue): boolean {
  return keyText(value) === '';
}

function emptyKey(type: AttributeType): string {
  return `The AttributeValue for a key attribute cannot contain an empty ${type === 'B' ? 'binary' : 'string'} value.`;
}
