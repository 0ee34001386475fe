/** Key conditions → which range of a table's or an index's keys they mean. */
import type { KeySchema } from '../../../src/model/resources.ts';
import { hashNames, hasSeveral, namesOf, rangeNames } from '../../../src/std/key-names.ts';
import { invalidParameter, validationError } from '../errors.ts';
import type { FurtherParts } from '../keys/layout.ts';
import type { RangeCondition } from '../keys/range-condition.ts';
import { checkConditionValue } from '../tables/check-keys.ts';
import type { Table } from '../tables/table.ts';
import { type AttributeValue, typeOf } from '../values/attribute-value.ts';
import type { KeyPart } from './key-condition.ts';

/** Of a key without further attributes. */
const MAX_PARTS = 2;
/** Of an index with four hash and four range attributes. */
const MAX_INDEX_PARTS = 8;

/** How many conditions there may be, as far as can be said without the table. */
export function mostParts(indexName: string | undefined): number {
  return indexName === undefined ? MAX_PARTS : MAX_INDEX_PARTS;
}

/** What a query reads. */
export interface KeyQuery {
  /** Of the first hash attribute. */
  readonly hash: AttributeValue;
  /** What is asked of the last range attribute that is named. */
  readonly range: RangeCondition | undefined;
  /** Of a key of several attributes. */
  readonly further?: FurtherParts;
}

/** Throws when the parts do not name the hash key. */
export function checkHashNamed(parts: readonly KeyPart[], key: KeySchema): void {
  const most = namesOf(key).length;
  if (parts.length > Math.max(most, MAX_PARTS))
    throw validationError(
      `The number of query conditions (${parts.length}) exceeds the number of key attributes defined in the schema (${most})`,
    );
  if (parts.length > most) throw notSupported();
  if (key.furtherHashes) checkAllHashes(parts, key);
  else if (!parts.some(({ name }) => name === key.hash)) throw missedKey(key.hash);
}

/** The text is ours: that of the service is known to speak of HASH and equality. */
function checkAllHashes(parts: readonly KeyPart[], key: KeySchema): void {
  const equal = new Set(parts.filter(({ operator }) => operator === '=').map(({ name }) => name));
  const missing = hashNames(key).filter((name) => !equal.has(name));
  if (missing.length > 0)
    throw validationError(
      `HASH key attributes ${missing.join(', ')} must have equality conditions specified in the query`,
    );
}

/** Throws for what an index with this key cannot serve. */
export function toKeyQuery(table: Table, key: KeySchema, parts: readonly KeyPart[]): KeyQuery {
  const stranger = parts.find(({ name }) => !namesOf(key).includes(name));
  if (stranger) throw missedKey(key.range ?? key.hash);
  const ranges = rangeNames(key);
  if (ranges.length > 1) checkNoGap(parts, ranges);
  for (const part of parts) checkIndexable(table, part);
  const partOf = (name: string) => parts.find((part) => part.name === name);
  const [hash, ...furtherHashes] = hashNames(key).map((name) => equalTo(partOf(name)));
  if (!hash) throw notSupported();
  const rangeParts = ranges.flatMap((name) => partOf(name) ?? []);
  const last = rangeParts.at(-1);
  const range = last && rangeConditionOf(last);
  if (!hasSeveral(key)) return { hash, range };
  return { hash, range, further: { hashes: furtherHashes, ranges: rangeParts.slice(0, -1).map(equalTo) } };
}

/** Range attributes are named from left to right, and only the last one may have another condition than equality. */
function checkNoGap(parts: readonly KeyPart[], ranges: readonly string[]): void {
  const operators = new Map(parts.map(({ name, operator }) => [name, operator]));
  const last = ranges.filter((name) => operators.has(name)).at(-1);
  const loose = ranges
    .slice(0, last === undefined ? 0 : ranges.indexOf(last))
    .filter((name) => operators.get(name) !== '=');
  if (loose.length > 0)
    throw validationError(
      `RANGE key attributes ${loose.join(', ')} must have equality conditions specified in the query ` +
        `because a condition is present on key attribute ${last}`,
    );
}

function checkIndexable(table: Table, { name, operator, values }: KeyPart): void {
  if (operator === 'unindexable')
    throw validationError('Attempted conditional constraint is not an indexable operation');
  const expected = table.typeOfKey(name);
  for (const value of values) {
    if (typeOf(value) !== expected)
      throw invalidParameter('Condition parameter type does not match schema type');
    checkConditionValue(name, value, expected);
  }
}

function equalTo(part: KeyPart | undefined): AttributeValue {
  const [value] = part?.values ?? [];
  if (part?.operator !== '=' || !value) throw notSupported();
  return value;
}

function rangeConditionOf({ operator, values }: KeyPart): RangeCondition {
  const [first, second] = values;
  if (operator === 'BETWEEN' && first && second) return { operator, low: first, high: second };
  if (!first || operator === 'BETWEEN' || operator === '<>' || operator === 'unindexable')
    throw notSupported();
  return { operator, value: first };
}

function missedKey(name: string) {
  return validationError(`Query condition missed key schema element: ${name}`);
}

function notSupported() {
  return validationError('Query key condition not supported');
}
