import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { QueueTrigger } from '../../../src/model/project.ts';
import { creation, type Deploying, FUNCTIONS, startDeploying } from './deploying.ts';

const MAPPINGS = '/2015-03-31/event-source-mappings';
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:jobs';
const FIFO = `${QUEUE}.fifo`;
const STREAM = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';
const KINESIS = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

const OWN: QueueTrigger = {
  kind: 'queue',
  functionId: 'worker',
  queueArn: `${QUEUE}-own`,
  batchSize: 5,
  batchWindowMs: 0,
  reportBatchItemFailures: false,
  enabled: true,
};

async function withSources(): Promise<Deploying> {
  const deploying = await startDeploying([OWN]);
  for (const arn of [QUEUE, FIFO, STREAM, KINESIS]) deploying.world.peers.add(arn);
  await deploying.call('POST', FUNCTIONS, creation('made', { Publish: true }));
  return deploying;
}

const queue = (more: JsonObject = {}) => ({ FunctionName: 'made', EventSourceArn: QUEUE, ...more });
const stream = (more: JsonObject = {}) => ({
  ...{ FunctionName: 'made', EventSourceArn: STREAM, StartingPosition: 'TRIM_HORIZON' },
  ...more,
});

const kinesis = (more: JsonObject = {}) => stream({ EventSourceArn: KINESIS, ...more });

test('a Kinesis mapping is a trigger of the session, with its window and where it begins', async () => {
  const { call, project } = await withSources();
  const begin = { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1.5 };
  const { status, body } = await call('POST', MAPPINGS, kinesis({ ...begin, TumblingWindowInSeconds: 30 }));
  expect(status).toBe(202);
  expect(body).toMatchObject({ ...begin, TumblingWindowInSeconds: 30, BatchSize: 100 });
  expect(project().triggers[1]).toMatchObject({
    ...{ kind: 'stream', functionId: 'made', startingTimestampMs: 1500, tumblingWindowMs: 30_000 },
  });
  await call('PUT', `${MAPPINGS}/${body.UUID}`, { TumblingWindowInSeconds: 0, ParallelizationFactor: 3 });
  expect(project().triggers[1]).toMatchObject({ startingTimestampMs: 1500, parallelizationFactor: 3 });
  expect(project().triggers[1]).not.toHaveProperty('tumblingWindowMs');
});

test('a queue mapping is a trigger of the session with all it was given', async () => {
  const { call, project } = await withSources();
  const { status, body } = await call(
    'POST',
    MAPPINGS,
    queue({
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 3,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
    }),
  );
  expect(status).toBe(202);
  expect(project().triggers[1]).toEqual({
    kind: 'queue',
    functionId: 'made',
    mappingId: body.UUID,
    queueArn: QUEUE,
    batchSize: 50,
    batchWindowMs: 3000,
    reportBatchItemFailures: true,
    maximumConcurrency: 4,
    filterPatterns: ['{"body":{"a":[1]}}'],
    enabled: true,
  });
  const change = { FilterCriteria: {}, ScalingConfig: {}, FunctionResponseTypes: [] };
  await call('PUT', `${MAPPINGS}/${body.UUID}`, change);
  expect(project().triggers[1]).toEqual({
    ...{ kind: 'queue', functionId: 'made', mappingId: body.UUID, queueArn: QUEUE },
    ...{ batchSize: 50, batchWindowMs: 3000, reportBatchItemFailures: false, enabled: true },
  });
});

