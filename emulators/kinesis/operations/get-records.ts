/** GetShardIterator and GetRecords. */
import { name, sequenceNumber } from '../input/members.ts';
import { integer, text, timestamp } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { readIterator, writeIterator } from '../iterator.ts';
import { childrenOf, describeRecord, STARTING_TYPES, startIndex } from '../reading.ts';
import { operation, streamOperation } from '../service.ts';
import { needShardIndex, shardToRead } from '../shards/find-shard.ts';

const MAX_RECORDS = 10_000;
const MAX_BYTES = 10 * 1024 * 1024;

export const getShardIterator = streamOperation(
  {
    ShardId: required(name()),
    ShardIteratorType: required(text({ oneOf: STARTING_TYPES })),
    StartingSequenceNumber: sequenceNumber(),
    Timestamp: timestamp(),
  },
  ({ StreamName, ShardId, ShardIteratorType, StartingSequenceNumber, Timestamp }, service) => {
    const { streams, accountId, clock } = service;
    const index = needShardIndex(ShardId, StreamName, accountId);
    const row = streams.find(StreamName);
    const shard = shardToRead(row, index, StreamName, accountId);
    const next = startIndex(service, row ?? streams.get(StreamName), shard, {
      type: ShardIteratorType,
      sequenceNumber: StartingSequenceNumber,
      timestamp: Timestamp,
    });
    const stream = row?.number ?? 0;
    return {
      ShardIterator: writeIterator({ stream, name: StreamName, shard: index, next, at: clock.now() }),
    };
  },
);

export const getRecords = operation(
  {
    Limit: integer(1, MAX_RECORDS),
    ShardIterator: required(text({ minLength: 1, maxLength: 512 })),
  },
  ({ Limit = MAX_RECORDS, ShardIterator }, { streams, clock, accountId }) => {
    const now = clock.now();
    const iterator = readIterator(ShardIterator, now);
    const found = streams.find(iterator.name);
    const row = found?.number === iterator.stream ? found : undefined;
    const shard = shardToRead(row, iterator.shard, iterator.name, accountId);
    if (!row) return {};
    const records = streams.read(row, shard.index, iterator.next, Limit, MAX_BYTES);
    const last = records.at(-1);
    const newest = streams.newest(row, shard.index);
    const next = last ? last.index + 1 : iterator.next;
    const isAtEnd = last === undefined || last.index >= newest;
    const children = isAtEnd ? childrenOf(row, shard) : undefined;
    return {
      Records: records.map((record) => describeRecord(shard, record)),
      MillisBehindLatest: isAtEnd ? 0 : Math.max(0, Math.floor(now - last.at)),
      ...(children
        ? { ChildShards: children }
        : { NextShardIterator: writeIterator({ ...iterator, next, at: now }) }),
    };
  },
);
