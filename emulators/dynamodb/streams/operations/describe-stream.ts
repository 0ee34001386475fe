/** DescribeStream: a stream and its one shard, which is open as long as the stream is enabled. */
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { invalidParameter } from '../../errors.ts';
import { required, structure } from '../../input/collections.ts';
import { integer, text } from '../../input/scalars.ts';
import { defineOperation } from '../../service.ts';
import { keySchema } from '../../tables/describe-table.ts';
import { existingStream } from '../existing-stream.ts';
import { shardEnd, shardStart } from '../sequence-number.ts';
import { createdAt, type Stream, shardIdOf } from '../stream.ts';
import { shardId } from './shard-id.ts';

const MAX_SHARDS = 100;

export const describeStream = defineOperation({
  name: 'DescribeStream',
  input: structure('DescribeStreamInput', {
    StreamArn: required(text()),
    Limit: integer({ min: 1 }),
    ExclusiveStartShardId: shardId,
    ShardFilter: structure('ShardFilter', {
      Type: required(text({ oneOf: ['CHILD_SHARDS'] })),
      ShardId: required(shardId),
    }),
  }),
  run(input, service) {
    if (input.Limit !== undefined && input.Limit > MAX_SHARDS)
      throw invalidParameter(`Limit should be less than or equal to ${MAX_SHARDS}`);
    const stream = existingStream(service, input.StreamArn);
    const streamArn = service.streams.arnOf(stream);
    const start = input.ExclusiveStartShardId;
    // No shard has children: shards are never split here.
    const left = input.ShardFilter || (start !== undefined && start >= shardIdOf(stream));
    return {
      StreamDescription: {
        StreamArn: streamArn,
        StreamLabel: stream.label,
        StreamStatus: stream.disabledAt === undefined ? 'ENABLED' : 'DISABLED',
        StreamViewType: stream.view,
        CreationRequestDateTime: createdAt(stream) / 1000,
        TableName: stream.tableName,
        KeySchema: keySchema(stream.key),
        Shards: left ? [] : [describeShard(stream, service.streams.newest(streamArn))],
      },
    };
  },
});

/** Trimming moves the shard's beginning: the service would give up shards as a whole. */
function describeShard(stream: Stream, newest: number): JsonObject {
  return {
    ShardId: shardIdOf(stream),
    SequenceNumberRange: {
      StartingSequenceNumber: shardStart(stream.trimmedTo),
      ...(stream.disabledAt !== undefined && { EndingSequenceNumber: shardEnd(newest) }),
    },
  };
}
