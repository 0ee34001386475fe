import { afterAll, beforeAll, expect, test } from 'vitest';
import { lambda } from '../../../emulators/lambda/index.ts';
import { queueUrlToken } from '../../../src/model/project.ts';
import { http } from '../_wire/http.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeFunction, makeWorld, type World } from '../world.ts';

let world: World;
let running: RunningEndpoint;
beforeAll(async () => {
  world = makeWorld();
  world.functions = [
    makeFunction({ env: { TABLE: 'orders', QUEUE: queueUrlToken('jobs') }, reservedConcurrency: 3 }),
    makeFunction({ id: 'create', name: 'shop-dev-create' }),
  ];
  const emulator = await lambda.start(world.context);
  await emulator.apply(
    [],
    [
      {
        kind: 'queue',
        functionId: 'worker',
        queueArn: 'arn:aws:sqs:eu-west-1:000000000000:orders',
        batchSize: 5,
        batchWindowMs: 2000,
        reportBatchItemFailures: true,
        enabled: true,
      },
      {
        kind: 'table-stream',
        functionId: 'create',
        streamArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/x',
        batchSize: 100,
        batchWindowMs: 0,
        startingPosition: 'LATEST',
        parallelizationFactor: 2,
        maximumRetryAttempts: 3,
        bisectBatchOnFunctionError: true,
        reportBatchItemFailures: false,
        filterPatterns: ['{"eventName":["INSERT"]}'],
        enabled: false,
      },
    ],
  );
  running = await startTestEndpoint(() => (emulator.api ? [emulator.api] : []));
});
afterAll(async () => {
  await running.endpoint.close();
  await world.store.close();
});

const get = async (path: string) => (await http(running.url + path, { method: 'GET' })).json();

test('GetFunction describes the function and where its code is', async () => {
  expect(await get('/2015-03-31/functions/worker')).toMatchObject({
    Configuration: {
      FunctionName: 'shop-dev-worker',
      FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker',
      Runtime: 'nodejs22.x',
      Handler: 'worker.handler',
      Timeout: 6,
      MemorySize: 1024,
      Environment: {
        Variables: { TABLE: 'orders', QUEUE: `http://${new URL(running.url).host}/000000000000/jobs` },
      },
      State: 'Active',
    },
    Code: { Location: 'file:///srv/shop' },
    Concurrency: { ReservedConcurrentExecutions: 3 },
  });
});

test('GetFunctionConfiguration is that description alone', async () => {
  expect(await get('/2015-03-31/functions/worker/configuration')).toMatchObject({
    FunctionName: 'shop-dev-worker',
  });
});

test('ListFunctions lists by name and in pages', async () => {
  const first = await get('/2015-03-31/functions?MaxItems=1');
  expect(first).toMatchObject({
    Functions: [{ FunctionName: 'shop-dev-create' }],
    NextMarker: 'shop-dev-create',
  });
  const second = await get('/2015-03-31/functions/?MaxItems=1&Marker=shop-dev-create');
  expect(second).toMatchObject({ Functions: [{ FunctionName: 'shop-dev-worker' }] });
  expect(second.NextMarker).toBeUndefined();
});

test('GetAccountSettings counts the functions', async () => {
  expect(await get('/2016-08-19/account-settings')).toMatchObject({ AccountUsage: { FunctionCount: 2 } });
});

test('ListEventSourceMappings lists queue triggers, of one function when asked', async () => {
  expect(await get('/2015-03-31/event-source-mappings?FunctionName=worker')).toEqual({
    EventSourceMappings: [
      {
        UUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        BatchSize: 5,
        MaximumBatchingWindowInSeconds: 2,
        EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:orders',
        FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker',
        State: 'Enabled',
        StateTransitionReason: 'USER_INITIATED',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    ],
  });
  const none = await get('/2015-03-31/event-source-mappings/?FunctionName=worker&EventSourceArn=other');
  expect(none).toEqual({ EventSourceMappings: [] });
});

test('ListEventSourceMappings lists table triggers with the settings of streams', async () => {
  const source = encodeURIComponent('arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/x');
  expect(await get(`/2015-03-31/event-source-mappings/?EventSourceArn=${source}`)).toEqual({
    EventSourceMappings: [
      {
        UUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 0,
        EventSourceArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/x',
        FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-create',
        State: 'Disabled',
        StateTransitionReason: 'USER_INITIATED',
        FunctionResponseTypes: [],
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
        StartingPosition: 'LATEST',
        ParallelizationFactor: 2,
        MaximumRecordAgeInSeconds: -1,
        MaximumRetryAttempts: 3,
        BisectBatchOnFunctionError: true,
        TumblingWindowInSeconds: 0,
        DestinationConfig: { OnFailure: {} },
      },
    ],
  });
});
