/** The 128 bit space of hash keys: where a partition key lies, and how the space is cut into equal parts. */
import { createHash } from 'node:crypto';

export const HASH_KEYS = 1n << 128n;

/** Both ends belong to it. */
export interface HashRange {
  readonly start: bigint;
  readonly end: bigint;
}

export function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

/** The last part gets what is left over. */
export function evenRanges(count: number): HashRange[] {
  const width = HASH_KEYS / BigInt(count);
  return Array.from({ length: count }, (_, at) => ({
    start: width * BigInt(at),
    end: (at === count - 1 ? HASH_KEYS : width * BigInt(at + 1)) - 1n,
  }));
}
