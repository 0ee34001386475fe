/** What a query asks of the range key. */
import type { AttributeValue } from '../values/attribute-value.ts';
import { beginsWith, compareValues } from '../values/compare.ts';

export type RangeCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'begins_with'; readonly value: AttributeValue }
  | { readonly operator: 'BETWEEN'; readonly low: AttributeValue; readonly high: AttributeValue };

export function valuesOf(condition: RangeCondition): readonly AttributeValue[] {
  return condition.operator === 'BETWEEN' ? [condition.low, condition.high] : [condition.value];
}

export function meets(value: AttributeValue, condition: RangeCondition): boolean {
  if (condition.operator === 'begins_with') return beginsWith(value, condition.value);
  if (condition.operator === 'BETWEEN')
    return order(value, condition.low) >= 0 && order(value, condition.high) <= 0;
  const compared = order(value, condition.value);
  switch (condition.operator) {
    case '=':
      return compared === 0;
    case '<':
      return compared < 0;
    case '<=':
      return compared <= 0;
    case '>':
      return compared > 0;
    case '>=':
      return compared >= 0;
  }
}

function order(a: AttributeValue, b: AttributeValue): number {
  return compareValues(a, b) ?? Number.NaN;
}
