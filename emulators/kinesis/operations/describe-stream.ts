/** DescribeStream, DescribeStreamSummary, ListStreams, DescribeLimits. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidArgument } from '../errors.ts';
import { name } from '../input/members.ts';
import { integer, text } from '../input/scalars.ts';
import { consumersOf, operation, type Service, streamOperation } from '../service.ts';
import { describeShard, shardIdOf } from '../shards/shard.ts';
import { openShards, type StreamRow, shownShards } from '../stream.ts';

function describe({ streams }: Service, row: StreamRow): JsonObject {
  return {
    RetentionPeriodHours: row.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: [...row.metrics] }],
    EncryptionType: row.kmsKeyId === undefined ? 'NONE' : 'KMS',
    ...(row.kmsKeyId !== undefined && { KeyId: row.kmsKeyId }),
    StreamARN: streams.arnOf(row.name),
    StreamName: row.name,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: row.mode },
    StreamCreationTimestamp: row.createdAt / 1000,
  };
}

export const describeStream = streamOperation(
  { Limit: integer(1, 10_000), ExclusiveStartShardId: name() },
  ({ StreamName, Limit = 100, ExclusiveStartShardId: after = '' }, service) => {
    const row = service.streams.get(StreamName);
    const rest = shownShards(row, service.clock.now()).filter(({ index }) => shardIdOf(index) > after);
    return {
      StreamDescription: {
        ...describe(service, row),
        HasMoreShards: rest.length > Limit,
        Shards: rest.slice(0, Limit).map(describeShard),
      },
    };
  },
);

export const describeStreamSummary = streamOperation({}, ({ StreamName }, service) => {
  const row = service.streams.get(StreamName);
  return {
    StreamDescriptionSummary: {
      ...describe(service, row),
      OpenShardCount: openShards(row).length,
      ConsumerCount: consumersOf(service, StreamName).length,
      MaxRecordSizeInKiB: row.maxRecordKib,
    },
  };
});

export const listStreams = operation(
  {
    Limit: integer(1, 10_000),
    ExclusiveStartStreamName: name(),
    NextToken: text({ minLength: 1, maxLength: 1_048_576 }),
  },
  ({ Limit = 100, ExclusiveStartStreamName, NextToken }, { streams }) => {
    const after = NextToken === undefined ? (ExclusiveStartStreamName ?? '') : nameOfToken(NextToken);
    const rest = streams.list().filter((row) => row.name > after);
    const shown = rest.slice(0, Limit);
    const last = shown.at(-1);
    const more = rest.length > Limit;
    return {
      StreamNames: shown.map((row) => row.name),
      HasMoreStreams: more,
      ...(more && last && { NextToken: Buffer.from(last.name).toString('base64') }),
      StreamSummaries: shown.map((row) => ({
        StreamName: row.name,
        StreamARN: streams.arnOf(row.name),
        StreamStatus: 'ACTIVE',
        StreamModeDetails: { StreamMode: row.mode },
        StreamCreationTimestamp: row.createdAt / 1000,
      })),
    };
  },
);

function nameOfToken(token: string): string {
  const found = Buffer.from(token, 'base64').toString();
  if (/^[\w.-]+$/.test(found)) return found;
  throw invalidArgument('Invalid NextToken.');
}

export const describeLimits = operation({}, (_, { streams }) => {
  const rows = streams.list();
  const shards = (mode: StreamRow['mode']) =>
    rows.filter((row) => row.mode === mode).reduce((sum, row) => sum + openShards(row).length, 0);
  return {
    ShardLimit: 20_000,
    OpenShardCount: shards('PROVISIONED'),
    OnDemandStreamCount: rows.filter(({ mode }) => mode === 'ON_DEMAND').length,
    OnDemandStreamCountLimit: 50,
  };
});
