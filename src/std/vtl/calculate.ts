/** What sums and comparisons of numbers give, and what loops go over. */
import { unreachable } from '../errors.ts';
import type { Operator } from './syntax.ts';
import { isMap, ownList } from './values.ts';

export type Calculation = Exclude<Operator, '||' | '&&' | '==' | '!='>;

/** Whole numbers stay whole when they are divided. */
export function calculated(operator: Calculation, left: number, right: number): number | boolean | null {
  const isWhole = Number.isInteger(left) && Number.isInteger(right);
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) return null;
      return isWhole ? Math.trunc(left / right) : left / right;
    case '%':
      return right === 0 ? null : left % right;
    default:
      return unreachable(operator);
  }
}

/** Down where `to` is less; empty where it would have more than `most` items. */
export function rangeOf(from: number, to: number, most: number): unknown[] {
  const length = Math.abs(to - from) + 1;
  if (!(length <= most)) return ownList([]);
  return ownList(Array.from({ length }, (_, at) => (to < from ? from - at : from + at)));
}

/** What `#foreach` goes over: the items of a list, the values of a map. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return Array.from(value);
  return isMap(value) ? Object.values(value) : [];
}
