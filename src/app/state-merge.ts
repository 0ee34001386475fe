/** Walks two ordered sequences side by side. */

/** At least one of the two is there; both when they have the same place in the order. */
export interface Merged<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Both are ascending by `compare` and hold no two equal members. Read lazily. */
export function* mergeOrdered<T>(
  before: Iterable<T>,
  after: Iterable<T>,
  compare: (a: T, b: T) => number,
): Generator<Merged<T>> {
  const [lefts, rights] = [before[Symbol.iterator](), after[Symbol.iterator]()];
  let [left, right] = [lefts.next(), rights.next()];
  while (!left.done || !right.done) {
    const order = left.done ? 1 : right.done ? -1 : compare(left.value, right.value);
    yield {
      before: order <= 0 && !left.done ? left.value : undefined,
      after: order >= 0 && !right.done ? right.value : undefined,
    };
    if (order <= 0) left = lefts.next();
    if (order >= 0) right = rights.next();
  }
}
