/** Delta debugging: the smallest part of a list that still fails, by leaving out ever smaller pieces. */

export interface ShrinkOptions {
  /** Asked with parts of the list; the whole of it is known to fail. */
  readonly fails: (part: readonly string[]) => Promise<boolean>;
  /** False = no more tries. */
  readonly mayTry: () => boolean;
}

/** No single item can be left out of the answer, unless `mayTry` ended it. */
export async function shrink(
  whole: readonly string[],
  { fails, mayTry }: ShrinkOptions,
): Promise<readonly string[]> {
  let left = whole;
  if (left.length > 0 && mayTry() && (await fails([]))) return [];
  for (let pieces = 2; left.length > 1; ) {
    const size = Math.ceil(left.length / pieces);
    let smaller: readonly string[] | undefined;
    for (let from = 0; from < left.length && !smaller; from += size) {
      const without = [...left.slice(0, from), ...left.slice(from + size)];
      if (!mayTry()) return left;
      if (await fails(without)) smaller = without;
    }
    if (smaller) {
      left = smaller;
      pieces = Math.max(2, pieces - 1);
    } else if (size === 1) return left;
    else pieces = Math.min(left.length, pieces * 2);
  }
  return left;
}
