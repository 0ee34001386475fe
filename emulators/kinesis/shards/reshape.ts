/** Splitting and merging shards: what becomes of a stream's row. Decides, stores nothing. */
import { isOpen, type StreamRow } from '../stream.ts';
import { evenRanges } from './hash-keys.ts';
import type { Shard } from './shard.ts';

/** A child is younger than its parents by a second at least: sequence numbers count in seconds. */
function bornAt(parents: readonly Shard[], now: number): number {
  return Math.max(now, ...parents.map(({ madeAt }) => madeAt + 1000));
}

/** Cuts an open shard in two; the second begins with `at`. */
export function split(row: StreamRow, shard: Shard, at: bigint, now: number): StreamRow {
  const { startHash, endHash, index } = shard;
  return replaced(row, [shard], now, [
    { startHash, endHash: `${at - 1n}`, parents: [index] },
    { startHash: `${at}`, endHash, parents: [index] },
  ]);
}

/** The two meet, `first` below `second`. */
export function merge(row: StreamRow, first: Shard, second: Shard, now: number): StreamRow {
  const { startHash } = first;
  return replaced(row, [first, second], now, [
    { startHash, endHash: second.endHash, parents: [first.index, second.index] },
  ]);
}

/** As many equal shards as asked for, each the child of those whose keys it takes over. */
export function resize(row: StreamRow, count: number, now: number): StreamRow {
  const before = row.shards.filter(isOpen);
  const wanted = evenRanges(count).map(({ start, end }) => {
    const parents = before.filter(
      (shard) => BigInt(shard.startHash) <= end && BigInt(shard.endHash) >= start,
    );
    return {
      startHash: `${start}`,
      endHash: `${end}`,
      parents: parents.slice(0, 2).map(({ index }) => index),
    };
  });
  return replaced(row, before, now, wanted);
}

type Child = Pick<Shard, 'startHash' | 'endHash' | 'parents'>;

function replaced(
  row: StreamRow,
  closed: readonly Shard[],
  now: number,
  children: readonly Child[],
): StreamRow {
  const gone = new Set(closed.map(({ index }) => index));
  const madeAt = bornAt(closed, now);
  const before = row.shards.map((shard) => (gone.has(shard.index) ? { ...shard, closedAt: now } : shard));
  const added = children.map((child, at) => ({ ...child, index: before.length + at, madeAt }));
  return { ...row, shards: [...before, ...added] };
}
