/** CreateStream and DeleteStream. Streams are ACTIVE at once and gone at once. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { inUse, invalidArgument, limitExceeded } from '../errors.ts';
import { structure, textMap } from '../input/collections.ts';
import { name } from '../input/members.ts';
import { flag, integer, text } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { consumersOf, operation, type Service, streamOperation } from '../service.ts';
import { evenRanges } from '../shards/hash-keys.ts';
import type { Shard } from '../shards/shard.ts';
import { openShards, type StreamMode, type StreamRow } from '../stream.ts';
import { checkTags } from '../tags.ts';

/** The service's quota in its largest regions. */
const SHARD_LIMIT = 20_000;
const ON_DEMAND_SHARDS = 4;
export const DEFAULT_RECORD_KIB = 1024;
const MAX_TAGS = 50;

export const modeDetails = () =>
  structure({ StreamMode: required(text<StreamMode>({ oneOf: ['PROVISIONED', 'ON_DEMAND'] })) });

export const createStream = operation(
  {
    StreamName: required(name()),
    ShardCount: integer(1, 100_000),
    StreamModeDetails: modeDetails(),
    Tags: textMap({ least: 0, most: MAX_TAGS }),
    MaxRecordSizeInKiB: integer(1024, 10_240),
    WarmThroughputMiBps: integer(0),
  },
  (input, service) => {
    const { StreamName, ShardCount, StreamModeDetails } = input;
    const mode = StreamModeDetails?.StreamMode ?? 'PROVISIONED';
    if (mode === 'ON_DEMAND' && ShardCount !== undefined)
      throw invalidArgument('ShardCount must not be specified when StreamMode is ON_DEMAND.');
    if (mode === 'PROVISIONED' && ShardCount === undefined)
      throw invalidArgument('ShardCount must be specified when StreamMode is PROVISIONED.');
    checkTags(Object.entries(input.Tags ?? {}).flat(), 'add tags to', StreamName, service.accountId);
    makeStream(service, {
      name: StreamName,
      mode,
      shardCount: ShardCount ?? ON_DEMAND_SHARDS,
      tags: input.Tags ?? {},
      maxRecordKib: input.MaxRecordSizeInKiB ?? DEFAULT_RECORD_KIB,
    });
    return undefined;
  },
);

export interface NewStream {
  readonly name: string;
  readonly mode: StreamMode;
  readonly shardCount: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly maxRecordKib: number;
  readonly retentionHours?: number;
  readonly kmsKeyId?: string;
  readonly declared?: string;
}

export function makeStream(service: Service, { shardCount, ...stream }: NewStream): StreamRow {
  const { streams, clock, accountId } = service;
  if (streams.find(stream.name))
    throw inUse(`Stream ${stream.name} under account ${accountId} already exists.`);
  checkShardLimit(service, shardCount);
  const now = Math.floor(clock.now());
  const row: StreamRow = {
    number: streams.freshNumber(),
    createdAt: now,
    retentionHours: 24,
    metrics: [],
    ...stream,
    shards: evenShards(shardCount, now),
  };
  streams.save(row);
  return row;
}

export function evenShards(count: number, madeAt: number): readonly Shard[] {
  return evenRanges(count).map(({ start, end }, index) => ({
    ...{ index, madeAt, startHash: `${start}`, endHash: `${end}`, parents: [] },
  }));
}

export function checkShardLimit({ streams, region, accountId }: Service, more: number): void {
  const now = streams.list().reduce((sum, row) => sum + openShards(row).length, 0);
  if (now + more <= SHARD_LIMIT) return;
  throw limitExceeded(
    `This request would exceed the shard limit for the account ${accountId} in ${region}. Current shard count for the account: ${now}. Limit: ${SHARD_LIMIT}. Number of additional shards that would have resulted from this request: ${more}. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
  );
}

export const deleteStream = streamOperation(
  { EnforceConsumerDeletion: flag() },
  ({ StreamName, EnforceConsumerDeletion }, service): JsonObject | undefined => {
    const { streams, accountId } = service;
    streams.get(StreamName);
    if (!EnforceConsumerDeletion && consumersOf(service, StreamName).length > 0)
      throw inUse(
        `Stream ${StreamName} under account ${accountId} has active consumers. Deregister the consumers first, or set EnforceConsumerDeletion.`,
      );
    streams.remove(StreamName);
    return undefined;
  },
);
