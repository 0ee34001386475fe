/** Lowers what runs a function of a `sls-local.config`: routes, queues, tables, buckets, schedules, its own URL. */

import type { ApiKey, RouteAuthorizer } from '../../model/authorizers.ts';
import type { Cors, HttpMethod, Place, StreamDelivery, Trigger } from '../../model/project.ts';
import { makeTopicTrigger } from '../subscriptions.ts';
import { bucketArn } from './async-events.ts';
import type {
  BucketSourceConfig,
  CorsConfig,
  DetailedRouteConfig,
  EventBusSourceConfig,
  FilterPattern,
  FunctionConfig,
  KinesisSourceConfig,
  QueueSourceConfig,
  ScheduleConfig,
  StreamDeliveryConfig,
  StreamFailureConfig,
  StreamSourceConfig,
  TopicSourceConfig,
} from './config.ts';
import { ms } from './resources.ts';
import { filterAttributes } from './topics.ts';

export interface TriggerNames {
  readonly functionId: string;
  readonly functionName: string;
  readonly stage: string;
  readonly cors: boolean | CorsConfig | undefined;
  /** Place of a key of the function. */
  place(key: string): Place;
  /** ARN of a declared queue, named at that key of the function; reports and gives undefined where there is none. */
  queueArn(key: string, at: readonly string[]): string | undefined;
  /** ARN of a declared topic; reports and gives undefined where there is none. */
  topicArn(key: string, at: readonly string[]): string | undefined;
  /** ARN of a declared table's stream; reports and gives undefined where there is none. */
  streamArn(key: string): string | undefined;
  /** ARN of a declared Kinesis stream; reports and gives undefined where there is none. */
  kinesisArn(key: string): string | undefined;
  /** Name of a declared bucket; reports and gives undefined where there is none. */
  bucketName(key: string, at?: readonly string[]): string | undefined;
  /** Who a route's `authorizer` is; reports what is not declared. */
  authorizer(written: DetailedRouteConfig['authorizer'], api: 'http' | 'rest'): RouteAuthorizer | undefined;
  /** Of the project. */
  readonly apiKeys: readonly ApiKey[];
  /** Whether it can run; reports why not. */
  isExpression(expression: string, timezone: string): boolean;
  eventRules(sources: readonly EventBusSourceConfig[]): Trigger[];
  /** The patterns as JSON texts, undefined without any, `flawed` when the cloud would refuse them, which is reported. */
  filters(
    patterns: readonly FilterPattern[] | undefined,
    at: 'queue' | 'stream' | 'kinesis',
  ): readonly string[] | undefined | 'flawed';
}

/** API Gateway's own limits: 29 s for a REST API, 30 s for an HTTP API. */
const REST_TIMEOUT_MS = 29_000;
const HTTP_TIMEOUT_MS = 30_000;

export function lowerTriggers(fn: FunctionConfig, names: TriggerNames): Trigger[] {
  return [
    ...many(fn.http).map((route) => lowerRoute(route, names)),
    ...lowerUrl(fn.url, names),
    ...many(fn.queue).flatMap((source) => lowerSource(source, names)),
    ...many(fn.topic).flatMap((source) => lowerTopic(source, names)),
    ...many(fn.stream).flatMap((source) => lowerStream(source, names)),
    ...many(fn.kinesis).flatMap((source) => lowerKinesis(source, names)),
    ...many(fn.bucket).flatMap((source) => lowerBucketSource(source, names)),
    ...names.eventRules(many(fn.eventBus)),
    ...many(fn.schedule).flatMap((schedule, index) => lowerSchedule(schedule, index, names)),
  ];
}

