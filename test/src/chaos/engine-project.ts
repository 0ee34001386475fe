/** A project with settings the seed chooses, so that many seeds meet many combinations. */
import { roll, rollBetween } from '../../../src/chaos/seed.ts';
import type { Resource, Trigger } from '../../../src/model/project.ts';
import {
  makeTrigger as makeStreamTrigger,
  makeTable,
  STREAM_ARN,
} from '../../emulators/dynamodb/triggers/following.ts';
import { makeSubscriptionResource, makeTopicResource, TOPICS } from '../../emulators/sns/running-sns.ts';
import { ARN, makeQueueResource, makeTrigger } from '../../emulators/sqs/running-queue.ts';
import { makeFunction } from '../../emulators/world.ts';
import { reportsItems } from './engine-handler.ts';

export type Source = 'queue' | 'fifo' | 'topic' | 'table' | 'async';
export const SOURCES: readonly Source[] = ['queue', 'fifo', 'topic', 'table', 'async'];

export interface EngineProject {
  readonly resources: readonly Resource[];
  readonly triggers: readonly Trigger[];
  readonly functions: ReturnType<typeof makeFunction>[];
  readonly sources: readonly Source[];
  readonly hasTable: boolean;
}

export function projectOf(seed: string, wanted: readonly Source[]): EngineProject {
  const pick = <T>(name: string, ...values: readonly T[]): T =>
    values[rollBetween(seed, name, 0, values.length - 1)] as T;
  // A table is a third of the work of a run.
  const hasTable = wanted.includes('table') && (wanted.length === 1 || roll(seed, 'table') < 0.3);
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
  const names = ['work', 'steps.fifo', 'inbox'];
  return {
    hasTable,
    sources: wanted.filter((source) => source !== 'table' || hasTable),
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
    ],
    triggers: [...names.map(mapping), ...(hasTable ? [follows] : [])],
    functions: [
      ...names.map((name) => makeFunction({ id: `on-${name}`, name: `on-${name}`, timeoutMs: 1000 })),
      makeFunction({ id: 'follower', name: 'follower' }),
      makeFunction({ id: 'job', name: 'job', asyncEvents: { onFailureArn: `${ARN}given-up` } }),
    ],
  };
}
