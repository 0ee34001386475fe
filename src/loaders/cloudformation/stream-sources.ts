/** Triggers by a table's changes, from SAM's DynamoDB events and from AWS::Lambda::EventSourceMapping. */
import type { TableStreamTrigger } from '../../model/project.ts';
import {
  destinationFlaw,
  isRecordAge,
  limited,
  streamLimits,
  TUMBLING_WINDOW,
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
  'TumblingWindowInSeconds',
] as const;

/** Settings of an event source mapping, which SAM's DynamoDB event and AWS::Lambda::EventSourceMapping share. */
export interface StreamSource {
  readonly functionId: string;
  readonly properties: Values;
  /** Of the properties. */
  readonly path: Path;
  readonly stream: unknown;
  /** Property the stream is named by. */
  readonly streamKey: string;
}

export function lowerStreamSource(source: StreamSource, context: TriggerContext): TableStreamTrigger[] {
  const { functionId, properties, path } = source;
  const streamArn = textOf(source.stream);
  if (isUnresolved(streamArn)) return [];
  if (streamArn === undefined || tableOfStream(streamArn) === undefined) {
    fail(
      context,
      'invalid-event',
      [...path, source.streamKey],
      `${source.streamKey} is "${asText(source.stream)}", which is not the ARN of a table's stream`,
      'write `!GetAtt TheTable.StreamArn`',
    );
    return [];
  }
  const startingPosition = startingPositionOf(properties, path, context);
  const filterPatterns = filtersOf(properties.FilterCriteria, path, 'table', context);
  if (startingPosition === undefined || filterPatterns === 'flawed') return [];
  if (numberOf(properties.TumblingWindowInSeconds))
    warn(context, 'not-emulated', [...path, 'TumblingWindowInSeconds'], TUMBLING_WINDOW);
  const number = (key: string, limits: { min: number; max: number }) =>
    within(properties, key, limits, path, context);
  const retries = limited(number('MaximumRetryAttempts', streamLimits.retryAttempts));
  const age = number('MaximumRecordAgeInSeconds', streamLimits.recordAgeSeconds);
  const onFailureArn = destinationOf(properties, path, context);
  return [
    {
      kind: 'table-stream',
      functionId,
      streamArn,
      batchSize: number('BatchSize', streamLimits.batchSize) ?? 100,
      batchWindowMs: (number('MaximumBatchingWindowInSeconds', streamLimits.batchWindowSeconds) ?? 0) * 1_000,
      startingPosition,
      parallelizationFactor: number('ParallelizationFactor', streamLimits.parallelizationFactor) ?? 1,
      ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
      ...(limited(age) === undefined ? {} : { maximumRecordAgeMs: (age ?? 0) * 1_000 }),
      bisectBatchOnFunctionError: flagOf(properties.BisectBatchOnFunctionError) ?? false,
      reportBatchItemFailures: listOf(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
      ...(onFailureArn === undefined ? {} : { onFailureArn }),
      ...(filterPatterns === undefined ? {} : { filterPatterns }),
      enabled: flagOf(properties.Enabled) ?? true,
      place: context.intrinsics.place(path.slice(0, -1)),
    },
  ];
}

/** The cloud has no default for it. */
function startingPositionOf(
  { StartingPosition: written }: Values,
  path: Path,
  context: TriggerContext,
): TableStreamTrigger['startingPosition'] | undefined {
  if (written === 'LATEST' || written === 'TRIM_HORIZON') return written;
  fail(
    context,
    'invalid-event',
    written === undefined ? path.slice(0, -1) : [...path, 'StartingPosition'],
    written === undefined ? 'StartingPosition is missing' : `StartingPosition is "${asText(written)}"`,
    'write LATEST or TRIM_HORIZON',
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
