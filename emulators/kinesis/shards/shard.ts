/** A shard as it is stored and as the API shows it. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { endingSequenceNumber, sequenceNumber } from '../sequence-number.ts';

export interface Shard {
  /** 0, 1, 2, … in the stream, never used twice. */
  readonly index: number;
  /** Decimal; both ends belong to it. */
  readonly startHash: string;
  readonly endHash: string;
  /** Epoch ms. */
  readonly madeAt: number;
  /** One that was split, or two that were merged. */
  readonly parents: readonly number[];
  /** Epoch ms; absent = takes records. */
  readonly closedAt?: number;
}

export function shardIdOf(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

const MAX_INDEX = 2_147_483_647;

/** `shardId-000000000001`, `shard-1`, `1`: the service takes them all. Undefined for what names no shard. */
export function parseShardId(id: string): number | undefined {
  const number = id.split('-')[1] || id;
  const index = /^\d+$/.test(number) ? Number(number) : Number.NaN;
  return index >= 0 && index <= MAX_INDEX ? index : undefined;
}

export function describeShard(shard: Shard): JsonObject {
  const { index, madeAt, parents, closedAt } = shard;
  const [parent, adjacent] = parents;
  return {
    ShardId: shardIdOf(index),
    ...(parent !== undefined && { ParentShardId: shardIdOf(parent) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: shardIdOf(adjacent) }),
    HashKeyRange: hashRangeOf(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber({ index: 0, at: madeAt, shard: index, shardMadeAt: madeAt }),
      ...(closedAt !== undefined && {
        EndingSequenceNumber: endingSequenceNumber(index, madeAt, closedAt),
      }),
    },
  };
}

export function hashRangeOf({ startHash, endHash }: Shard): JsonObject {
  return { StartingHashKey: startHash, EndingHashKey: endHash };
}

/** As GetRecords and SubscribeToShard tell of what comes after a closed shard. */
export function describeChild(shard: Shard): JsonObject {
  return {
    ShardId: shardIdOf(shard.index),
    ParentShards: shard.parents.map(shardIdOf),
    HashKeyRange: hashRangeOf(shard),
  };
}
