import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningServices, startServices } from '../../../src/app/registry.ts';
import type { DeliverRequest, JsonObject } from '../../../src/model/emulator.ts';
import type { RestApi } from '../../../src/model/service-api.ts';
import { type Closers, makeClosers } from '../../../src/std/closers.ts';
import { callRest } from '../../emulators/rest-call.ts';
import { failed, makeFunction, makeWorld, ok, TRACE_ID, type World } from '../../emulators/world.ts';

const ACCOUNT = '000000000000';
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/pipes`;
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
const WORK = arn('sqs', 'work');
const DONE = arn('sqs', 'done');
const origin = { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' };
const worker = makeFunction({ id: 'worker', name: 'worker' });
const enricher = makeFunction({ id: 'enricher', name: 'enricher' });

let world: World;
let closers: Closers;
let services: RunningServices;
beforeEach(async () => {
  world = makeWorld();
  world.functions = [worker, enricher];
  await open();
  await call('sqs', 'CreateQueue', { QueueName: 'work' });
  await call('sqs', 'CreateQueue', { QueueName: 'done' });
});
afterEach(async () => {
  await closers.close();
  await world.store.close();
});

async function open() {
  closers = makeClosers();
  services = await startServices(world.context, world.store, closers);
  await services.apply([], []);
}

const call = (service: string, operation: string, input: JsonObject) =>
  services.calls.call({ service, operation, input, origin });
const url = (name: string) => `http://127.0.0.1/${ACCOUNT}/${name}`;
const send = (body: unknown, name = 'work') =>
  call('sqs', 'SendMessage', { QueueUrl: url(name), MessageBody: JSON.stringify(body) });
const pipe = (operation: string, name: string, body: JsonObject = {}) => {
  const api = services.apis.find(({ service }) => service === 'pipes') as RestApi;
  return callRest(api, operation, { path: { Name: name }, body });
};
const create = (more: JsonObject, name = 'orders') =>
  pipe('CreatePipe', name, { RoleArn, Source: WORK, Target: DONE, ...more });