function lowerRoute(written: string | DetailedRouteConfig, names: TriggerNames): Trigger {
  const route = typeof written === 'string' ? { route: written } : written;
  const cors = corsOf(route.cors ?? names.cors);
  const authorizer = names.authorizer(route.authorizer, route.api ?? 'http');
  const shared = {
    functionId: names.functionId,
    ...methodAndPath(route.route),
    ...(cors ? { cors } : {}),
    ...(authorizer ? { authorizer } : {}),
    place: names.place('http'),
  };
  if (route.api === 'rest')
    return {
      kind: 'rest-api',
      ...shared,
      stage: names.stage,
      timeoutMs: REST_TIMEOUT_MS,
      binaryMediaTypes: [],
      ...(route.apiKey ? { apiKeys: names.apiKeys } : {}),
    };
  return { kind: 'http-api', ...shared, payloadFormat: route.payload ?? '2.0', timeoutMs: HTTP_TIMEOUT_MS };
}

function methodAndPath(route: string): { method: HttpMethod; path: string } {
  const [method = '', path] = route.split(' ');
  return path === undefined ? { method: 'ANY', path: '$default' } : { method: method as HttpMethod, path };
}

function lowerUrl(url: FunctionConfig['url'], names: TriggerNames): Trigger[] {
  if (!url) return [];
  const cors = typeof url === 'object' ? corsOf(url.cors) : undefined;
  return [
    {
      kind: 'function-url',
      functionId: names.functionId,
      ...(typeof url === 'object' && url.stream ? { streams: true } : {}),
      ...(cors ? { cors } : {}),
      ...(typeof url === 'object' && url.authorizer === 'iam' ? { authorizer: { kind: 'iam' } } : {}),
      place: names.place('url'),
    },
  ];
}

function lowerSource(written: string | QueueSourceConfig, names: TriggerNames): Trigger[] {
  const source = typeof written === 'string' ? { queue: written } : written;
  const queueArn = names.queueArn(source.queue, ['queue']);
  const filterPatterns = names.filters(source.filterPatterns, 'queue');
  if (queueArn === undefined || filterPatterns === 'flawed') return [];
  return [
    {
      kind: 'queue',
      functionId: names.functionId,
      queueArn,
      batchSize: source.batchSize ?? 10,
      batchWindowMs: ms(source.batchWindowMs, source.batchWindow) ?? 0,
      reportBatchItemFailures: source.reportBatchItemFailures ?? false,
      ...(source.maximumConcurrency === undefined ? {} : { maximumConcurrency: source.maximumConcurrency }),
      ...(filterPatterns === undefined ? {} : { filterPatterns }),
      enabled: source.enabled ?? true,
      place: names.place('queue'),
    },
  ];
}

function lowerTopic(written: string | TopicSourceConfig, names: TriggerNames): Trigger[] {
  const source = typeof written === 'string' ? { topic: written } : written;
  const topicArn = names.topicArn(source.topic, ['topic']);
  if (topicArn === undefined) return [];
  const attributes = filterAttributes(source, (key) => names.queueArn(key, ['topic', 'deadLetterQueue']));
  return [{ ...makeTopicTrigger(names.functionId, topicArn, attributes), place: names.place('topic') }];
}

function lowerStream(written: string | StreamSourceConfig, names: TriggerNames): Trigger[] {
  const source = typeof written === 'string' ? { table: written } : written;
  const streamArn = names.streamArn(source.table);
  const filterPatterns = names.filters(source.filterPatterns, 'stream');
  if (streamArn === undefined || filterPatterns === 'flawed') return [];
  const delivery = deliveryOf(source, streamArn, filterPatterns, 'stream', names);
  return [{ kind: 'table-stream', startingPosition: source.startingPosition ?? 'LATEST', ...delivery }];
}

function lowerKinesis(written: string | KinesisSourceConfig, names: TriggerNames): Trigger[] {
  const source = typeof written === 'string' ? { stream: written } : written;
  const streamArn = names.kinesisArn(source.stream);
  const filterPatterns = names.filters(source.filterPatterns, 'kinesis');
  if (streamArn === undefined || filterPatterns === 'flawed') return [];
  const delivery = deliveryOf(source, streamArn, filterPatterns, 'kinesis', names);
  return [{ kind: 'stream', startingPosition: source.startingPosition ?? 'LATEST', ...delivery }];
}

