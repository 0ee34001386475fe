/** Reads what CreateEventSourceMapping and UpdateEventSourceMapping set, with the service's limits. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { QueueTrigger, StreamDelivery } from '../../../src/model/project.ts';
import { messageOf } from '../../../src/std/errors.ts';
import { compilePatterns, PatternError } from '../../../src/std/event-pattern.ts';
import { invalidParameter, missing, notEmulated } from '../errors.ts';
import { flag, integer, object, oneOf, text, textList } from '../input.ts';
import type { MappingSource } from './mapping-trigger.ts';

type QueueSource = Extract<MappingSource, { kind: 'queue' }>;
type TableSource = Extract<MappingSource, { kind: 'table-stream' }>;
type StreamSource = Extract<MappingSource, { kind: 'stream' }>;

const MAX_BATCH = 10_000;
const MAX_FIFO_BATCH = 10;
const MAX_WINDOW_SECONDS = 300;
const MAX_FILTERS = 5;
const ONLY_STREAMS = [
  'StartingPosition',
  'ParallelizationFactor',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'TumblingWindowInSeconds',
] as const;

/** A new mapping of the source of this ARN. Throws the service's error for what it would not take. */
export function readSource(input: JsonObject, arn: string): MappingSource {
  if (/^arn:[^:]+:sqs:[^:]*:[^:]*:[\w.-]+$/.test(arn)) return readQueue(input, newQueue(arn));
  if (/^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/.+\/stream\/.+$/.test(arn))
    return readStream(input, newTable(input, arn));
  if (/^arn:[^:]+:kinesis:[^:]*:[^:]*:stream\/[^/]+(\/consumer\/.+)?$/.test(arn))
    return readStream(input, newStream(input, arn));
  if (/^arn:[^:]+:(kafka|mq|rds|docdb)[\w-]*:/.test(arn))
    throw notEmulated(`event sources of this kind (${arn})`);
  throw invalidParameter(`Unrecognized event source: ${arn}.`);
}

/** What the request does not say stays. */
export function changeSource<S extends MappingSource>(input: JsonObject, before: S): MappingSource {
  if (before.kind === 'queue') return readQueue(input, before);
  if (input.StartingPosition !== undefined)
    throw invalidParameter('StartingPosition cannot be changed once the mapping is made.');
  return readStream(input, before);
}

function newQueue(queueArn: string): QueueSource {
  return {
    kind: 'queue',
    queueArn,
    batchSize: 10,
    batchWindowMs: 0,
    reportBatchItemFailures: false,
    enabled: true,
  };
}

const STARTING = ['LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP'] as const;

function newTable(input: JsonObject, streamArn: string): TableSource {
  const startingPosition = oneOf(input, 'StartingPosition', STARTING) ?? missing('startingPosition');
  if (startingPosition === 'AT_TIMESTAMP')
    throw invalidParameter('Unsupported starting position for stream type. AT_TIMESTAMP is not supported.');
  return { kind: 'table-stream', startingPosition, ...streamDefaults(streamArn) };
}

function newStream(input: JsonObject, streamArn: string): StreamSource {
  const startingPosition = oneOf(input, 'StartingPosition', STARTING) ?? missing('startingPosition');
  const seconds = input.StartingPositionTimestamp;
  const isAtTime = startingPosition === 'AT_TIMESTAMP';
  if (isAtTime && typeof seconds !== 'number')
    throw invalidParameter('StartingPositionTimestamp is required with the starting position AT_TIMESTAMP.');
  return {
    kind: 'stream',
    startingPosition,
    ...(isAtTime && typeof seconds === 'number' && { startingTimestampMs: Math.round(seconds * 1000) }),
    ...streamDefaults(streamArn),
  };
}

function streamDefaults(streamArn: string) {
  return {
    streamArn,
    batchSize: 100,
    batchWindowMs: 0,
    parallelizationFactor: 1,
    bisectBatchOnFunctionError: false,
    reportBatchItemFailures: false,
    enabled: true,
  };
}

function readQueue(input: JsonObject, before: Omit<QueueTrigger, 'functionId'>): QueueSource {
  const foreign = ONLY_STREAMS.find((name) => input[name] !== undefined && input[name] !== null);
  if (foreign) throw invalidParameter(`${foreign} is not supported for SQS event sources.`);
  const { maximumConcurrency: concurrencyBefore, ...rest } = before;
  const scaling = object(input, 'ScalingConfig');
  const maximumConcurrency = scaling ? integer(scaling, 'MaximumConcurrency', 2, 1000) : concurrencyBefore;
  const source = {
    ...withFilters(rest, readFilters(input)),
    ...readShared(input, before),
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
  };
  const isFifo = before.queueArn.endsWith('.fifo');
  if (isFifo && source.batchWindowMs > 0)
    throw invalidParameter('Batching window is not supported for FIFO queues');
  if (isFifo && source.batchSize > MAX_FIFO_BATCH)
    throw invalidParameter(`BatchSize cannot be greater than ${MAX_FIFO_BATCH} for FIFO queues`);
  if (source.batchSize > MAX_FIFO_BATCH && source.batchWindowMs === 0)
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  return source;
}

