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

/** How many items `[from..to]` has; not a number where a bound is none. */
export function lengthOf(from: number, to: number): number {
  return Math.abs(to - from) + 1;
}

/** Down where `to` is less; empty where a bound is no number. */
export function rangeOf(from: number, to: number): unknown[] {
  const length = lengthOf(from, to);
  if (Number.isNaN(length)) return ownList([]);
  return ownList(Array.from({ length }, (_, at) => (to < from ? from - at : from + at)));
}

/** What `#foreach` goes over: the items of a list, the values of a map. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return Array.from(value);
  return isMap(value) ? Object.values(value) : [];
}
