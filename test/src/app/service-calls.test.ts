import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningServices, startServices } from '../../../src/app/registry.ts';
import type { JsonObject, ServiceCalls } from '../../../src/model/emulator.ts';
import type { RestApi } from '../../../src/model/service-api.ts';
import { type Closers, makeClosers } from '../../../src/std/closers.ts';
import { callRest } from '../../emulators/rest-call.ts';
import { makeFunction, makeWorld, TRACE_ID, type World } from '../../emulators/world.ts';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/scheduler`;
const origin = { traceId: TRACE_ID };
const cause = { kind: 'schedule', name: 'noon', byHand: false } as const;

let world: World;
let closers: Closers;
let services: RunningServices;
let calls: ServiceCalls;
beforeEach(async () => {
  world = makeWorld();
  closers = makeClosers();
  services = await startServices(world.context, world.store, closers);
  calls = services.calls;
  await services.apply([], []);
});
afterEach(async () => {
  await closers.close();
  await world.store.close();
});

const call = (service: string, operation: string, input: JsonObject) =>
  calls.call({ service, operation, input, origin });

async function received(name: string) {
  const url = `http://127.0.0.1/${ACCOUNT}/${name}`;
  const { Messages } = await call('sqs', 'ReceiveMessage', {
    QueueUrl: url,
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return (Messages ?? []) as JsonObject[];
}

test('an operation of a JSON service runs as if it came over the wire, in the trace it was given', async () => {
  await call('sqs', 'CreateQueue', { QueueName: 'work' });
  await call('sqs', 'SendMessage', { QueueUrl: `http://127.0.0.1/${ACCOUNT}/work`, MessageBody: 'hello' });
  const [message] = await received('work');
  expect(message).toMatchObject({
    Body: 'hello',
    Attributes: { AWSTraceHeader: expect.stringContaining(TRACE_ID) },
  });
});

test('members of a REST operation find their way into path, query and body', async () => {
  const Target = { Arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:work`, RoleArn: ROLE };
  await call('scheduler', 'CreateSchedule', {
    Name: 'noon',
    ScheduleExpression: 'cron(0 12 * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target,
  });
  expect(await call('scheduler', 'GetSchedule', { Name: 'noon', GroupName: 'default' })).toMatchObject({
    Name: 'noon',
  });
  await expect(call('scheduler', 'DeleteSchedule', {})).rejects.toMatchObject({
    message: 'Name is required',
  });
});

test('a function is invoked with the payload as it is', async () => {
  world.functions = [makeFunction()];
  const input = { FunctionName: 'shop-dev-worker', InvocationType: 'Event', Payload: '{"a":1}' };
  await call('lambda', 'Invoke', input);
  expect(world.enqueued).toMatchObject([{ functionId: 'worker', event: '{"a":1}', origin }]);
});

test('an object is put, copied and deleted', async () => {
  await call('s3', 'CreateBucket', { Bucket: 'files' });
  await call('s3', 'PutObject', { Bucket: 'files', Key: 'a/b c', Body: 'hello' });
  await call('s3', 'CopyObject', { Bucket: 'files', Key: 'copy', CopySource: '/files/a/b%20c' });
  await call('s3', 'DeleteObject', { Bucket: 'files', Key: 'a/b c' });
  await expect(
    call('s3', 'CopyObject', { Bucket: 'files', Key: 'again', CopySource: '/files/a/b%20c' }),
  ).rejects.toMatchObject({ code: 'NoSuchKey' });
  await call('s3', 'CopyObject', { Bucket: 'files', Key: 'again', CopySource: '/files/copy' });
});

test('SDKs’ names of services are understood; what nobody has is said', async () => {
  expect(calls.has('sqs', 'SendMessage')).toBe(true);
  expect(calls.has('sqs', 'constructor')).toBe(false);
  expect(calls.has('s3', 'PutBucketLogging')).toBe(false);
  await expect(call('ecs', 'RunTask', {})).rejects.toMatchObject({
    code: 'ServiceNotEmulated',
    message: "sls-local does not emulate RunTask of the service 'ecs'",
  });
});

test('an ARN gets what its service would be sent', async () => {
  const fn = makeFunction();
  world.functions = [fn];
  await call('sqs', 'CreateQueue', {
    QueueName: 'w.fifo',
    Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
  });
  await call('sns', 'CreateTopic', { Name: 'news' });
  const queue = `arn:aws:sqs:eu-west-1:${ACCOUNT}:w.fifo`;
  await call('sns', 'Subscribe', {
    TopicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:news`,
    Protocol: 'lambda',
    Endpoint: fn.arn,
  });
  await calls.deliver({ arn: queue, body: 'a', groupId: 'g', cause, origin });
  await calls.deliver({ arn: `arn:aws:sns:eu-west-1:${ACCOUNT}:news`, body: 'b', cause, origin });
  await calls.deliver({ arn: `${fn.arn}:live`, body: '"c"', cause, origin });
  expect(await received('w.fifo')).toMatchObject([{ Body: 'a', Attributes: { MessageGroupId: 'g' } }]);
  expect(world.enqueued).toMatchObject([
    { functionId: 'worker', cause: { kind: 'topic' } },
    { functionId: 'worker', event: '"c"', cause, invokedArn: `${fn.arn}:live` },
  ]);
  await expect(calls.deliver({ arn: `${fn.arn}-other`, body: '{}', cause, origin })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
  await expect(
    calls.deliver({ arn: 'arn:aws:ecs:eu-west-1:000000000000:cluster/c', body: '{}', cause, origin }),
  ).rejects.toMatchObject({ code: 'ServiceNotEmulated' });
});

test('a schedule writes an item, and tells a dead-letter queue of what cannot be', async () => {
  await call('dynamodb', 'CreateTable', {
    TableName: 'ticks',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await call('sqs', 'CreateQueue', { QueueName: 'dead' });
  const api = services.apis.find(({ service }) => service === 'scheduler') as RestApi;
  const create = (name: string, table: string) =>
    callRest(api, 'CreateSchedule', {
      path: { Name: name },
      body: {
        ScheduleExpression: 'at(2026-01-01T00:01:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:putItem',
          RoleArn: ROLE,
          Input: JSON.stringify({ TableName: table, Item: { id: { S: '<aws.scheduler.scheduled-time>' } } }),
          RetryPolicy: { MaximumRetryAttempts: 0 },
          DeadLetterConfig: { Arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:dead` },
        },
      },
    });
  await create('good', 'ticks');
  await create('bad', 'nowhere');
  await world.clock.advance(60_000);
  await world.clock.advance(1);
  const Key = { id: { S: '2026-01-01T00:01:00Z' } };
  expect(await call('dynamodb', 'GetItem', { TableName: 'ticks', Key })).toMatchObject({ Item: Key });
  expect(await received('dead')).toMatchObject([
    {
      Body: expect.stringContaining('nowhere'),
      MessageAttributes: { ERROR_CODE: { StringValue: 'ResourceNotFoundException' } },
    },
  ]);
});
