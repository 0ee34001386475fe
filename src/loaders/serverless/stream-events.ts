/** `stream` events: a table's changes, a Kinesis stream's records. */
import type { StreamDelivery, StreamTrigger, TableStreamTrigger } from '../../model/project.ts';
import { isMap, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
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
import type { EventContext } from './event-context.ts';
import { readFilterPatterns } from './filter-patterns.ts';
import { streamKeys } from './known-keys.ts';

/** An ARN, or `{ arn, type, batchSize, startingPosition, … }`. */
export function lowerStreamEvent(
  value: unknown,
  path: Path,
  context: EventContext,
): (TableStreamTrigger | StreamTrigger)[] {
  const resolved = context.resolve(value, path);
  // A function of CloudFormation in the short form resolves to the ARN's text.
  const section = makeFields(isMap(resolved) ? resolved : { arn: resolved }, path, context.fields);
  if (isUnresolved(section.values.arn)) return [];
  section.unknownKeys(streamKeys);
  const ofKinesis = isOfKinesis(section);
  const streamArn = section.text('arn');
  const isOne = streamArn !== undefined && (ofKinesis ? streamOfArn : tableOfStream)(streamArn) !== undefined;
  if (!isOne) {
    section.error({
      code: 'invalid-value',
      message: `${section.subject}: expected the ARN of ${ofKinesis ? 'a Kinesis stream' : "a table's stream"}, found ${streamArn === undefined ? 'none' : `"${streamArn}"`}`,
      hint: ofKinesis
        ? 'such as { type: kinesis, arn: { Fn::GetAtt: [OrdersStream, Arn] } }'
        : 'such as { type: dynamodb, arn: { Fn::GetAtt: [OrdersTable, StreamArn] } }',
    });
    return [];
  }
  const filterPatterns = readFilterPatterns(section, ofKinesis ? 'stream' : 'table');
  if (filterPatterns === 'flawed') return [];
  const sourceArn = (ofKinesis && consumerOf(section, streamArn, context)) || streamArn;
  const delivery = deliveryOf(section, sourceArn, filterPatterns, context);
  // The beginning is the framework's own default, not the cloud's.
  if (!ofKinesis)
    return [
      {
        kind: 'table-stream',
        startingPosition: section.choice('startingPosition', ['LATEST', 'TRIM_HORIZON']) ?? 'TRIM_HORIZON',
        ...delivery,
      },
    ];
  const startingPosition =
    section.choice('startingPosition', ['LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP']) ?? 'TRIM_HORIZON';
  const seconds = section.number('startingPositionTimestamp');
  if (startingPosition === 'AT_TIMESTAMP' && seconds === undefined) {
    section.wrong('startingPositionTimestamp', 'epoch seconds, which AT_TIMESTAMP needs');
    return [];
  }
  return [
    {
      ...{ kind: 'stream', startingPosition },
      ...startingTimestamp(seconds),
      ...delivery,
    },
  ];
}

/** ARN of the consumer the function reads with: `true` makes one, any other value is the ARN of one. */
function consumerOf(section: Fields, streamArn: string, context: EventContext): string | undefined {
  const { consumer } = section.values;
  if (consumer === undefined || consumer === null || consumer === false || isUnresolved(consumer))
    return undefined;
  const stream = streamOfArn(streamArn) ?? '';
  const arn =
    consumer === true
      ? `${streamArn}/consumer/${context.functionId}${stream}Consumer:1767225600`
      : (textOf(consumer) ?? '');
  const name = /\/consumer\/([\w.-]+)/.exec(arn)?.[1];
  if (name === undefined || streamOfArn(arn) !== stream) {
    section.wrong('consumer', `true or the ARN of a consumer of the stream ${stream}`);
    return undefined;
  }
  context.declare({ kind: 'stream-consumer', name, arn, streamArn, place: section.place });
  return arn;
}

function isOfKinesis({ values }: Fields): boolean {
  return values.type === 'kinesis' || /^arn:[^:]+:kinesis:/.test(textOf(values.arn) ?? '');
}

/** Batches of 10 are the framework's own default, not the cloud's. */
function deliveryOf(
  section: Fields,
  streamArn: string,
  filterPatterns: readonly string[] | undefined,
  { functionId }: EventContext,
): StreamDelivery {
  const windowSeconds = section.number('tumblingWindowInSeconds', streamLimits.tumblingWindowSeconds);
  const retries = limited(section.number('maximumRetryAttempts', streamLimits.retryAttempts));
  const ageSeconds = limited(recordAge(section));
  const onFailureArn = destinationOf(section);
  return {
    functionId,
    streamArn,
    batchSize: section.number('batchSize', streamLimits.batchSize) ?? 10,
    batchWindowMs: (section.number('batchWindow', streamLimits.batchWindowSeconds) ?? 0) * 1000,
    parallelizationFactor: section.number('parallelizationFactor', streamLimits.parallelizationFactor) ?? 1,
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(ageSeconds === undefined ? {} : { maximumRecordAgeMs: ageSeconds * 1000 }),
    bisectBatchOnFunctionError: section.flag('bisectBatchOnFunctionError') ?? false,
    reportBatchItemFailures:
      section.choice('functionResponseType', ['ReportBatchItemFailures']) !== undefined,
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
    ...(filterPatterns === undefined ? {} : { filterPatterns }),
    ...(windowSeconds ? { tumblingWindowMs: windowSeconds * 1000 } : {}),
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
