/** Conditions with everything resolved, and whether an item fulfils one. */
import { unreachable } from '../../../src/std/errors.ts';
import { type AttributeValue, type Item, typeOf, type ValueType } from '../values/attribute-value.ts';
import { base64Size } from '../values/base64.ts';
import { beginsWith, compareValues, containsValue, equalValues } from '../values/compare.ts';
import { type Path, valueAt } from './path.ts';
import type { Comparator } from './written.ts';

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly of: Operand };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly options: readonly Operand[] }
  | { readonly kind: 'attribute_exists' | 'attribute_not_exists'; readonly path: Path }
  | { readonly kind: 'attribute_type'; readonly operand: Operand; readonly type: ValueType }
  | { readonly kind: 'begins_with' | 'contains'; readonly operand: Operand; readonly argument: Operand };

/** An absent item is one without attributes. */
export function fulfils(item: Item, condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((part) => fulfils(item, part));
    case 'or':
      return condition.conditions.some((part) => fulfils(item, part));
    case 'not':
      return !fulfils(item, condition.condition);
    case 'compare':
      return compares(condition.comparator, resolve(item, condition.left), resolve(item, condition.right));
    case 'between': {
      const value = resolve(item, condition.operand);
      return (
        compares('>=', value, resolve(item, condition.low)) &&
        compares('<=', value, resolve(item, condition.high))
      );
    }
    case 'in': {
      const value = resolve(item, condition.operand);
      return condition.options.some((option) => compares('=', value, resolve(item, option)));
    }
    case 'attribute_exists':
      return valueAt(item, condition.path) !== undefined;
    case 'attribute_not_exists':
      return valueAt(item, condition.path) === undefined;
    case 'attribute_type': {
      const value = resolve(item, condition.operand);
      return value !== undefined && typeOf(value) === condition.type;
    }
    case 'begins_with':
      return related(item, condition, beginsWith);
    case 'contains':
      return related(item, condition, containsValue);
    default:
      return unreachable(condition);
  }
}

/** Every path a condition reads, in order. */
export function pathsOf(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(pathsOf);
    case 'not':
      return pathsOf(condition.condition);
    case 'compare':
      return [condition.left, condition.right].flatMap(operandPaths);
    case 'between':
      return [condition.operand, condition.low, condition.high].flatMap(operandPaths);
    case 'in':
      return [condition.operand, ...condition.options].flatMap(operandPaths);
    case 'attribute_exists':
    case 'attribute_not_exists':
      return [condition.path];
    case 'attribute_type':
      return operandPaths(condition.operand);
    case 'begins_with':
    case 'contains':
      return [condition.operand, condition.argument].flatMap(operandPaths);
    default:
      return unreachable(condition);
  }
}

function operandPaths(operand: Operand): readonly Path[] {
  if (operand.kind === 'path') return [operand.path];
  return operand.kind === 'size' ? operandPaths(operand.of) : [];
}

function resolve(item: Item, operand: Operand): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return valueAt(item, operand.path);
  const measured = resolve(item, operand.of);
  const length = measured && lengthOf(measured);
  return length === undefined ? undefined : { N: String(length) };
}

/** Characters of a text, bytes of a binary, members of the others. */
function lengthOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return base64Size(value.B);
  if ('M' in value) return Object.keys(value.M).length;
  const members: unknown = Object.values(value)[0];
  return Array.isArray(members) ? members.length : undefined;
}

/** Nothing compares with an attribute that is not there, except that it differs from everything. */
function compares(
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (comparator === '<>') return !(left && right && equalValues(left, right));
  if (!left || !right) return false;
  if (comparator === '=') return equalValues(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
}

function related(
  item: Item,
  condition: { readonly operand: Operand; readonly argument: Operand },
  test: (a: AttributeValue, b: AttributeValue) => boolean,
): boolean {
  const value = resolve(item, condition.operand);
  const argument = resolve(item, condition.argument);
  return value !== undefined && argument !== undefined && test(value, argument);
}
