/** Triggers by a table's changes and by a Kinesis stream's records, from SAM's DynamoDB and Kinesis events and from AWS::Lambda::EventSourceMapping. */
import type { StreamDelivery, StreamTrigger, TableStreamTrigger } from '../../model/project.ts';
import {
  destinationFlaw,
  isRecordAge,
  limited,
  startingTimestamp,
  streamLimits,
  streamOfArn,
  tableOfStream,
} from '../stream-settings.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { filtersOf } from './filters.ts';
import { asText } from './plain-functions.ts';
import { flagOf, listOf, mapOf, numberOf, textOf, type Values } from './template.ts';
import { fail, type TriggerContext, warn } from './trigger-context.ts';

/** Properties of AWS::Lambda::EventSourceMapping that only streams have. */
export const streamProperties = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
  'StartingPositionTimestamp',
  'TumblingWindowInSeconds',
] as const;

/** Settings of an event source mapping, which SAM's DynamoDB and Kinesis events and AWS::Lambda::EventSourceMapping share. */
export interface StreamSource {
  readonly functionId: string;
  readonly properties: Values;
  /** Of the properties. */
  readonly path: Path;
  readonly stream: unknown;
  /** Property the stream is named by. */
  readonly streamKey: string;
  readonly of: 'table' | 'stream';
}

export function lowerStreamSource(
  source: StreamSource,
  context: TriggerContext,
): (TableStreamTrigger | StreamTrigger)[] {
  const { properties, path, of } = source;
  const streamArn = textOf(source.stream);
  if (isUnresolved(streamArn)) return [];
  if (streamArn === undefined || (of === 'table' ? tableOfStream : streamOfArn)(streamArn) === undefined) {
    fail(
      context,
      'invalid-event',
      [...path, source.streamKey],
      `${source.streamKey} is "${asText(source.stream)}", which is not the ARN of ${of === 'table' ? "a table's stream" : 'a Kinesis stream'}`,
      of === 'table' ? 'write `!GetAtt TheTable.StreamArn`' : 'write `!GetAtt TheStream.Arn`',
    );
    return [];
  }
  const startingPosition = startingPositionOf(source, context);
  const filterPatterns = filtersOf(properties.FilterCriteria, path, of, context);
  if (startingPosition === undefined || filterPatterns === 'flawed') return [];
  const delivery = deliveryOf(source, streamArn, filterPatterns, context);
  if (of === 'stream')
    return [
      {
        ...{ kind: 'stream', startingPosition },
        ...startingTimestamp(numberOf(properties.StartingPositionTimestamp)),
        ...delivery,
      },
    ];
  return startingPosition === 'AT_TIMESTAMP' ? [] : [{ kind: 'table-stream', startingPosition, ...delivery }];
}

function deliveryOf(
  { functionId, properties, path }: StreamSource,
  streamArn: string,
  filterPatterns: readonly string[] | undefined,
  context: TriggerContext,
): StreamDelivery {
  const number = (key: string, limits: { min: number; max: number }) =>
    within(properties, key, limits, path, context);
  const retries = limited(number('MaximumRetryAttempts', streamLimits.retryAttempts));
  const age = number('MaximumRecordAgeInSeconds', streamLimits.recordAgeSeconds);
  const windowSeconds = number('TumblingWindowInSeconds', streamLimits.tumblingWindowSeconds);
  const onFailureArn = destinationOf(properties, path, context);
  return {
    functionId,
    streamArn,
    batchSize: number('BatchSize', streamLimits.batchSize) ?? 100,
    batchWindowMs: (number('MaximumBatchingWindowInSeconds', streamLimits.batchWindowSeconds) ?? 0) * 1_000,
    parallelizationFactor: number('ParallelizationFactor', streamLimits.parallelizationFactor) ?? 1,
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(limited(age) === undefined ? {} : { maximumRecordAgeMs: (age ?? 0) * 1_000 }),
    bisectBatchOnFunctionError: flagOf(properties.BisectBatchOnFunctionError) ?? false,
    reportBatchItemFailures: listOf(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
    ...(filterPatterns === undefined ? {} : { filterPatterns }),
    ...(windowSeconds ? { tumblingWindowMs: windowSeconds * 1_000 } : {}),
    enabled: flagOf(properties.Enabled) ?? true,
    place: context.intrinsics.place(path.slice(0, -1)),
  };
}

/** The cloud has no default for it. */
function startingPositionOf(
  { properties, path, of }: StreamSource,
  context: TriggerContext,
): StreamTrigger['startingPosition'] | undefined {
  const { StartingPosition: written, StartingPositionTimestamp: seconds } = properties;
  if (written === 'LATEST' || written === 'TRIM_HORIZON') return written;
  if (of === 'stream' && written === 'AT_TIMESTAMP' && numberOf(seconds) !== undefined) return written;
  fail(
    context,
    'invalid-event',
    written === undefined ? path.slice(0, -1) : [...path, 'StartingPosition'],
    written === undefined ? 'StartingPosition is missing' : `StartingPosition is "${asText(written)}"`,
    of === 'table'
      ? 'write LATEST or TRIM_HORIZON'
      : 'write LATEST, TRIM_HORIZON, or AT_TIMESTAMP with StartingPositionTimestamp',
  );
  return undefined;
}

function within(
  properties: Values,
  key: string,
  { min, max }: { readonly min: number; readonly max: number },
  path: Path,
  context: TriggerContext,
): number | undefined {
  const written = properties[key];
  if (written === undefined || written === null || isUnresolved(written)) return undefined;
  const value = numberOf(written) ?? Number.NaN;
  const fits = value >= min && value <= max && (key !== 'MaximumRecordAgeInSeconds' || isRecordAge(value));
  if (fits) return value;
  fail(
    context,
    'invalid-event',
    [...path, key],
    `${key} is "${asText(written)}"`,
    key === 'MaximumRecordAgeInSeconds'
      ? `give -1, or a number from 60 to ${max}`
      : `give a number from ${min} to ${max}`,
  );
  return undefined;
}

function destinationOf(
  { DestinationConfig: config }: Values,
  path: Path,
  context: TriggerContext,
): string | undefined {
  const written = mapOf(mapOf(config).OnFailure).Destination;
  const arn = textOf(written);
  if (arn === undefined || isUnresolved(arn)) return undefined;
  const flaw = destinationFlaw(arn);
  if (flaw === undefined) return arn;
  warn(
    context,
    'not-emulated',
    [...path, 'DestinationConfig', 'OnFailure', 'Destination'],
    `${arn}: ${flaw}`,
  );
  return undefined;
}
