/** SELECT → the reads it takes: queries, one after the other, or a scan. */

import { hasSeveral, namesOf } from '../../../src/std/key-names.ts';
import { invalidParameter, validationError } from '../errors.ts';
import { type Condition, pathsOf } from '../expressions/condition.ts';
import { attributeNameOf } from '../expressions/path.ts';
import { keyBytes, successor } from '../keys/key-bytes.ts';
import { type KeyBounds, segmentBounds } from '../keys/layout.ts';
import { type RangeCondition, valuesOf } from '../keys/range-condition.ts';
import { checkConditionValue } from '../tables/check-keys.ts';
import type { Index, Table } from '../tables/table.ts';
import { type AttributeValue, typeOf } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { type Branch, branchesOf, pinsHash, tooManyReads } from './key-branches.ts';
import { allOf } from './key-equalities.ts';

/** What the service reads for one statement at most. */
const MAX_READS = 50;

export interface Read {
  /** Undefined: a scan. */
  readonly hash: AttributeValue | undefined;
  readonly bounds: KeyBounds;
  readonly filter: Condition | undefined;
}

/** Throws the service's complaints about keys that do not fit and alternatives that overlap. */
export function planReads(
  table: Table,
  index: Index | undefined,
  where: Condition | undefined,
): readonly Read[] {
  const { key, layout } = index ?? table;
  if (!where || !pinsHash(where, key.hash))
    return [{ hash: undefined, bounds: segmentBounds(0, 1), filter: where }];
  const branches = branchesOf(where, key);
  for (const branch of branches) checkTypes(table, index, branch);
  const groups = disjointGroups(branches, key.range);
  if (index) checkProjected(index, branches);
  return groups.flatMap((group): readonly Read[] => {
    const [first] = group;
    if (!first?.hash) return [];
    const { hash } = first;
    // Alternatives that may meet are read as one, so that nothing comes twice.
    if (group.length > 1 && group.some((branch) => asksOfRange(branch, key.range)))
      return [{ hash, bounds: layout.bounds(hash, undefined), filter: where }];
    return group.map(({ ranges, filters }) => ({
      hash,
      bounds: layout.bounds(hash, ranges[0]),
      filter: allOf([...filters, ...ranges.slice(1).map((range) => conditionOf(key.range ?? '', range))]),
    }));
  });
}

/** Throws for alternatives that are too many, or may meet. */
export function checkAlternatives({ key }: Table, where: Condition | undefined): void {
  if (where && pinsHash(where, key.hash)) disjointGroups(branchesOf(where, key), key.range);
}

/** PartiQL does not read indexes whose key has several hash or range attributes, though the text says tables. */
export function checkOneOfEach(index: Index | undefined): void {
  if (index && hasSeveral(index.key))
    throw validationError(
      'PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.',
    );
}

function disjointGroups(branches: readonly Branch[], range: string | undefined) {
  if (branches.length > MAX_READS) throw tooManyReads();
  const groups = byHash(branches);
  for (const group of groups) checkDisjoint(group, range);
  return groups;
}

function checkTypes(table: Table, index: Index | undefined, { hash, ranges }: Branch): void {
  const { key } = index ?? table;
  if (hash) checkType(table, key.hash, hash);
  for (const range of ranges) for (const value of valuesOf(range)) checkType(table, key.range ?? '', value);
}

function checkType(table: Table, name: string, value: AttributeValue): void {
  const expected = table.typeOfKey(name);
  if (typeOf(value) !== expected)
    throw validationError(
      `Key attribute's data type should match its data type in table's schema: Key ${name}`,
    );
  checkConditionValue(name, value, expected);
}

/** Branches with the same hash key, in the order of their first. */
function byHash(branches: readonly Branch[]): readonly (readonly Branch[])[] {
  const groups: Branch[][] = [];
  for (const branch of branches) {
    const group = groups.find(
      ([first]) => first?.hash && branch.hash && equalValues(first.hash, branch.hash),
    );
    if (group) group.push(branch);
    else groups.push([branch]);
  }
  return groups;
}

/** Where the range key is asked for in a way no query serves, the service does not mind. */
function checkDisjoint(group: readonly Branch[], range: string | undefined): void {
  group.forEach((later, i) => {
    for (const earlier of group.slice(0, i)) {
      if (asksOfRange(later, range) || asksOfRange(earlier, range)) continue;
      if (!meet(intervalOf(earlier.ranges), intervalOf(later.ranges))) continue;
      throw validationError('Overlapping conditions with range keys are not supported in where clause');
    }
  });
}

function asksOfRange({ filters }: Branch, range: string | undefined): boolean {
  return filters.some((filter) => pathsOf(filter).some((path) => path[0] === range));
}

/** From inclusive, to exclusive; an absent end is open. */
type Interval = KeyBounds;

const nothing = new Uint8Array();

function intervalOf(ranges: readonly RangeCondition[]): Interval {
  let interval: Interval = { from: nothing };
  for (const range of ranges) interval = intersection(interval, oneInterval(range));
  return interval;
}

function oneInterval(range: RangeCondition): Interval {
  if (range.operator === 'BETWEEN') return { from: keyBytes(range.low), to: after(keyBytes(range.high)) };
  const bytes = keyBytes(range.value);
  switch (range.operator) {
    case '=':
      return { from: bytes, to: after(bytes) };
    case '<':
      return { from: nothing, to: bytes };
    case '<=':
      return { from: nothing, to: after(bytes) };
    case '>':
      return { from: after(bytes) };
    case '>=':
      return { from: bytes };
    case 'begins_with': {
      const to = successor(bytes);
      return to ? { from: bytes, to } : { from: bytes };
    }
  }
}

/** The next after `bytes` in the order of bytes. */
function after(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Uint8Array.of(0)]);
}

function intersection(a: Interval, b: Interval): Interval {
  const from = Buffer.compare(a.from, b.from) > 0 ? a.from : b.from;
  if (!a.to || !b.to) {
    const to = a.to ?? b.to;
    return to ? { from, to } : { from };
  }
  return { from, to: Buffer.compare(a.to, b.to) < 0 ? a.to : b.to };
}

function meet(a: Interval, b: Interval): boolean {
  const { from, to } = intersection(a, b);
  return !to || Buffer.compare(from, to) < 0;
}

function conditionOf(name: string, range: RangeCondition): Condition {
  const operand = { kind: 'path', path: [name] } as const;
  const held = (value: AttributeValue) => ({ kind: 'value', value }) as const;
  if (range.operator === 'BETWEEN')
    return { kind: 'between', operand, low: held(range.low), high: held(range.high) };
  if (range.operator === 'begins_with') return { kind: 'begins_with', operand, argument: held(range.value) };
  return { kind: 'compare', comparator: range.operator, left: operand, right: held(range.value) };
}

/** A filter beside the key may only ask for what the index holds. A scan asks in vain. */
function checkProjected({ name, projected, key }: Index, branches: readonly Branch[]): void {
  if (!projected) return;
  const missing = branches.map(({ filters }) => {
    const names = filters.flatMap(pathsOf).map(attributeNameOf);
    return [...new Set(names)].filter((each) => !projected.has(each) && !namesOf(key).includes(each));
  });
  const [first] = missing;
  if (!first || !missing.every((names) => names.length > 0)) return;
  throw invalidParameter(
    `Secondary index ${name} does not project one or more filter attributes: [${first.join(', ')}]`,
  );
}
