import { expect, test } from 'vitest';
import { nativeLoader } from '../../../../src/loaders/native/loader.ts';
import { loadWith } from '../temporary-project.ts';

const load = (more: string, rest = '') =>
  loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop\nfunctions:\n  fn:\n    handler: src/fn.handler\n${more}${rest}`,
  });

const streamArn =
  'arn:aws:dynamodb:us-east-1:000000000000:table/shop-dev-orders/stream/2026-01-01T00:00:00.000';
const defaults = {
  kind: 'table-stream',
  functionId: 'fn',
  streamArn,
  batchSize: 100,
  batchWindowMs: 0,
  startingPosition: 'LATEST',
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
  enabled: true,
};

test('a table’s key is enough, and gives the table a stream', async () => {
  const { project, said } = await load(
    '    stream: orders\n',
    'tables: { orders: { key: id }, others: { key: id } }\n',
  );
  expect(said).toEqual([]);
  expect(project.triggers).toEqual([{ ...defaults, place: expect.objectContaining({ line: 5 }) }]);
  expect(project.resources).toMatchObject([
    { name: 'shop-dev-orders', streamView: 'NEW_AND_OLD_IMAGES' },
    {},
  ]);
  expect(project.resources[1]).not.toHaveProperty('streamView');
});

test('a map says everything else, and the table’s own view wins', async () => {
  const { project, said } = await load(
    `    stream:
      - table: orders
        batchSize: 5
        batchWindow: 2s
        startingPosition: TRIM_HORIZON
        parallelizationFactor: 2
        maximumRetryAttempts: 3
        maximumRecordAge: 5m
        bisectBatchOnFunctionError: true
        reportBatchItemFailures: true
        onFailure: failed
        filterPatterns: [{ eventName: [INSERT] }]
        enabled: false
`,
    'tables: { orders: { key: id, stream: KEYS_ONLY } }\nqueues: { failed: }\n',
  );
  expect(said).toEqual([]);
  expect(project.triggers).toMatchObject([
    {
      ...defaults,
      batchSize: 5,
      batchWindowMs: 2000,
      startingPosition: 'TRIM_HORIZON',
      parallelizationFactor: 2,
      maximumRetryAttempts: 3,
      maximumRecordAgeMs: 300_000,
      bisectBatchOnFunctionError: true,
      reportBatchItemFailures: true,
      onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-failed',
      filterPatterns: ['{"eventName":["INSERT"]}'],
      enabled: false,
    },
  ]);
  expect(project.resources).toMatchObject([{ streamView: 'KEYS_ONLY' }, {}]);
});

test('a table that is not there, and settings that are wrong, leave the trigger out and the function in', async () => {
  const { project, said } = await load(
    '    stream: [order, { table: orders, batchSize: 0 }, { table: orders, filterPatterns: [{ eventName: INSERT }] }]\n',
    'tables: { orders: { key: id } }\n',
  );
  expect(project.functions).toHaveLength(1);
  expect(project.triggers).toEqual([]);
  expect(said).toEqual([
    'error invalid-value functions.fn.stream[1].batchSize:5 functions.fn.stream[1].batchSize: expected a number from 1 to 10000, found 0',
    'error unknown-table functions.fn.stream:5 functions.fn.stream: there is no table "order" in this file',
    'error invalid-filter functions.fn.stream:5 functions.fn.stream: the filter {"eventName":"INSERT"} is none: "eventName" is "INSERT": expected a list of values, or a map of fields',
  ]);
});

test('filters of a queue are kept with its trigger', async () => {
  const { project, said } = await load(
    '    queue: { queue: jobs, filterPatterns: [{ body: { kind: [a] } }] }\n',
    'queues: { jobs: }\n',
  );
  expect(said).toEqual([]);
  expect(project.triggers).toMatchObject([{ kind: 'queue', filterPatterns: ['{"body":{"kind":["a"]}}'] }]);
});

test('Kinesis streams, what follows them, and their names in the environment', async () => {
  const { project, said } = await load(
    `    kinesis: [clicks, { stream: clicks, batchSize: 5, startingPosition: TRIM_HORIZON, tumblingWindow: 1m, filterPatterns: [{ data: { kind: [a] } }] }]
    env: { STREAM: '{{ streamName clicks }}', ARN: '{{ streamArn clicks }}' }
`,
    'streams: { clicks: { shards: 2, retention: 48h }, free: { shards: on-demand, name: free } }\n',
  );
  expect(said).toEqual([]);
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/shop-dev-clicks';
  const shared = { ...defaults, kind: 'stream', streamArn: arn, place: expect.objectContaining({ line: 5 }) };
  expect(project.triggers).toEqual([
    shared,
    {
      ...shared,
      ...{ batchSize: 5, startingPosition: 'TRIM_HORIZON', tumblingWindowMs: 60_000 },
      filterPatterns: ['{"data":{"kind":["a"]}}'],
    },
  ]);
  expect(project.resources).toMatchObject([
    { kind: 'stream', name: 'shop-dev-clicks', mode: 'PROVISIONED', shardCount: 2, retentionHours: 48 },
    { kind: 'stream', name: 'free', mode: 'ON_DEMAND', retentionHours: 24 },
  ]);
  expect(project.functions[0]?.env).toMatchObject({ STREAM: 'shop-dev-clicks', ARN: arn });
  const unknown = await load('    kinesis: clicks\n');
  expect(unknown.said.join()).toContain('there is no stream "clicks" in this file');
});

test.each([
  ['{ queue: failed }', 'arn:aws:sqs:us-east-1:000000000000:shop-dev-failed'],
  ['{ topic: news }', 'arn:aws:sns:us-east-1:000000000000:shop-dev-news'],
  ['{ bucket: kept }', 'arn:aws:s3:::shop-dev-kept'],
])('what is given up goes to %s', async (onFailure, onFailureArn) => {
  const { project, said } = await load(
    `    stream: { table: orders, onFailure: ${onFailure} }\n`,
    'tables: { orders: { key: id } }\nqueues: { failed: }\ntopics: { news: }\nbuckets: { kept: {} }\n',
  );
  expect(said).toEqual([]);
  expect(project.triggers).toMatchObject([{ onFailureArn }]);
});
