/** What is changed of a stream besides its shards: retention, mode, encryption, monitoring, record size. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidArgument, limitExceeded, validation } from '../errors.ts';
import { list } from '../input/collections.ts';
import { streamArn, streamNameOf } from '../input/members.ts';
import { integer, text } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { operation, type Service, streamOperation } from '../service.ts';
import { HOUR_MS, type StreamRow } from '../stream.ts';
import { modeDetails } from './create-stream.ts';

const LEAST_HOURS = 24;
const MOST_HOURS = 8760;

const retention = { RetentionPeriodHours: required(integer(1, MOST_HOURS)) };

export const increaseRetention = streamOperation(retention, ({ StreamName, RetentionPeriodHours }, service) =>
  changeRetention(service, StreamName, RetentionPeriodHours, 'shorter'),
);

export const decreaseRetention = streamOperation(retention, ({ StreamName, RetentionPeriodHours }, service) =>
  changeRetention(service, StreamName, RetentionPeriodHours, 'longer'),
);

/** `refused`: which way it must not go. */
function changeRetention(
  { streams }: Service,
  name: string,
  hours: number,
  refused: 'shorter' | 'longer',
): undefined {
  const row = streams.get(name);
  if (hours < LEAST_HOURS)
    throw invalidArgument(
      `Minimum allowed retention period is ${LEAST_HOURS} hours. Requested retention period (${hours} hours) is too short.`,
    );
  const other = refused === 'shorter' ? 'Decrease' : 'Increase';
  if (refused === 'shorter' ? hours < row.retentionHours : hours > row.retentionHours)
    throw invalidArgument(
      `Requested retention period (${hours} hours) for stream ${name} can not be ${refused} than existing retention period (${row.retentionHours} hours). Use ${other}RetentionPeriod API.`,
    );
  streams.save({ ...row, retentionHours: hours });
  return undefined;
}

/** Source: developer guide, "Choose the right mode to stream in". */
const MOST_MODE_CHANGES = 2;
const DAY_MS = 24 * HOUR_MS;

const byArn = { StreamARN: required(streamArn()) };

export const updateStreamMode = operation(
  { ...byArn, StreamModeDetails: required(modeDetails()), WarmThroughputMiBps: integer(0) },
  ({ StreamARN, StreamModeDetails: { StreamMode: mode } }, { streams, clock, accountId }) => {
    const row = streams.get(streamNameOf(StreamARN));
    if (row.mode === mode) return undefined;
    const now = Math.floor(clock.now());
    const recent = (row.modeChanges ?? []).filter((at) => at > now - DAY_MS);
    if (recent.length >= MOST_MODE_CHANGES)
      throw limitExceeded(
        `Stream ${row.name} under account ${accountId} has changed its capacity mode twice within 24 hours, which is as often as it may.`,
      );
    // It keeps the shards it has.
    streams.save({ ...row, mode, modeChanges: [...recent, now] });
    return undefined;
  },
);

export const updateMaxRecordSize = operation(
  { ...byArn, MaxRecordSizeInKiB: required(integer(1024, 10_240)) },
  ({ StreamARN, MaxRecordSizeInKiB }, { streams }) => {
    streams.save({ ...streams.get(streamNameOf(StreamARN)), maxRecordKib: MaxRecordSizeInKiB });
    return undefined;
  },
);

const encryption = {
  EncryptionType: required(text({ oneOf: ['NONE', 'KMS'] })),
  KeyId: required(text({ minLength: 1, maxLength: 2048 })),
};

export const startEncryption = streamOperation(
  encryption,
  ({ StreamName, EncryptionType, KeyId }, { streams }) => {
    const row = streams.get(StreamName);
    if (EncryptionType === 'NONE')
      throw validation('StartStreamEncryption takes the encryption type KMS, found NONE.');
    streams.save({ ...row, kmsKeyId: KeyId });
    return undefined;
  },
);

export const stopEncryption = streamOperation(encryption, ({ StreamName }, { streams }) => {
  const { kmsKeyId: _, ...row } = streams.get(StreamName);
  streams.save(row);
  return undefined;
});

const METRICS = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
];

const metrics = {
  ShardLevelMetrics: required(list(text({ oneOf: [...METRICS, 'ALL'] }), { least: 1, most: 7 })),
};

export const enableMonitoring = streamOperation(metrics, ({ StreamName, ShardLevelMetrics }, service) => {
  const row = service.streams.get(StreamName);
  return changeMetrics(service, row, [...new Set([...row.metrics, ...expanded(ShardLevelMetrics)])]);
});

export const disableMonitoring = streamOperation(metrics, ({ StreamName, ShardLevelMetrics }, service) => {
  const row = service.streams.get(StreamName);
  const gone = expanded(ShardLevelMetrics);
  return changeMetrics(
    service,
    row,
    row.metrics.filter((metric) => !gone.includes(metric)),
  );
});

const expanded = (names: readonly string[]) => (names.includes('ALL') ? METRICS : names);

function changeMetrics({ streams }: Service, row: StreamRow, desired: readonly string[]): JsonObject {
  streams.save({ ...row, metrics: desired });
  return {
    StreamName: row.name,
    StreamARN: streams.arnOf(row.name),
    CurrentShardLevelMetrics: [...row.metrics],
    DesiredShardLevelMetrics: [...desired],
  };
}
