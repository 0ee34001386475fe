/** ExclusiveStartKey: reading it, and the service's checks of it in three steps. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { hashNames, namesOf, rangeNames } from '../../../src/std/key-names.ts';
import type { ServiceError } from '../../_wire/service-error.ts';
import { validationError } from '../errors.ts';
import { meets } from '../keys/range-condition.ts';
import { keyMismatch } from '../tables/check-keys.ts';
import type { Index, Table } from '../tables/table.ts';
import {
  type AttributeValue,
  attributeOf,
  type Item,
  printValue,
  typeOf,
} from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { validateItem } from '../values/validate-value.ts';
import type { KeyQuery } from './key-query.ts';

/** Complaints the service passes on without saying that they are about the start key. */
const bare = /number set|Input collection|numeric value|significant digits|Number (?:over|under)flow/;

export function readStartKey(raw: JsonObject | undefined): Item | undefined {
  if (!raw) return undefined;
  try {
    return validateItem(raw);
  } catch (failure) {
    const { message } = failure as ServiceError;
    throw bare.test(message) ? failure : invalidStart(`: ${message}`);
  }
}

export function invalidStart(detail = '') {
  return validationError(`The provided starting key is invalid${detail}`);
}

/** The right number of attributes, and the hash key among them. */
export function checkStartHash(table: Table, index: Index | undefined, start: Item): void {
  const names = new Set([...namesOf((index ?? table).key), ...table.keyNames]);
  if (Object.keys(start).length !== names.size) throw invalidStart();
  for (const name of hashNames((index ?? table).key)) checkPart(table, start, name);
}

export function checkStartRange(table: Table, index: Index | undefined, start: Item): void {
  for (const name of rangeNames((index ?? table).key)) checkPart(table, start, name);
}

/** With an index, the table's own key must be there too. */
export function checkStartTableKey(table: Table, start: Item): void {
  for (const name of table.keyNames) {
    const value = attributeOf(start, name);
    if (!value || typeOf(value) !== table.typeOfKey(name)) throw invalidStart(`: ${keyMismatch().message}`);
  }
}

/** A query of a table by its whole key: it has one page, and cannot be gone on with. */
export function findsOneAtMost(
  { key }: Table,
  index: Index | undefined,
  { range }: Pick<KeyQuery, 'range'>,
): boolean {
  return index === undefined && (key.range === undefined || range?.operator === '=');
}

/** A start key a query could not have ended at. */
export function checkStartWithin(table: Table, index: Index | undefined, query: KeyQuery, start: Item): void {
  const { hash, range, further } = query;
  const { key } = index ?? table;
  if (!index && key.range === undefined) throw nothingBehind(start);
  const { hashes, ranges } = further ?? { hashes: [], ranges: [] };
  if (!hasAll(start, key.furtherHashes, hashes) || !hasAll(start, rangeNames(key), ranges))
    throw outsideBounds();
  const sameHash = hasAll(start, [key.hash], [hash]);
  if (!range) {
    if (sameHash) return;
    throw outsideBounds();
  }
  const rangeName = rangeNames(key)[ranges.length];
  const startRange = rangeName === undefined ? undefined : attributeOf(start, rangeName);
  if (sameHash && !findsOneAtMost(table, index, query) && startRange && meets(startRange, range)) return;
  if (sameHash && index && range.operator === '=') throw outsideBounds();
  if (startRange && range.operator !== '=' && !meets(startRange, range))
    throw validationError('The provided starting key does not match the range key predicate');
  throw validationError('The query can return at most one row and cannot be restarted');
}

/** Has the first of the attributes the first of the values, and so on? */
function hasAll(start: Item, names: readonly string[] = [], values: readonly AttributeValue[]): boolean {
  return values.every((value, i) => {
    const present = attributeOf(start, names[i] ?? '');
    return present !== undefined && equalValues(present, value);
  });
}

function outsideBounds() {
  return validationError(
    'The provided starting key is outside query boundaries based on provided conditions',
  );
}

/** A partition of a table without range key holds one item. */
function nothingBehind(start: Item) {
  const printed = Object.entries(start).map(
    ([name, value]) => `${name}=AttributeValue: ${printValue(value)}`,
  );
  return validationError(
    `The provided exclusive start key is invalid: ExclusiveStartKey: {${printed.join(', ')}}`,
  );
}

function checkPart(table: Table, start: Item, name: string): void {
  const value = attributeOf(start, name);
  if (!value) throw invalidStart();
  if (typeOf(value) !== table.typeOfKey(name)) throw keyMismatch();
}
