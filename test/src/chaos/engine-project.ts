/** A project with settings the seed chooses, so that many seeds meet many combinations. */

import { roll, rollBetween } from '../../../src/chaos/seed.ts';
import type { EventRuleResource } from '../../../src/model/event-bus.ts';
import type { StreamTrigger, Trigger } from '../../../src/model/project.ts';
import type { PipeResource, Resource, StreamResource } from '../../../src/model/resources.ts';
import {
  makeTrigger as makeStreamTrigger,
  makeTable,
  STREAM_ARN,
} from '../../emulators/dynamodb/triggers/following.ts';
import { makeSubscriptionResource, makeTopicResource, TOPICS } from '../../emulators/sns/running-sns.ts';
import { ARN, makeQueueResource, makeTrigger } from '../../emulators/sqs/running-queue.ts';
import { makeFunction } from '../../emulators/world.ts';
import { reportsItems } from './engine-handler.ts';

export const SOURCES = ['queue', 'fifo', 'topic', 'table', 'stream', 'pipe', 'bus', 'async'] as const;
export type Source = (typeof SOURCES)[number];

const EVENTS = 'arn:aws:events:eu-west-1:000000000000:';
const LOG_GROUP = 'arn:aws:logs:eu-west-1:000000000000:log-group:/shop';
const STREAMS = 'arn:aws:kinesis:eu-west-1:000000000000:stream/';

export interface EngineProject {
  readonly resources: readonly Resource[];
  readonly triggers: readonly Trigger[];
  readonly functions: ReturnType<typeof makeFunction>[];
  readonly sources: readonly Source[];
  readonly hasTable: boolean;
  readonly hasStreams: boolean;
  readonly hasBus: boolean;
}

