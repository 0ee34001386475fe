/** Finds the ranges a number is in among many: a balanced tree by lower bound, each node with the highest upper bound below it. */
import { isWithin, type NumberRange } from './condition.ts';

export interface RangeIndex<T> {
  add(range: NumberRange, entry: T): void;
  find(value: number, found: (entry: T) => void): void;
}

interface Held<T> {
  readonly range: NumberRange;
  readonly entry: T;
}

export function makeRangeIndex<T>(): RangeIndex<T> {
  let held: Held<T>[] = [];
  /** Of the tree whose root is in the middle of a stretch of `held`; empty = to be made anew. */
  let highest: number[] = [];

  const measure = (from: number, to: number): number => {
    if (from >= to) return Number.NEGATIVE_INFINITY;
    const middle = (from + to) >> 1;
    const own = held[middle]?.range.high ?? Number.NEGATIVE_INFINITY;
    const most = Math.max(own, measure(from, middle), measure(middle + 1, to));
    highest[middle] = most;
    return most;
  };

  const search = (from: number, to: number, value: number, found: (entry: T) => void): void => {
    if (from >= to) return;
    const middle = (from + to) >> 1;
    const one = held[middle];
    if (!one || (highest[middle] ?? 0) < value) return;
    search(from, middle, value, found);
    if (one.range.low > value) return;
    if (isWithin(one.range, value)) found(one.entry);
    search(middle + 1, to, value, found);
  };

  return {
    add(range, entry) {
      held.push({ range, entry });
      highest = [];
    },
    find(value, found) {
      if (highest.length === 0) {
        held = held.sort((a, b) => (a.range.low < b.range.low ? -1 : Number(a.range.low > b.range.low)));
        measure(0, held.length);
      }
      search(0, held.length, value, found);
    },
  };
}