/** Lets everything under way come to rest; the clock stands still. */
async function rest() {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

async function received(name: string): Promise<JsonObject[]> {
  const input = { QueueUrl: url(name), MaxNumberOfMessages: 10, AttributeNames: ['All'] };
  const { Messages } = await call('sqs', 'ReceiveMessage', input);
  return (Messages ?? []) as JsonObject[];
}
const bodies = async (name: string) => (await received(name)).map(({ Body }) => String(Body)).sort();
async function left(name: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  const { Attributes } = await call('sqs', 'GetQueueAttributes', {
    QueueUrl: url(name),
    AttributeNames: names,
  });
  return Object.values(Attributes as JsonObject).reduce<number>((sum, count) => sum + Number(count), 0);
}
const recordsIn = ({ event }: DeliverRequest) => JSON.parse(event) as JsonObject[];

describe('from a queue', () => {
  test('messages that pass the filter go through the template to the target; the others are deleted', async () => {
    await create({
      SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] } },
      TargetParameters: { InputTemplate: '{"id": <$.body.id>, "by": "<aws.pipes.pipe-name>"}' },
    });
    await send({ kind: 'order', id: 1 });
    await send({ kind: 'other', id: 2 });
    await rest();
    expect(await bodies('done')).toEqual(['{"id": 1, "by": "orders"}']);
    expect(await left('work')).toBe(0);
  });

  test('what the enrichment answers goes on; queue, enrichment and target are one trace', async () => {
    world.answer = () => ok([{ id: 1, name: 'a' }, 'plain']);
    await create({
      Enrichment: enricher.arn,
      EnrichmentParameters: { InputTemplate: '{"id": <$.body.id>}' },
    });
    await send({ id: 1 });
    await rest();
    const [request] = world.delivered;
    expect(request).toMatchObject({
      functionId: 'enricher',
      event: '[{"id": 1}]',
      cause: { kind: 'pipe', pipe: 'orders', step: 'enrichment', records: 1 },
      origin,
    });
    const messages = await received('done');
    expect(messages.map(({ Body }) => Body)).toEqual(['{"id":1,"name":"a"}', 'plain']);
    for (const { Attributes } of messages)
      expect(Attributes).toMatchObject({
        AWSTraceHeader: expect.stringContaining(`Root=${TRACE_ID};Parent=${request?.spanId}`),
      });
  });

  test.each([[[]], [{}], ['']])(
    'an enrichment that answers %j ends the batch without the target',
    async (answer) => {
      world.answer = () => ok(answer);
      await create({ Enrichment: enricher.arn });
      await send({ id: 1 });
      await rest();
      expect(await left('work')).toBe(0);
      expect(await left('done')).toBe(0);
    },
  );

  test('an enrichment that answers an empty event in a list sends that; one that fails keeps the batch', async () => {
    world.answer = () => ok([{}]);
    await create({ Enrichment: enricher.arn });
    await send({ id: 1 });
    await rest();
    expect(await bodies('done')).toEqual(['{}']);
    world.answer = () => failed;
    await send({ id: 2 });
    await rest();
    expect(await left('work')).toBe(1);
    expect(await left('done')).toBe(1);
  });

  test.each<[string, unknown, RegExp]>([
    ['more events than the target takes', Array(11).fill(1), /answered 11 events, and \S+ takes 10 at most/],
    ['more than 6 MB', 'x'.repeat(6 * 1024 * 1024), /answered 6291458 bytes, which is more than 6291456/],
  ])('an enrichment that answers %s fails, and it is said', async (_what, answer, message) => {
    world.answer = () => ok(answer);
    await create({ Enrichment: enricher.arn });
    await send({ id: 1 });
    await rest();
    expect(await left('work')).toBe(1);
    expect(world.notices).toContainEqual(expect.stringMatching(message));
  });

  test('a function gets a list, in batches, and may name what failed', async () => {
    world.answer = (request) => {
      const [first] = recordsIn(request);
      return ok({ batchItemFailures: [{ itemIdentifier: first?.messageId ?? '' }] });
    };
    await create({
      Target: worker.arn,
      SourceParameters: { SqsQueueParameters: { BatchSize: 2, MaximumBatchingWindowInSeconds: 1 } },
    });
    await send({ id: 1 });
    await send({ id: 2 });
    await rest();
    expect(world.delivered).toHaveLength(1);
    expect(world.delivered[0]).toMatchObject({ functionId: 'worker', cause: { step: 'target', records: 2 } });
    expect(recordsIn(world.delivered[0] as DeliverRequest)).toMatchObject([
      { body: '{"id":1}', eventSource: 'aws:sqs', eventSourceARN: WORK },
      { body: '{"id":2}' },
    ]);
    expect(await left('work')).toBe(1);
  });

  test('a function that is only told is run asynchronously', async () => {
    await create({
      Target: `${worker.arn}:live`,
      TargetParameters: { LambdaFunctionParameters: { InvocationType: 'FIRE_AND_FORGET' } },
    });
    await send({ id: 1 });
    await rest();
    expect(world.enqueued).toMatchObject([
      { functionId: 'worker', invokedArn: `${worker.arn}:live`, origin },
    ]);
    expect(await left('work')).toBe(0);
  });

  test('a FIFO queue gets the group a path names', async () => {
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    await call('sqs', 'CreateQueue', { QueueName: 'done.fifo', Attributes });
    await create({
      Target: `${DONE}.fifo`,
      TargetParameters: { SqsQueueParameters: { MessageGroupId: '$.body.customer' } },
    });
    await send({ customer: 'c7' });
    await rest();
    expect(await received('done.fifo')).toMatchObject([{ Attributes: { MessageGroupId: 'c7' } }]);
  });

  test('where the target is not emulated messages stay, and it is said', async () => {
    await create({ Target: arn('ecs', 'cluster/c') });
    await send({ id: 1 });
    await rest();
    expect(await left('work')).toBe(1);
    expect(world.notices).toContain(
      'the pipe orders failed: sls-local cannot deliver to arn:aws:ecs:eu-west-1:000000000000:cluster/c; the batch comes again',
    );
  });

  test('a stopped pipe takes nothing, a started one goes on, and so does the next session', async () => {
    await create({ DesiredState: 'STOPPED' });
    await send({ id: 1 });
    await rest();
    expect(await left('done')).toBe(0);
    expect(await pipe('StartPipe', 'orders')).toMatchObject({ CurrentState: 'STARTING' });
    await rest();
    expect(await left('done')).toBe(1);
    expect(await pipe('StopPipe', 'orders')).toMatchObject({ CurrentState: 'STOPPING' });
    await send({ id: 2 });
    await pipe('StartPipe', 'orders');
    await closers.close();
    await open();
    await rest();
    expect(await left('done')).toBe(2);
  });

  test('when another state is put in place its pipes are followed, and none of those before', async () => {
    await create({});
    world.store.map('pipes:pipes').remove('orders');
    services.reload();
    await services.apply([], []);
    await send({ id: 1 });
    await rest();
    expect(await left('work')).toBe(1);
    await create({}, 'again');
    await rest();
    expect(await left('done')).toBe(1);
  });

  test('a changed pipe goes on with what it says now', async () => {
    await create({});
    const TargetParameters = { InputTemplate: '<$.body.id>' };
    await pipe('UpdatePipe', 'orders', { RoleArn, TargetParameters });
    await send({ id: 7 });
    await rest();
    expect(await bodies('done')).toEqual(['7']);
  });

  test('a queue that is made later is followed then', async () => {
    await create({ Source: arn('sqs', 'later') });
    await call('sqs', 'CreateQueue', { QueueName: 'later' });
    await send({ id: 1 }, 'later');
    await rest();
    expect(await bodies('done')).toEqual([expect.stringContaining('"body":"{\\"id\\":1}"')]);
  });
});

