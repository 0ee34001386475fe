/** Finds the shard an operation names, with each operation's own words for one that is not there. */
import { notFound } from '../errors.ts';
import type { StreamRow } from '../stream.ts';
import { parseShardId, type Shard, shardIdOf } from './shard.ts';

/** Before the stream is looked for. Throws the service's ResourceNotFoundException. */
export function needShardIndex(id: string, stream: string, accountId: string): number {
  const index = parseShardId(id);
  if (index !== undefined) return index;
  throw notFound(`Could not find shard ${id} in stream ${stream} under account ${accountId}.`);
}

export function shardToRead(
  row: StreamRow | undefined,
  index: number,
  stream: string,
  accountId: string,
): Shard {
  const shard = row?.shards[index];
  if (shard) return shard;
  throw notFound(`Shard ${shardIdOf(index)} in stream ${stream} under account ${accountId} does not exist`);
}

export function shardToChange({ shards, name }: StreamRow, index: number, accountId: string): Shard {
  const shard = shards[index];
  if (shard) return shard;
  throw notFound(`Could not find shard ${shardIdOf(index)} in stream ${name} under account ${accountId}.`);
}
