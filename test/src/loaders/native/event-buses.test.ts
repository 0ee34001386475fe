import { expect, test } from 'vitest';
import { nativeLoader } from '../../../../src/loaders/native/loader.ts';
import { loadWith } from '../temporary-project.ts';

const load = (yaml: string) => loadWith(nativeLoader, { 'sls-local.config.yml': yaml });

test('buses with an archive and rules, and functions told of events', async () => {
  const { project, said } = await load(`name: shop
functions:
  worker:
    handler: a.b
    env: { BUS: '{{ eventBusName orders }}' }
    eventBus:
      - bus: orders
        pattern: { source: [shop] }
        inputTransformer: { paths: { id: $.id }, template: '{"id": <id>}' }
        maximumRetryAttempts: 3
        maximumEventAge: 10m
        deadLetterQueue: dead
      - { pattern: { source: [aws.s3] }, name: uploads, enabled: false, inputPath: $.detail }
queues: { dead: {} }
topics: { news: {} }
eventBuses:
  orders:
    archiveDays: 3
    rules:
      - { pattern: { detail: { total: [{ numeric: ['>', 5] }] } }, topic: news, input: { a: 1 } }
`);
  expect(said).toEqual([]);
  expect(project.functions[0]?.env).toEqual({ BUS: 'shop-dev-orders' });
  expect(project.triggers).toMatchObject([
    {
      ...{ kind: 'event-rule', functionId: 'worker', bus: 'shop-dev-orders', rule: 'shop-dev-worker-rule-1' },
      ...{ pattern: '{"source":["shop"]}', enabled: true },
      target: {
        id: 'function',
        settings: {
          InputTransformer: { InputPathsMap: { id: '$.id' }, InputTemplate: '{"id": <id>}' },
          RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 600 },
          DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-dead' },
        },
      },
    },
    { bus: 'default', rule: 'uploads', enabled: false, target: { settings: { InputPath: '$.detail' } } },
  ]);
  const busArn = 'arn:aws:events:us-east-1:000000000000:event-bus/shop-dev-orders';
  expect(project.resources.slice(2)).toMatchObject([
    { kind: 'event-bus', name: 'shop-dev-orders' },
    { kind: 'event-archive', name: 'shop-dev-orders-archive', busArn, retentionDays: 3 },
    {
      ...{ kind: 'event-rule', name: 'shop-dev-orders-rule-1', bus: 'shop-dev-orders', enabled: true },
      targets: [{ arn: 'arn:aws:sns:us-east-1:000000000000:shop-dev-news', settings: { Input: '{"a":1}' } }],
    },
  ]);
});

test('what cannot be is an error, and the rest of the project is there', async () => {
  const { project, said } = await load(`name: shop
functions:
  worker: { handler: a.b, eventBus: [{ bus: ordes, pattern: { source: [x] } }, { pattern: { source: x } }] }
eventBuses:
  orders: { rules: [{ pattern: { source: [x] } }] }
`);
  expect(project.triggers).toEqual([]);
  expect(project.functions).toHaveLength(1);
  expect(said.map((line) => line.replace(/:\d+ /, ' '))).toEqual([
    'error unknown-event-bus functions.worker.eventBus functions.worker.eventBus: there is no event bus "ordes" in this file',
    'error invalid-pattern functions.worker.eventBus functions.worker.eventBus: the pattern is none: "source" must be an object or an array',
    'error invalid-value eventBuses.orders.rules.0 eventBuses.orders.rules.0: expected one of queue and topic, found none',
  ]);
});
