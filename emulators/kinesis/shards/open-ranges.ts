/** Finds the open shard a hash key belongs to. */
import { openShards, type StreamRow } from '../stream.ts';
import { type HashRange, hashOf } from './hash-keys.ts';

interface OpenRange extends HashRange {
  readonly shard: number;
}

export type OpenRanges = readonly OpenRange[];

/** In the order of their keys; the ranges of open shards meet and do not overlap. */
export function openRangesOf(row: StreamRow): OpenRanges {
  return openShards(row)
    .map(({ index, startHash, endHash }) => ({
      shard: index,
      start: BigInt(startHash),
      end: BigInt(endHash),
    }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}

export interface Keyed {
  readonly partitionKey: string;
  readonly explicitHash?: bigint;
}

export function shardFor(ranges: OpenRanges, { partitionKey, explicitHash }: Keyed): number {
  const [only] = ranges;
  if (only && ranges.length === 1) return only.shard;
  const key = explicitHash ?? hashOf(partitionKey);
  let low = 0;
  let high = ranges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0n) < key) low = middle + 1;
    else high = middle;
  }
  return ranges[low]?.shard ?? 0;
}
