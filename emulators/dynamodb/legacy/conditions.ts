/** The conditions of old: QueryFilter, ScanFilter, KeyConditions and Expected, lowered to what expressions are lowered to. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidRequest, requestError } from '../errors.ts';
import type { Condition, Operand } from '../expressions/condition.ts';
import type { Comparator } from '../expressions/written.ts';
import type { ComparisonOperator } from '../input/members.ts';
import { type AttributeValue, typeOf, type ValueType } from '../values/attribute-value.ts';
import { compareValues } from '../values/compare.ts';
import { validateValue } from '../values/validate-value.ts';

/** One attribute's condition, checked. */
export interface LegacyCondition {
  readonly name: string;
  readonly operator: ComparisonOperator;
  readonly values: readonly AttributeValue[];
}

export interface RawCondition {
  readonly ComparisonOperator: ComparisonOperator;
  readonly AttributeValueList?: readonly JsonObject[];
}

const comparators: Readonly<Partial<Record<ComparisonOperator, Comparator>>> = {
  EQ: '=',
  NE: '<>',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
};
const ordered: readonly ValueType[] = ['S', 'N', 'B'];
/** Types an operator takes; an operator that is not listed takes all. */
const operandTypes: Readonly<Partial<Record<ComparisonOperator, readonly ValueType[]>>> = {
  LT: ordered,
  LE: ordered,
  GT: ordered,
  GE: ordered,
  IN: ordered,
  BETWEEN: ordered,
  CONTAINS: [...ordered, 'BOOL', 'NULL'],
  NOT_CONTAINS: [...ordered, 'BOOL', 'NULL'],
  BEGINS_WITH: ['S', 'B'],
};

/** Throws the service's complaint about the first condition that cannot be. */
export function readConditions(raw: Readonly<Record<string, RawCondition>>): readonly LegacyCondition[] {
  return Object.entries(raw).map(([name, condition]) =>
    checkedCondition(
      name,
      condition.ComparisonOperator,
      (condition.AttributeValueList ?? []).map(validateValue),
    ),
  );
}

export function checkedCondition(
  name: string,
  operator: ComparisonOperator,
  values: readonly AttributeValue[],
): LegacyCondition {
  if (!hasRightCount(operator, values.length))
    throw invalidRequest(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  const [first] = values;
  if (first && values.some((value) => typeOf(value) !== typeOf(first)))
    throw invalidRequest('AttributeValues inside AttributeValueList must be of same type');
  if (first && operandTypes[operator]?.includes(typeOf(first)) === false)
    throw invalidRequest(
      `ComparisonOperator ${operator} is not valid for ${typeOf(first)} AttributeValue type`,
    );
  if (operator === 'BETWEEN') checkBounds(values);
  return { name, operator, values };
}

/** `undefined` for no conditions at all. */
export function lowerConditions(
  conditions: readonly LegacyCondition[],
  operator: 'AND' | 'OR' = 'AND',
): Condition | undefined {
  if (conditions.length === 0) return undefined;
  return { kind: operator === 'AND' ? 'and' : 'or', conditions: conditions.map(lower) };
}

function lower({ name, operator, values }: LegacyCondition): Condition {
  const attribute: Operand = { kind: 'path', path: [name] };
  const [first, second] = values.map((value): Operand => ({ kind: 'value', value }));
  const comparator = comparators[operator];
  if (comparator && first) return { kind: 'compare', comparator, left: attribute, right: first };
  switch (operator) {
    case 'NULL':
      return { kind: 'attribute_not_exists', path: [name] };
    case 'CONTAINS':
      if (first) return { kind: 'contains', operand: attribute, argument: first };
      break;
    case 'NOT_CONTAINS':
      // Unlike NE it is not met by an attribute that is not there.
      if (first)
        return {
          kind: 'and',
          conditions: [
            { kind: 'attribute_exists', path: [name] },
            { kind: 'not', condition: { kind: 'contains', operand: attribute, argument: first } },
          ],
        };
      break;
    case 'BEGINS_WITH':
      if (first) return { kind: 'begins_with', operand: attribute, argument: first };
      break;
    case 'BETWEEN':
      if (first && second) return { kind: 'between', operand: attribute, low: first, high: second };
      break;
    case 'IN':
      return {
        kind: 'in',
        operand: attribute,
        options: values.map((value): Operand => ({ kind: 'value', value })),
      };
  }
  return { kind: 'attribute_exists', path: [name] };
}

function hasRightCount(operator: ComparisonOperator, count: number): boolean {
  if (operator === 'NULL' || operator === 'NOT_NULL') return count === 0;
  if (operator === 'BETWEEN') return count === 2;
  return operator === 'IN' ? count > 0 : count === 1;
}

function checkBounds([low, high]: readonly AttributeValue[]): void {
  if (low && high && (compareValues(low, high) ?? 0) > 0)
    throw requestError(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
}