function deliveryOf(
  source: StreamDeliveryConfig,
  streamArn: string,
  filterPatterns: readonly string[] | undefined,
  key: 'stream' | 'kinesis',
  names: TriggerNames,
): StreamDelivery {
  const { maximumRetryAttempts, onFailure } = source;
  const maximumRecordAgeMs = ms(source.maximumRecordAgeMs, source.maximumRecordAge);
  const tumblingWindowMs = ms(undefined, source.tumblingWindow);
  const onFailureArn = onFailure === undefined ? undefined : failureArn(onFailure, [key, 'onFailure'], names);
  return {
    functionId: names.functionId,
    streamArn,
    batchSize: source.batchSize ?? 100,
    batchWindowMs: ms(source.batchWindowMs, source.batchWindow) ?? 0,
    parallelizationFactor: source.parallelizationFactor ?? 1,
    ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
    ...(maximumRecordAgeMs === undefined ? {} : { maximumRecordAgeMs }),
    bisectBatchOnFunctionError: source.bisectBatchOnFunctionError ?? false,
    reportBatchItemFailures: source.reportBatchItemFailures ?? false,
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
    ...(filterPatterns === undefined ? {} : { filterPatterns }),
    ...(tumblingWindowMs ? { tumblingWindowMs } : {}),
    enabled: source.enabled ?? true,
    place: names.place(key),
  };
}

function failureArn(
  told: StreamFailureConfig,
  at: readonly string[],
  names: TriggerNames,
): string | undefined {
  if (typeof told === 'string') return names.queueArn(told, at);
  if ('queue' in told) return names.queueArn(told.queue, [...at, 'queue']);
  return 'topic' in told
    ? names.topicArn(told.topic, [...at, 'topic'])
    : bucketArn(names.bucketName(told.bucket, [...at, 'bucket']));
}

function lowerBucketSource(written: string | BucketSourceConfig, names: TriggerNames): Trigger[] {
  const {
    bucket: key,
    events = 's3:ObjectCreated:*',
    ...filter
  }: BucketSourceConfig = typeof written === 'string' ? { bucket: written } : written;
  const bucket = names.bucketName(key);
  if (bucket === undefined) return [];
  const { functionId } = names;
  return [
    { kind: 'bucket', functionId, bucket, events: many(events), ...filter, place: names.place('bucket') },
  ];
}

function lowerSchedule(written: string | ScheduleConfig, index: number, names: TriggerNames): Trigger[] {
  const schedule: ScheduleConfig = typeof written === 'string' ? { expression: written } : written;
  const timezone = schedule.timezone ?? 'UTC';
  if (!names.isExpression(schedule.expression, timezone)) return [];
  const usual = `${names.functionName}-schedule${index === 0 ? '' : `-${index + 1}`}`;
  return [
    {
      kind: 'schedule',
      functionId: names.functionId,
      name: schedule.name ?? usual,
      expression: schedule.expression,
      timezone,
      ...(schedule.input === undefined ? {} : { input: JSON.stringify(schedule.input) }),
      enabled: schedule.enabled ?? true,
      place: names.place('schedule'),
    },
  ];
}

function corsOf(cors: boolean | CorsConfig | undefined): Cors | undefined {
  if (!cors) return undefined;
  const given = cors === true ? {} : cors;
  return {
    allowOrigins: given.allowOrigins ?? ['*'],
    allowMethods: given.allowMethods ?? ['*'],
    allowHeaders: given.allowHeaders ?? ['*'],
    exposeHeaders: given.exposeHeaders ?? [],
    allowCredentials: given.allowCredentials ?? false,
    ...(given.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: given.maxAgeSeconds }),
  };
}

function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