test('a stream mapping has the limits it was given; -1 is no limit', async () => {
  const { call, project } = await withSources();
  const { body } = await call(
    'POST',
    `${MAPPINGS}/`,
    stream({ MaximumRetryAttempts: 2, MaximumRecordAgeInSeconds: 60, ParallelizationFactor: 3 }),
  );
  expect(body).toMatchObject({ MaximumRetryAttempts: 2, BatchSize: 100, StartingPosition: 'TRIM_HORIZON' });
  expect(project().triggers[1]).toMatchObject({ maximumRetryAttempts: 2, maximumRecordAgeMs: 60_000 });
  const path = `${MAPPINGS}/${body.UUID}`;
  const updated = await call('PUT', path, {
    ...{ MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1, BisectBatchOnFunctionError: true },
    DestinationConfig: { OnFailure: { Destination: QUEUE } },
  });
  expect(updated.body).toMatchObject({
    ...{ MaximumRetryAttempts: -1, ParallelizationFactor: 3, BisectBatchOnFunctionError: true },
    DestinationConfig: { OnFailure: { Destination: QUEUE } },
  });
  expect(project().triggers[1]).not.toHaveProperty('maximumRetryAttempts');
});

const invalid = 'InvalidParameterValueException';
test.each<[string, JsonObject, string, string]>([
  ['no function', { EventSourceArn: QUEUE }, 'ValidationException', "'functionName'"],
  ['an unknown function', queue({ FunctionName: 'x' }), 'ResourceNotFoundException', 'function:x'],
  ['an unknown version', queue({ FunctionName: 'made:9' }), 'ResourceNotFoundException', 'made:9'],
  ['no source', { FunctionName: 'made' }, invalid, 'Unrecognized event source'],
  ['another source', queue({ EventSourceArn: 'arn:aws:s3:::b' }), invalid, 'arn:aws:s3:::b'],
  ['Kafka', queue({ EventSourceArn: 'arn:aws:kafka:x:1:cluster/s' }), 'NotEmulated', 'kafka'],
  [
    'no time to begin at',
    kinesis({ StartingPosition: 'AT_TIMESTAMP' }),
    invalid,
    'StartingPositionTimestamp',
  ],
  ['a queue that is not there', queue({ EventSourceArn: `${QUEUE}2` }), invalid, 'NonExistentQueue'],
  ['a batch of none', queue({ BatchSize: 0 }), 'ValidationException', 'greater than or equal to 1'],
  ['a big batch without a window', queue({ BatchSize: 11 }), invalid, 'Maximum batch window'],
  ['a big batch of a FIFO queue', queue({ EventSourceArn: FIFO, BatchSize: 11 }), invalid, 'FIFO'],
  [
    'a window of a FIFO queue',
    queue({ EventSourceArn: FIFO, MaximumBatchingWindowInSeconds: 1 }),
    invalid,
    'FIFO',
  ],
  ['a position in a queue', queue({ StartingPosition: 'LATEST' }), invalid, 'StartingPosition'],
  ['a wrong filter', queue({ FilterCriteria: { Filters: [{ Pattern: '{' }] } }), invalid, 'filter pattern'],
  ['a concurrency of one', queue({ ScalingConfig: { MaximumConcurrency: 1 } }), 'ValidationException', '2'],
  ['another response type', queue({ FunctionResponseTypes: ['x'] }), invalid, "'x'"],
  ['no position', stream({ StartingPosition: null }), 'ValidationException', 'startingPosition'],
  ['a point in time', stream({ StartingPosition: 'AT_TIMESTAMP' }), invalid, 'AT_TIMESTAMP'],
  ['a short age', stream({ MaximumRecordAgeInSeconds: 5 }), invalid, '60'],
  ['a long tumbling window', stream({ TumblingWindowInSeconds: 901 }), 'ValidationException', '900'],
])('%s is refused and nothing is made', async (_, input, code, message) => {
  const { call, project } = await withSources();
  const answer = await call('POST', MAPPINGS, input);
  expect(answer).toMatchObject({ code, body: { message: expect.stringContaining(message) } });
  expect(project().triggers).toEqual([OWN]);
});