describe('from a table', () => {
  const table = {
    TableName: 'orders',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  };
  const put = (id: string) => call('dynamodb', 'PutItem', { TableName: 'orders', Item: { id: { S: id } } });
  const createPipe = async (stream: JsonObject, more: JsonObject = {}) => {
    const { TableDescription: made } = await call('dynamodb', 'CreateTable', table);
    const Source = String((made as JsonObject).LatestStreamArn);
    const DynamoDBStreamParameters = { StartingPosition: 'LATEST', ...stream };
    await create({ Source, SourceParameters: { DynamoDBStreamParameters }, ...more });
    return Source;
  };

  test('its changes come as records, in their order', async () => {
    await createPipe({}, { TargetParameters: { InputTemplate: '<$.dynamodb.NewImage.id.S>' } });
    await put('a');
    await put('b');
    await rest();
    expect((await received('done')).map(({ Body }) => Body)).toEqual(['a', 'b']);
  });

  test('a record that is given up is told of as pipes do', async () => {
    await call('sqs', 'CreateQueue', { QueueName: 'dead' });
    world.answer = () => failed;
    const DeadLetterConfig = { Arn: arn('sqs', 'dead') };
    const streamArn = await createPipe({ MaximumRetryAttempts: 0, DeadLetterConfig }, { Target: worker.arn });
    await put('a');
    await rest();
    const [told] = await bodies('dead');
    expect(JSON.parse(told ?? '')).toEqual({
      context: { partnerResourceArn: arn('pipes', 'pipe/orders'), condition: 'RetryAttemptsExhausted' },
      version: '1.0',
      timestamp: '2026-01-01T00:00:00.000Z',
      DDBStreamBatchInfo: expect.objectContaining({ batchSize: 1, streamArn }),
    });
  });

  test('what failed is tried again, and nothing behind it goes first', async () => {
    world.answer = () => failed;
    await createPipe({ BatchSize: 1 }, { Target: worker.arn });
    await put('a');
    await put('b');
    await rest();
    expect(world.delivered).toHaveLength(1);
    world.answer = () => ok();
    await world.clock.advance(1000);
    await rest();
    expect(world.delivered.map((one) => recordsIn(one)[0])).toMatchObject(
      ['a', 'a', 'b'].map((id) => ({ dynamodb: { Keys: { id: { S: id } } } })),
    );
  });
});

