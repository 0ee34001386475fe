/** `stream` events: a table's changes. */
import type { TableStreamTrigger } from '../../model/project.ts';
import { isMap, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
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
import type { EventContext } from './event-context.ts';
import { readFilterPatterns } from './filter-patterns.ts';
import { streamKeys } from './known-keys.ts';

/** An ARN, or `{ arn, type, batchSize, startingPosition, … }`. */
export function lowerStreamEvent(value: unknown, path: Path, context: EventContext): TableStreamTrigger[] {
  const resolved = context.resolve(value, path);
  // A function of CloudFormation in the short form resolves to the ARN's text.
  const section = makeFields(isMap(resolved) ? resolved : { arn: resolved }, path, context.fields);
  if (isUnresolved(section.values.arn)) return [];
  if (isOfKinesis(section)) {
    section.warn({
      code: 'not-emulated',
      message: `Kinesis streams are not emulated: ${context.functionId} is not run by this one`,
      hint: `run it by hand: sls-local invoke ${context.functionId} -e '{…}'`,
    });
    return [];
  }
  section.unknownKeys(streamKeys);
  const streamArn = section.text('arn');
  if (streamArn === undefined || tableOfStream(streamArn) === undefined) {
    section.error({
      code: 'invalid-value',
      message: `${section.subject}: expected the ARN of a table's stream, found ${streamArn === undefined ? 'none' : `"${streamArn}"`}`,
      hint: 'such as { type: dynamodb, arn: { Fn::GetAtt: [OrdersTable, StreamArn] } }',
    });
    return [];
  }
  const filterPatterns = readFilterPatterns(section, 'table');
  return filterPatterns === 'flawed' ? [] : [triggerOf(section, streamArn, filterPatterns, context)];
}

function isOfKinesis({ values }: Fields): boolean {
  return values.type === 'kinesis' || /^arn:[^:]+:kinesis:/.test(textOf(values.arn) ?? '');
}

/** Batches of 10 from the beginning are the framework's own defaults, not the cloud's. */
function triggerOf(
  section: Fields,
  streamArn: string,
  filterPatterns: readonly string[] | undefined,
  { functionId }: EventContext,
): TableStreamTrigger {
  if (section.number('tumblingWindowInSeconds'))
    section.warn({ code: 'not-emulated', key: 'tumblingWindowInSeconds', message: TUMBLING_WINDOW });
  const retries = limited(section.number('maximumRetryAttempts', streamLimits.retryAttempts));
  const ageSeconds = limited(recordAge(section));
  const onFailureArn = destinationOf(section);
  return {
    kind: 'table-stream',
    functionId,
    streamArn,
    batchSize: section.number('batchSize', streamLimits.batchSize) ?? 10,
    batchWindowMs: (section.number('batchWindow', streamLimits.batchWindowSeconds) ?? 0) * 1000,
    startingPosition: section.choice('startingPosition', ['LATEST', 'TRIM_HORIZON']) ?? 'TRIM_HORIZON',
    parallelizationFactor: section.number('parallelizationFactor', streamLimits.parallelizationFactor) ?? 1,
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(ageSeconds === undefined ? {} : { maximumRecordAgeMs: ageSeconds * 1000 }),
    bisectBatchOnFunctionError: section.flag('bisectBatchOnFunctionError') ?? false,
    reportBatchItemFailures:
      section.choice('functionResponseType', ['ReportBatchItemFailures']) !== undefined,
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
    ...(filterPatterns === undefined ? {} : { filterPatterns }),
    enabled: section.flag('enabled') ?? true,
    place: section.place,
  };
}

function recordAge(section: Fields): number | undefined {
  const seconds = section.number('maximumRecordAgeInSeconds', streamLimits.recordAgeSeconds);
  if (seconds === undefined || isRecordAge(seconds)) return seconds;
  section.wrong(
    'maximumRecordAgeInSeconds',
    `-1 or a number from 60 to ${streamLimits.recordAgeSeconds.max}`,
  );
  return undefined;
}

/** An ARN, or `{ type, arn }`. */
function destinationOf(section: Fields): string | undefined {
  const destinations = section.map('destinations');
  const written = destinations?.values.onFailure;
  const arn = textOf(isMap(written) ? written.arn : written);
  if (!destinations || arn === undefined || isUnresolved(arn)) return undefined;
  const flaw = destinationFlaw(arn);
  if (flaw === undefined) return arn;
  destinations.warn({ code: 'not-emulated', key: 'onFailure', message: `${arn}: ${flaw}` });
  return undefined;
}
