/** SplitShard, MergeShards, UpdateShardCount: done when they are answered. */
import { invalidArgument, limitExceeded } from '../errors.ts';
import { hashKey, name } from '../input/members.ts';
import { integer, text } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { type Service, streamOperation } from '../service.ts';
import { needShardIndex, shardToChange } from '../shards/find-shard.ts';
import { merge, resize, split } from '../shards/reshape.ts';
import { type Shard, shardIdOf } from '../shards/shard.ts';
import { isOpen, openShards, type StreamRow } from '../stream.ts';
import { checkShardLimit } from './create-stream.ts';

const nowOf = ({ clock }: Service) => Math.floor(clock.now());

export const splitShard = streamOperation(
  { NewStartingHashKey: required(hashKey()), ShardToSplit: required(name()) },
  ({ StreamName, ShardToSplit, NewStartingHashKey }, service) => {
    const { streams, accountId } = service;
    const index = needShardIndex(ShardToSplit, StreamName, accountId);
    const row = streams.get(StreamName);
    const shard = shardToChange(row, index, accountId);
    requireOpen(row, shard, accountId);
    checkShardLimit(service, 1);
    const at = BigInt(NewStartingHashKey);
    if (at <= BigInt(shard.startHash) + 1n || at >= BigInt(shard.endHash))
      throw invalidArgument(
        `NewStartingHashKey ${NewStartingHashKey} used in SplitShard() on shard ${shardIdOf(index)} in stream ${StreamName} under account ${accountId} is not both greater than one plus the shard's StartingHashKey ${shard.startHash} and less than the shard's EndingHashKey ${shard.endHash}.`,
      );
    streams.save(split(row, shard, at, nowOf(service)));
    return undefined;
  },
);

export const mergeShards = streamOperation(
  { ShardToMerge: required(name()), AdjacentShardToMerge: required(name()) },
  ({ StreamName, ShardToMerge, AdjacentShardToMerge }, service) => {
    const { streams, accountId } = service;
    const first = needShardIndex(ShardToMerge, StreamName, accountId);
    const second = needShardIndex(AdjacentShardToMerge, StreamName, accountId);
    const row = streams.get(StreamName);
    const one = shardToChange(row, first, accountId);
    const other = shardToChange(row, second, accountId);
    for (const shard of [one, other]) requireOpen(row, shard, accountId);
    if (BigInt(one.endHash) + 1n !== BigInt(other.startHash))
      throw invalidArgument(
        `Shards ${shardIdOf(first)} and ${shardIdOf(second)} in stream ${StreamName} under account ${accountId} are not an adjacent pair of shards eligible for merging`,
      );
    streams.save(merge(row, one, other, nowOf(service)));
    return undefined;
  },
);

export const updateShardCount = streamOperation(
  {
    TargetShardCount: required(integer(1)),
    ScalingType: required(text({ oneOf: ['UNIFORM_SCALING'] })),
  },
  ({ StreamName, TargetShardCount }, service) => {
    const { streams } = service;
    const row = streams.get(StreamName);
    if (row.mode === 'ON_DEMAND')
      throw invalidArgument(
        `Request is invalid. Stream ${StreamName} under account ${service.accountId} is in On-Demand mode.`,
      );
    const now = openShards(row).length;
    if (TargetShardCount > now * 2)
      throw limitExceeded(
        `UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: ${now} Target shard count: ${TargetShardCount}`,
      );
    if (TargetShardCount < now / 2)
      throw limitExceeded(
        `UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: ${now} Target shard count: ${TargetShardCount}`,
      );
    if (TargetShardCount > now) checkShardLimit(service, TargetShardCount - now);
    if (TargetShardCount !== now) streams.save(resize(row, TargetShardCount, nowOf(service)));
    return {
      StreamName,
      StreamARN: streams.arnOf(StreamName),
      CurrentShardCount: now,
      TargetShardCount,
    };
  },
);

function requireOpen({ name: stream }: StreamRow, shard: Shard, accountId: string): void {
  if (!isOpen(shard))
    throw invalidArgument(
      `Shard ${shardIdOf(shard.index)} in stream ${stream} under account ${accountId} is closed and can neither be split nor merged.`,
    );
}
