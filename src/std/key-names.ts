/** Which attributes a key is made of: one or two, or up to eight for a global index. */
import type { KeySchema } from '../model/resources.ts';

/** All hash attributes, then all range attributes. */
export function namesOf(key: KeySchema): readonly string[] {
  const { hash, range } = key;
  if (hasSeveral(key)) return [...hashNames(key), ...rangeNames(key)];
  return range === undefined ? [hash] : [hash, range];
}

export function hashNames({ hash, furtherHashes = none }: KeySchema): readonly string[] {
  return [hash, ...furtherHashes];
}

export function rangeNames({ range, furtherRanges = none }: KeySchema): readonly string[] {
  return range === undefined ? none : [range, ...furtherRanges];
}

/** More than one hash or range attribute. */
export function hasSeveral({ furtherHashes, furtherRanges }: KeySchema): boolean {
  return furtherHashes !== undefined || furtherRanges !== undefined;
}

/** Empty lists of further attributes are left out. Undefined without a hash attribute. */
export function keyOfNames(hashes: readonly string[], ranges: readonly string[]): KeySchema | undefined {
  const [hash, ...furtherHashes] = hashes;
  const [range, ...furtherRanges] = ranges;
  if (hash === undefined) return undefined;
  return {
    hash,
    ...(range !== undefined && { range }),
    ...(furtherHashes.length > 0 && { furtherHashes }),
    ...(furtherRanges.length > 0 && { furtherRanges }),
  };
}

const none: readonly string[] = [];