export function projectOf(seed: string, wanted: readonly Source[]): EngineProject {
  const pick = <T>(name: string, ...values: readonly T[]): T =>
    values[rollBetween(seed, name, 0, values.length - 1)] as T;
  // A table is a third of the work of a run, streams and their pipe are another.
  const hasTable = wanted.includes('table') && (wanted.length === 1 || roll(seed, 'table') < 0.3);
  const streamed: readonly Source[] = wanted.filter((source) => source === 'stream' || source === 'pipe');
  const hasStreams =
    streamed.length > 0 && (streamed.length === wanted.length || roll(seed, 'streams') < 0.2);
  const hasBus = wanted.includes('bus') && (wanted.length === 1 || roll(seed, 'bus') < 0.2);
  const redrive = (queueArn: string) => ({
    deadLetter: { queueArn, maxReceiveCount: pick(`receives ${queueArn}`, 1, 2, 3, 5) },
  });
  const queue = (name: string, more = {}) =>
    makeQueueResource({
      name,
      visibilityTimeoutMs: pick(`visibility ${name}`, 2000, 10_000, 30_000),
      contentBasedDeduplication: name.endsWith('.fifo'),
      ...more,
    });
  const mapping = (name: string) =>
    makeTrigger({
      functionId: `on-${name}`,
      queueArn: ARN + name,
      batchSize: pick(`batch ${name}`, 1, 2, 5, 10),
      batchWindowMs: pick(`window ${name}`, 0, 0, 1000, 5000),
      reportBatchItemFailures: reportsItems(seed, `on-${name}`),
      ...(roll(seed, `concurrency ${name}`) < 0.3 && { maximumConcurrency: 2 }),
    });
  const follows = makeStreamTrigger({
    functionId: 'follower',
    streamArn: STREAM_ARN,
    startingPosition: 'TRIM_HORIZON',
    batchSize: pick('batch table', 1, 3, 100),
    batchWindowMs: pick('window table', 0, 1000),
    parallelizationFactor: pick('factor', 1, 2, 4),
    bisectBatchOnFunctionError: pick('bisect', true, false),
    reportBatchItemFailures: reportsItems(seed, 'follower'),
    maximumRetryAttempts: pick('retries', 1, 3, 6),
    onFailureArn: `${ARN}given-up`,
  });
  const counts: StreamTrigger = {
    ...{ kind: 'stream', functionId: 'counter', streamArn: `${STREAMS}clicks`, enabled: true },
    ...{ startingPosition: 'LATEST', onFailureArn: `${ARN}given-up` },
    batchSize: pick('batch stream', 1, 3, 100),
    batchWindowMs: pick('window stream', 0, 1000),
    parallelizationFactor: pick('factor stream', 1, 1, 3),
    bisectBatchOnFunctionError: pick('bisect stream', true, false),
    reportBatchItemFailures: reportsItems(seed, 'counter'),
    maximumRetryAttempts: pick('retries stream', 0, 1, 3),
  };
  const piped: PipeResource = {
    ...{ kind: 'pipe', name: 'views' },
    settings: JSON.stringify({
      ...{ Source: `${STREAMS}views`, Target: makeFunction({ id: 'viewer', name: 'viewer' }).arn },
      RoleArn: 'arn:aws:iam::000000000000:role/r',
      SourceParameters: {
        KinesisStreamParameters: {
          ...{ StartingPosition: 'TRIM_HORIZON', MaximumRetryAttempts: pick('retries pipe', 0, 2, 5) },
          ...{ BatchSize: pick('batch pipe', 1, 5), ParallelizationFactor: pick('factor pipe', 1, 2) },
          DeadLetterConfig: { Arn: `${ARN}given-up` },
        },
      },
    }),
  };
  const stream = (name: string): StreamResource => ({
    ...{ kind: 'stream', name, mode: 'PROVISIONED', retentionHours: 24 },
    shardCount: pick(`shards ${name}`, 1, 2, 3),
  });
  const placed: EventRuleResource = {
    ...{ kind: 'event-rule', name: 'placed', bus: 'default', pattern: '{"source":["shop"]}', enabled: true },
    targets: [
      {
        ...{ id: 'inbox', arn: `${ARN}inbox` },
        settings: {
          InputPath: '$.detail.body',
          RetryPolicy: { MaximumRetryAttempts: pick('retries rule', 0, 1, 2, 5) },
          DeadLetterConfig: { Arn: `${ARN}given-up` },
        },
      },
      {
        ...{ id: 'hook', arn: `${EVENTS}api-destination/hook/1` },
        settings: {
          InputPath: '$.detail.body',
          RetryPolicy: { MaximumRetryAttempts: pick('retries hook', 0, 1, 3, 6) },
          DeadLetterConfig: { Arn: `${ARN}given-up` },
        },
      },
      { id: 'log', arn: LOG_GROUP, settings: { DeadLetterConfig: { Arn: `${ARN}given-up` } } },
    ],
  };
  const hook: readonly Resource[] = [
    {
      ...{ kind: 'event-connection', name: 'shop', arn: `${EVENTS}connection/shop/1` },
      ...{
        authorizationType: 'API_KEY',
        authParameters: { ApiKeyAuthParameters: { ApiKeyName: 'k', ApiKeyValue: 'v' } },
      },
    },
    {
      ...{ kind: 'api-destination', name: 'hook', arn: `${EVENTS}api-destination/hook/1` },
      ...{ connectionArn: `${EVENTS}connection/shop/1`, url: 'https://hook.example/', method: 'POST' },
    },
  ];
  const names = ['work', 'steps.fifo', 'inbox'];
  return {
    ...{ hasTable, hasStreams, hasBus },
    sources: wanted
      .filter((source) => source !== 'table' || hasTable)
      .filter((source) => !streamed.includes(source) || hasStreams)
      .filter((source) => source !== 'bus' || hasBus),
    resources: [
      ...['work-dead', 'inbox-dead', 'given-up'].map((name) => queue(name)),
      queue('steps-dead.fifo'),
      queue('work', redrive(`${ARN}work-dead`)),
      queue('steps.fifo', { fifo: true, ...redrive(`${ARN}steps-dead.fifo`) }),
      queue('inbox', redrive(`${ARN}inbox-dead`)),
      makeTopicResource({ name: 'news' }),
      makeSubscriptionResource({
        topicArn: `${TOPICS}news`,
        endpoint: `${ARN}inbox`,
        attributes: { RawMessageDelivery: 'true' },
      }),
      ...(hasTable ? [makeTable()] : []),
      ...(hasBus ? [...hook, placed] : []),
      ...(hasStreams ? [stream('clicks'), stream('views'), piped] : []),
    ],
    triggers: [...names.map(mapping), ...(hasStreams ? [counts] : []), ...(hasTable ? [follows] : [])],
    functions: [
      ...names.map((name) => makeFunction({ id: `on-${name}`, name: `on-${name}`, timeoutMs: 1000 })),
      makeFunction({ id: 'follower', name: 'follower' }),
      makeFunction({ id: 'counter', name: 'counter' }),
      makeFunction({ id: 'viewer', name: 'viewer' }),
      makeFunction({ id: 'job', name: 'job', asyncEvents: { onFailureArn: `${ARN}given-up` } }),
    ],
  };
}
