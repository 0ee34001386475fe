/** Lowers the tables, queues, buckets and streams of a `sls-local.config`. */

import type {
  AttributeType,
  BucketResource,
  IndexSpec,
  KeySchema,
  QueueResource,
  StreamResource,
  TableResource,
} from '../../model/resources.ts';
import { keyOfNames, namesOf } from '../../std/key-names.ts';
import { bucketDocuments } from '../cloudformation/bucket-documents.ts';
import { queueDefaults } from '../cloudformation/queues.ts';
import type {
  BucketConfig,
  CorsConfig,
  IndexKeyConfig,
  KeyConfig,
  QueueConfig,
  StreamConfig,
  TableConfig,
} from './config.ts';
import { parseDuration } from './duration.ts';

export function lowerTable(name: string, table: TableConfig): Omit<TableResource, 'place'> {
  const key = keyOf(table.key);
  const indexes = Object.entries(table.indexes ?? {}).map(([indexName, index]) => ({
    local: index.local === true,
    spec: { name: indexName, key: indexKeyOf(index.key), projection: projectionOf(index.projection) },
  }));
  const global = indexes.filter((index) => !index.local).map((index) => index.spec);
  const local = indexes.filter((index) => index.local).map((index) => index.spec);
  return {
    kind: 'table',
    name,
    attributes: attributesOf(table, [key, ...indexes.map((index) => index.spec.key)]),
    key,
    globalIndexes: global,
    localIndexes: local,
    billingMode: 'PAY_PER_REQUEST',
    ...(table.ttl === undefined ? {} : { ttlAttribute: table.ttl }),
    ...(table.stream ? { streamView: table.stream === true ? 'NEW_AND_OLD_IMAGES' : table.stream } : {}),
    ...(table.deletionProtection ? { deletionProtection: true } : {}),
    ...(table.tags && Object.keys(table.tags).length > 0 ? { tags: table.tags } : {}),
  };
}

function keyOf(key: KeyConfig): KeySchema {
  return typeof key === 'string' ? { hash: key } : key;
}

function indexKeyOf(key: IndexKeyConfig): KeySchema {
  const { hash, range = [] }: Exclude<IndexKeyConfig, string> = typeof key === 'string' ? { hash: key } : key;
  return keyOfNames([hash].flat(), [range].flat()) ?? { hash: '' };
}

function projectionOf(projection: 'ALL' | 'KEYS_ONLY' | readonly string[] = 'ALL'): IndexSpec['projection'] {
  return typeof projection === 'string'
    ? { type: projection, nonKeyAttributes: [] }
    : { type: 'INCLUDE', nonKeyAttributes: projection };
}

/** Only key attributes have a type; a text where nothing is said. */
function attributesOf(table: TableConfig, keys: readonly KeySchema[]): Record<string, AttributeType> {
  const names = keys.flatMap(namesOf);
  return Object.fromEntries(names.map((name) => [name, table.attributes?.[name] ?? 'S']));
}

/** `arnOf` takes the key of another queue and gives undefined where there is none. */
export function lowerQueue(
  name: string,
  arn: string,
  queue: QueueConfig,
  arnOf: (key: string) => string | undefined,
): Omit<QueueResource, 'place'> {
  const deadLetterArn = queue.deadLetter && arnOf(queue.deadLetter.queue);
  return {
    kind: 'queue',
    name,
    arn,
    fifo: name.endsWith('.fifo'),
    contentBasedDeduplication: queue.contentBasedDeduplication ?? false,
    visibilityTimeoutMs:
      ms(queue.visibilityTimeoutMs, queue.visibilityTimeout) ?? queueDefaults.visibilityTimeoutMs,
    delayMs: ms(queue.delayMs, queue.delay) ?? queueDefaults.delayMs,
    retentionMs: ms(queue.retentionMs, queue.retention) ?? queueDefaults.retentionMs,
    receiveWaitMs: ms(queue.receiveWaitMs, queue.receiveWait) ?? queueDefaults.receiveWaitMs,
    maximumMessageBytes: queue.maximumMessageBytes ?? queueDefaults.maximumMessageBytes,
    ...(queue.deadLetter && deadLetterArn !== undefined
      ? { deadLetter: { queueArn: deadLetterArn, maxReceiveCount: queue.deadLetter.maxReceiveCount } }
      : {}),
  };
}

export function lowerBucket(name: string, bucket: BucketConfig): Omit<BucketResource, 'place'> {
  const cors = bucket.cors === true ? {} : bucket.cors || undefined;
  return {
    kind: 'bucket',
    name,
    ...(bucket.versioning ? { versioning: 'Enabled' } : {}),
    configurations: bucketDocuments({
      ...(cors && { CorsConfiguration: { CorsRules: [corsRule(cors)] } }),
      ...(bucket.expireAfterDays !== undefined && {
        LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: bucket.expireAfterDays }] },
      }),
    }),
    notifications: [],
  };
}

const HOUR_MS = 3_600_000;
const LEAST_HOURS = 24;

export function lowerStream(
  name: string,
  { shards = 1, retention }: StreamConfig,
): Omit<StreamResource, 'place'> {
  const hours = Math.round((ms(undefined, retention) ?? 0) / HOUR_MS);
  return {
    kind: 'stream',
    name,
    mode: shards === 'on-demand' ? 'ON_DEMAND' : 'PROVISIONED',
    shardCount: shards === 'on-demand' ? 1 : shards,
    retentionHours: Math.max(LEAST_HOURS, hours),
  };
}

function corsRule({ allowOrigins, allowMethods, allowHeaders, exposeHeaders, maxAgeSeconds }: CorsConfig) {
  return {
    AllowedOrigins: allowOrigins ?? ['*'],
    AllowedMethods: allowMethods ?? ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
    AllowedHeaders: allowHeaders ?? ['*'],
    ExposedHeaders: exposeHeaders ?? ['ETag'],
    MaxAge: maxAgeSeconds ?? 3600,
  };
}

/** A setting given in milliseconds or as a duration; the number wins. */
export function ms(exact: number | undefined, text: string | undefined): number | undefined {
  return exact ?? (text === undefined ? undefined : parseDuration(text));
}