describe('the API', () => {
  test('a pipe is told as it was made, with its state', async () => {
    const TargetParameters = { InputTemplate: '<$.body>' };
    expect(await create({ TargetParameters, Tags: { team: 'shop' } })).toMatchObject({
      Arn: arn('pipes', 'pipe/orders'),
      CurrentState: 'CREATING',
      DesiredState: 'RUNNING',
    });
    expect(await pipe('DescribePipe', 'orders')).toMatchObject({
      ...{ Name: 'orders', RoleArn, Source: WORK, Target: DONE, TargetParameters },
      ...{ CurrentState: 'RUNNING', Tags: { team: 'shop' } },
    });
    await expect(create({})).rejects.toMatchObject({ code: 'ConflictException', status: 409 });
    await pipe('DeletePipe', 'orders');
    await expect(pipe('DescribePipe', 'orders')).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'Pipe orders does not exist.',
    });
  });

  test('an update changes what it gives; the parameters of one service are replaced together', async () => {
    const SqsQueueParameters = { BatchSize: 5, MaximumBatchingWindowInSeconds: 1 };
    const FilterCriteria = { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] };
    await create({ Description: 'one', SourceParameters: { SqsQueueParameters, FilterCriteria } });
    await pipe('UpdatePipe', 'orders', {
      RoleArn,
      SourceParameters: { SqsQueueParameters: { BatchSize: 2 } },
    });
    expect(await pipe('DescribePipe', 'orders')).toMatchObject({
      Description: 'one',
      SourceParameters: { SqsQueueParameters: { BatchSize: 2 }, FilterCriteria },
    });
    const { SourceParameters } = await pipe('DescribePipe', 'orders');
    expect(SourceParameters).not.toHaveProperty('SqsQueueParameters.MaximumBatchingWindowInSeconds');
    await expect(pipe('UpdatePipe', 'orders', { Source: DONE })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test.each<[string, JsonObject, RegExp]>([
    ['a missing role', { RoleArn: '' }, /'roleArn'/],
    [
      'a pattern that is none',
      { SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{}' }] } } },
      /Invalid filter pattern/,
    ],
    [
      'a stream without a position',
      { Source: arn('dynamodb', 'table/t/stream/2026-01-01T00:00:00.000') },
      /startingPosition/,
    ],
    [
      'a batch that is too large',
      { SourceParameters: { SqsQueueParameters: { BatchSize: 10_001 } } },
      /less than or equal to 10000/,
    ],
    ['a source that is no ARN', { Source: 'work' }, /'source'/],
  ])('%s is refused', async (_what, more, message) => {
    await expect(create(more)).rejects.toMatchObject({ code: 'ValidationException', message });
  });

  test('a source nobody has is told in the pipe’s state', async () => {
    await create({ Source: arn('mq', 'broker:b') });
    expect(await pipe('DescribePipe', 'orders')).toMatchObject({
      CurrentState: 'CREATE_FAILED',
      StateReason: expect.stringContaining('does not emulate the source'),
    });
  });

  test('lists by prefix and state in pages; tags come and go', async () => {
    for (const name of ['a1', 'a2', 'b1']) await create({ DesiredState: 'STOPPED' }, name);
    const api = services.apis.find(({ service }) => service === 'pipes') as RestApi;
    const list = (query: Record<string, string>) => callRest(api, 'ListPipes', { query });
    const first = await list({ NamePrefix: 'a', Limit: '1' });
    expect(first).toMatchObject({ Pipes: [{ Name: 'a1', Source: WORK }] });
    expect(await list({ NamePrefix: 'a', Limit: '1', NextToken: String(first.NextToken) })).toEqual({
      Pipes: [expect.objectContaining({ Name: 'a2' })],
    });
    expect(await list({ CurrentState: 'RUNNING' })).toEqual({ Pipes: [] });
    const path = { resourceArn: arn('pipes', 'pipe/a1') };
    await callRest(api, 'TagResource', { path, body: { tags: { a: '1', b: '2' } } });
    await callRest(api, 'UntagResource', { path, query: { tagKeys: 'a' } });
    expect(await callRest(api, 'ListTagsForResource', { path })).toEqual({ tags: { b: '2' } });
  });
});

test('pipes of the project file are made, and go when it drops them', async () => {
  const settings = JSON.stringify({ RoleArn, Source: WORK, Target: DONE, DesiredState: 'RUNNING' });
  await services.apply([{ kind: 'pipe', name: 'orders', settings }], []);
  await send({ id: 1 });
  await rest();
  expect(await left('done')).toBe(1);
  await services.apply([], []);
  await expect(pipe('DescribePipe', 'orders')).rejects.toMatchObject({ code: 'NotFoundException' });
});
