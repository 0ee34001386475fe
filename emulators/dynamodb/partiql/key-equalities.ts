/** What a WHERE says of keys: the one item a write or a check is about. */
import type { Condition } from '../expressions/condition.ts';
import { isNested } from '../expressions/path.ts';
import type { Comparator } from '../expressions/written.ts';
import type { Table } from '../tables/table.ts';
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';

/** A comparison of an attribute with a value, whichever way round it is written. */
export interface Test {
  readonly name: string;
  readonly comparator: Comparator;
  readonly value: AttributeValue;
}

const mirrored: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Undefined for what is not a comparison of an attribute with a value. */
export function testOf(condition: Condition): Test | undefined {
  if (condition.kind !== 'compare') return undefined;
  const { comparator, left, right } = condition;
  if (left.kind === 'path' && right.kind === 'value' && !isNested(left.path))
    return { name: String(left.path[0]), comparator, value: right.value };
  if (left.kind === 'value' && right.kind === 'path' && !isNested(right.path))
    return { name: String(right.path[0]), comparator: mirrored[comparator], value: left.value };
  return undefined;
}

/** The conditions that must all be true. */
export function conjuncts(where: Condition | undefined): readonly Condition[] {
  if (!where) return [];
  return where.kind === 'and' ? where.conditions.flatMap(conjuncts) : [where];
}

export interface KeyEqualities {
  /** The first value of each key attribute that is compared for equality. */
  readonly key: Item;
  /** Everything that is not said by the key. */
  readonly rest: readonly Condition[];
  /** A key attribute with two values. */
  readonly contradicted: string | undefined;
}

/** `withIn`: an IN of one value counts as an equality, as it does in reads. */
export function keyEqualities(
  table: Table,
  where: Condition | undefined,
  { withIn }: { readonly withIn: boolean },
): KeyEqualities {
  const key = new Map<string, AttributeValue>();
  const rest: Condition[] = [];
  let contradicted: string | undefined;
  for (const condition of conjuncts(where)) {
    const test = testOf(withIn ? singleIn(condition) : condition);
    if (test?.comparator !== '=' || !table.keyNames.includes(test.name)) {
      rest.push(condition);
      continue;
    }
    const present = key.get(test.name);
    if (!present) key.set(test.name, test.value);
    else if (!equalValues(present, test.value)) {
      contradicted ??= test.name;
      rest.push(condition);
    }
  }
  return { key: Object.fromEntries(key), rest, contradicted };
}

function singleIn(condition: Condition): Condition {
  if (condition.kind !== 'in') return condition;
  const [only] = condition.options;
  if (!only || condition.options.length > 1) return condition;
  return { kind: 'compare', comparator: '=', left: condition.operand, right: only };
}

export function isFullKey(table: Table, key: Item): boolean {
  return table.keyNames.every((name) => attributeOf(key, name) !== undefined);
}

/** One condition of several; undefined when there are none. */
export function allOf(conditions: readonly Condition[]): Condition | undefined {
  const [only] = conditions;
  return conditions.length > 1 ? { kind: 'and', conditions } : only;
}
