/** Reading a shard: from where, what comes next, and how records look. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { invalidArgument } from './errors.ts';
import type { StreamRecord } from './record.ts';
import { parseSequenceNumber, sequenceNumber } from './sequence-number.ts';
import type { Service } from './service.ts';
import { describeChild, type Shard, shardIdOf } from './shards/shard.ts';
import type { StreamRow } from './stream.ts';

export type StartingType =
  | 'AFTER_SEQUENCE_NUMBER'
  | 'LATEST'
  | 'AT_TIMESTAMP'
  | 'AT_SEQUENCE_NUMBER'
  | 'TRIM_HORIZON';
export const STARTING_TYPES: readonly StartingType[] = [
  'AFTER_SEQUENCE_NUMBER',
  'LATEST',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
];

export interface Starting {
  readonly type: StartingType;
  readonly sequenceNumber: string | undefined;
  /** Epoch seconds. */
  readonly timestamp: number | undefined;
}

/** Index of the first record to read. Throws the service's InvalidArgumentException. */
export function startIndex(service: Service, row: StreamRow, shard: Shard, starting: Starting): number {
  const { streams, clock } = service;
  const { type, timestamp, sequenceNumber: sequence } = starting;
  const both = `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and`;
  switch (type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
      if (sequence !== undefined) throw invalidArgument(`${both} also a StartingSequenceNumber.`);
      return type === 'LATEST' ? streams.newest(row, shard.index) + 1 : 0;
    case 'AT_TIMESTAMP':
      return streams.indexAt(row, shard.index, timeOf(timestamp, Math.floor(clock.now())));
    default: {
      if (sequence === undefined) throw invalidArgument(`${both} no StartingSequenceNumber.`);
      const index = indexOfSequence(service, row, shard, sequence);
      return type === 'AT_SEQUENCE_NUMBER' ? index : index + 1;
    }
  }
}

function timeOf(seconds: number | undefined, now: number): number {
  if (seconds === undefined)
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
  const at = Math.round(seconds * 1000);
  if (at > now)
    throw invalidArgument(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${at}, currentTimestampInMillis: ${now}`,
    );
  return at;
}

function indexOfSequence({ accountId }: Service, row: StreamRow, shard: Shard, sequence: string): number {
  const shardId = shardIdOf(shard.index);
  const used = `StartingSequenceNumber ${sequence} used in GetShardIterator on shard ${shardId} in stream ${row.name} under account ${accountId} is invalid`;
  const parsed = parseSequenceNumber(sequence);
  if (!parsed) throw invalidArgument(`${used}.`);
  if (parsed.shard !== shard.index)
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(parsed.shard)}, while it was used in a call to a shard with ${shardId}`,
    );
  if (parsed.shardMadeAt !== Math.floor(shard.madeAt / 1000) * 1000)
    throw invalidArgument(`${used} because it did not come from this stream.`);
  return parsed.index;
}

export function numberOf(shard: Shard, { index, at }: Pick<StreamRecord, 'index' | 'at'>): string {
  return sequenceNumber({ index, at, shard: shard.index, shardMadeAt: shard.madeAt });
}

export function describeRecord(shard: Shard, record: StreamRecord): JsonObject {
  return {
    SequenceNumber: numberOf(shard, record),
    ApproximateArrivalTimestamp: record.at / 1000,
    Data: record.data.toString('base64'),
    PartitionKey: record.partitionKey,
    ...(record.encrypted && { EncryptionType: 'KMS' }),
  };
}

/** What there is to read in the shards that came of this one; undefined while it takes records. */
export function childrenOf({ shards }: StreamRow, { index, closedAt }: Shard): JsonObject[] | undefined {
  if (closedAt === undefined) return undefined;
  return shards.filter(({ parents }) => parents.includes(index)).map(describeChild);
}