function readStream(input: JsonObject, before: TableSource | StreamSource): MappingSource {
  const delivery = readDelivery(input, before);
  if (before.kind === 'table-stream') {
    const { kind, startingPosition } = before;
    return { kind, startingPosition, ...delivery };
  }
  const { kind, startingPosition, startingTimestampMs } = before;
  return {
    ...{ kind, startingPosition },
    ...(startingTimestampMs !== undefined && { startingTimestampMs }),
    ...delivery,
  };
}

type Delivery = Omit<StreamDelivery, 'functionId' | 'mappingId' | 'place'>;

function readDelivery(input: JsonObject, before: Delivery): Delivery {
  if (object(input, 'ScalingConfig'))
    throw invalidParameter('ScalingConfig is only supported for SQS event sources.');
  const { maximumRetryAttempts, maximumRecordAgeMs, onFailureArn, tumblingWindowMs = 0 } = before;
  const { streamArn, filterPatterns } = before;
  const windowSeconds = integer(input, 'TumblingWindowInSeconds', 0, 900);
  const windowMs = windowSeconds === undefined ? tumblingWindowMs : windowSeconds * 1000;
  const retries = integer(input, 'MaximumRetryAttempts', -1, MAX_BATCH);
  const ageSeconds = integer(input, 'MaximumRecordAgeInSeconds', -1, 604_800);
  if (ageSeconds !== undefined && ageSeconds !== -1 && ageSeconds < 60)
    throw invalidParameter('MaximumRecordAgeInSeconds must be -1 or from 60 to 604800');
  const destination = readFailureDestination(input);
  return {
    ...withFilters({ streamArn, ...(filterPatterns && { filterPatterns }) }, readFilters(input)),
    ...readShared(input, before),
    ...unlimited('maximumRetryAttempts', retries ?? maximumRetryAttempts),
    ...unlimited('maximumRecordAgeMs', ageSeconds === undefined ? maximumRecordAgeMs : ageSeconds * 1000),
    ...(windowMs > 0 && { tumblingWindowMs: windowMs }),
    ...((destination ?? onFailureArn) ? { onFailureArn: destination ?? onFailureArn ?? '' } : {}),
    parallelizationFactor: integer(input, 'ParallelizationFactor', 1, 10) ?? before.parallelizationFactor,
    bisectBatchOnFunctionError:
      flag(input, 'BisectBatchOnFunctionError') ?? before.bisectBatchOnFunctionError,
  };
}

interface Shared {
  readonly batchSize: number;
  readonly batchWindowMs: number;
  readonly enabled: boolean;
  readonly reportBatchItemFailures: boolean;
}

function readShared(input: JsonObject, before: Shared): Shared {
  const windowSeconds = integer(input, 'MaximumBatchingWindowInSeconds', 0, MAX_WINDOW_SECONDS);
  const types = textList(input, 'FunctionResponseTypes');
  const wrong = types?.find((type) => type !== 'ReportBatchItemFailures');
  if (wrong !== undefined)
    throw invalidParameter(`FunctionResponseTypes has '${wrong}'; it takes ReportBatchItemFailures`);
  return {
    batchSize: integer(input, 'BatchSize', 1, MAX_BATCH) ?? before.batchSize,
    batchWindowMs: windowSeconds === undefined ? before.batchWindowMs : windowSeconds * 1000,
    enabled: flag(input, 'Enabled') ?? before.enabled,
    reportBatchItemFailures: types ? types.length > 0 : before.reportBatchItemFailures,
  };
}

/** -1 and absent are no limit. */
function unlimited<N extends string>(name: N, value: number | undefined): { readonly [K in N]?: number } {
  return value === undefined || value < 0 ? {} : ({ [name]: value } as { [K in N]: number });
}

/** Empty = there are to be none; undefined = the request does not say. */
function readFilters(input: JsonObject): readonly string[] | undefined {
  const criteria = object(input, 'FilterCriteria');
  if (!criteria) return undefined;
  const filters = Array.isArray(criteria.Filters) ? criteria.Filters : [];
  if (filters.length > MAX_FILTERS)
    throw invalidParameter(`A mapping takes up to ${MAX_FILTERS} filters, found ${filters.length}`);
  const patterns = filters.map((filter) => (isObject(filter) ? text(filter, 'Pattern') : undefined) ?? '{}');
  try {
    compilePatterns(patterns);
  } catch (failure) {
    if (!(failure instanceof PatternError)) throw failure;
    throw invalidParameter(`Invalid filter pattern definition. (${messageOf(failure)})`);
  }
  return patterns;
}

function withFilters<S extends { readonly filterPatterns?: readonly string[] }>(
  source: S,
  patterns: readonly string[] | undefined,
): S {
  if (!patterns) return source;
  const { filterPatterns: _, ...others } = source;
  return (patterns.length === 0 ? others : { ...others, filterPatterns: patterns }) as S;
}

function readFailureDestination(input: JsonObject): string | undefined {
  const config = object(input, 'DestinationConfig');
  return config && (text(object(config, 'OnFailure') ?? {}, 'Destination') ?? '');
}