test('a mapping of an alias follows the alias, and stays without running when the alias is gone', async () => {
  const { call, project } = await withSources();
  const aliases = `${FUNCTIONS}/made/aliases`;
  await call('POST', aliases, { Name: 'live', FunctionVersion: '$LATEST' });
  const { body } = await call('POST', MAPPINGS, queue({ FunctionName: 'made:live' }));
  expect(body.FunctionArn).toMatch(/:made:live$/);
  const functionId = () => project().triggers[1]?.functionId;
  expect(functionId()).toBe('made');
  await call('PUT', `${aliases}/live`, { FunctionVersion: '1' });
  expect(functionId()).toBe('made:1');
  await call('DELETE', `${aliases}/live`);
  expect(functionId()).toBeUndefined();
  expect((await call('GET', `${MAPPINGS}/${body.UUID}`)).body.State).toBe('Disabled');
  expect((await call('DELETE', `${MAPPINGS}/${body.UUID}`)).body.State).toBe('Deleting');
  expect((await call('GET', `${MAPPINGS}/${body.UUID}`)).status).toBe(404);
});

const listed = async ({ call }: Deploying, functionName: string) => {
  const { body } = await call('GET', `${MAPPINGS}?FunctionName=${functionName}`);
  return body.EventSourceMappings as { UUID: string; State: string }[];
};

test('a trigger of the project is paused for the session, keeping its place', async () => {
  const deploying = await withSources();
  const { call, project } = deploying;
  const [{ UUID } = { UUID: '' }] = await listed(deploying, 'worker');
  expect((await call('PUT', `${MAPPINGS}/${UUID}`, { Enabled: false })).body.State).toBe('Disabling');
  expect(project().triggers).toEqual([{ ...OWN, enabled: false }]);
  expect((await call('GET', `${MAPPINGS}/${UUID}`)).body).toMatchObject({ UUID, State: 'Disabled' });
});

test('a trigger of the project is deleted for the session, and may be made anew meanwhile', async () => {
  const deploying = await withSources();
  const { call, project, world, startAgain } = deploying;
  const [{ UUID } = { UUID: '' }] = await listed(deploying, 'worker');
  const { status, body } = await call('DELETE', `${MAPPINGS}/${UUID}`);
  expect({ status, ...body }).toMatchObject({ status: 202, UUID, State: 'Deleting' });
  expect(project().triggers).toEqual([]);
  expect((await call('GET', `${MAPPINGS}/${UUID}`)).status).toBe(404);
  expect(world.notices).toEqual([
    `worker no longer follows ${QUEUE}-own: it was deleted for this session; take it out of the project file as well`,
  ]);
  world.peers.add(OWN.queueArn);
  await call('POST', MAPPINGS, { FunctionName: 'worker', EventSourceArn: OWN.queueArn, BatchSize: 1 });
  expect(project().triggers).toMatchObject([{ queueArn: OWN.queueArn, batchSize: 1 }]);

  await startAgain();
  expect(project().triggers).toEqual([OWN]);
  expect((await listed(deploying, 'worker')).map(({ State }) => State)).toEqual(['Enabled', 'Disabled']);
});

test('the answer to a change tells that it is under way, and what is asked afterwards that it is done', async () => {
  const { call } = await withSources();
  const { body } = await call('POST', MAPPINGS, queue({ Enabled: false }));
  expect(body.State).toBe('Creating');
  const path = `${MAPPINGS}/${body.UUID}`;
  const state = async (method: string, input?: JsonObject) => (await call(method, path, input)).body.State;
  expect(await state('GET')).toBe('Disabled');
  expect(await state('PUT', { BatchSize: 5 })).toBe('Updating');
  expect(await state('GET')).toBe('Disabled');
  expect(await state('PUT', { Enabled: true })).toBe('Enabling');
  expect(await state('GET')).toBe('Enabled');
  expect(await state('PUT', { Enabled: false, BatchSize: 3 })).toBe('Disabling');
  expect(await state('DELETE')).toBe('Deleting');
});

test('mappings are tagged by their ARN', async () => {
  const { call } = await withSources();
  const { body } = await call('POST', MAPPINGS, queue({ Tags: { a: 'b' } }));
  const path = `/2017-03-31/tags/${encodeURIComponent(String(body.EventSourceMappingArn))}`;
  await call('POST', path, { Tags: { c: 'd' } });
  expect((await call('GET', path)).body).toEqual({ Tags: { a: 'b', c: 'd' } });
});
