/** Log groups and API destinations as targets of rules, pipes and schedules, over all services. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningServices, startServices } from '../../../src/app/registry.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { type Closers, makeClosers } from '../../../src/std/closers.ts';
import { makeWorld, TRACE_ID, type World } from '../../emulators/world.ts';

const ACCOUNT = '000000000000';
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/events`;
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
const url = (name: string) => `http://127.0.0.1/${ACCOUNT}/${name}`;

let world: World;
let closers: Closers;
let services: RunningServices;
let server: Server;
let received: { url: string | undefined; headers: IncomingMessage['headers']; body: string }[];
let answers: { status: number; body: string }[];
/** Wakes whoever waits for a call or a notice. */
let wake: () => void;

beforeEach(async () => {
  world = makeWorld();
  [received, answers, wake] = [[], [], () => {}];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ url: request.url, headers: request.headers, body });
    const answer = answers.shift() ?? { status: 200, body: '' };
    response.writeHead(answer.status, { connection: 'close' }).end(answer.body, () => wake());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await open();
  for (const name of ['work', 'done']) await call('sqs', 'CreateQueue', { QueueName: name });
});
afterEach(async () => {
  await closers.close();
  await world.store.close();
  await new Promise((resolve) => server.close(resolve));
});

async function open() {
  closers = makeClosers();
  const notice = (message: string) => {
    world.notices.push(message);
    wake();
  };
  services = await startServices({ ...world.context, notice }, world.store, closers);
  await services.apply([], []);
}

async function until(holds: () => boolean) {
  while (!holds())
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
}

const call = (service: string, operation: string, input: JsonObject) =>
  services.calls.call({ service, operation, input, origin: { traceId: TRACE_ID } });
const send = (body: unknown) =>
  call('sqs', 'SendMessage', { QueueUrl: url('work'), MessageBody: JSON.stringify(body) });
const logged = (group: string) => readFileSync(join(world.context.folder, 'logs', `${group}.log`), 'utf8');
const createPipe = (more: JsonObject) =>
  call('pipes', 'CreatePipe', { Name: 'orders', RoleArn, Source: arn('sqs', 'work'), ...more });

async function destination(path: string): Promise<string> {
  const { ConnectionArn = '' } = await call('events', 'CreateConnection', {
    ...{ Name: 'c', AuthorizationType: 'API_KEY' },
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'x-key', ApiKeyValue: 'k' } },
  });
  const { port } = server.address() as AddressInfo;
  const { ApiDestinationArn } = await call('events', 'CreateApiDestination', {
    ...{ Name: 'd', ConnectionArn, HttpMethod: 'POST' },
    InvocationEndpoint: `http://127.0.0.1:${port}${path}`,
  });
  return String(ApiDestinationArn);
}

test('a rule, a pipe and a schedule write to a log group', async () => {
  await call('events', 'PutRule', { Name: 'r', EventPattern: '{"source":["shop"]}' });
  const Targets = [{ Id: '1', Arn: arn('logs', 'log-group:/shop:*'), InputPath: '$.detail' }];
  await call('events', 'PutTargets', { Rule: 'r', Targets });
  await call('events', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'o', Detail: '{"a":1}' }] });
  await call('scheduler', 'CreateSchedule', {
    ...{ Name: 's', ScheduleExpression: 'at(2026-01-01T00:01:00)', FlexibleTimeWindow: { Mode: 'OFF' } },
    Target: {
      ...{ Arn: 'arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putLogEvents', RoleArn },
      Input: JSON.stringify({
        LogGroupName: '/shop',
        LogStreamName: 's',
        LogEvents: [{ Timestamp: world.clock.now(), Message: 'at <aws.scheduler.scheduled-time>' }],
      }),
    },
  });
  await world.clock.advance(60_000);
  await createPipe({
    Target: arn('logs', 'log-group:/piped'),
    TargetParameters: { CloudWatchLogsParameters: { LogStreamName: 's' }, InputTemplate: 'got <$.body.id>' },
  });
  await send({ id: 7 });
  await until(() => world.notices.some((notice) => notice.includes('/piped')));
  expect(logged('+shop')).toBe('{"a":1}\nat 2026-01-01T00:01:00Z\n');
  expect(logged('+piped')).toBe('got 7\n');
});

test('a pipe calls an API destination for each event, with paths followed, and again when it failed', async () => {
  answers.push({ status: 503, body: '' });
  await createPipe({
    Target: await destination('/orders/*'),
    SourceParameters: { SqsQueueParameters: { BatchSize: 5 } },
    TargetParameters: {
      HttpParameters: { PathParameterValues: ['$.body.id'], HeaderParameters: { 'X-Kind': '$.body.kind' } },
      InputTemplate: '{"id": <$.body.id>}',
    },
  });
  expect(world.notices).toContainEqual(
    expect.stringMatching(/^the pipe orders: BatchSize is 5, and arn:\S+ takes one event at most/),
  );
  await send({ id: 7, kind: '$.body.id' });
  await until(() => world.notices.some((notice) => /answered 503\.$/.test(notice)));
  await world.clock.advance(30_000);
  await until(() => received.length === 2);
  const sent = {
    ...{ url: '/orders/7', body: '{"id": 7}' },
    headers: {
      ...{ 'x-key': 'k', 'x-kind': '$.body.id' },
      'x-amzn-trace-id': expect.stringContaining(TRACE_ID),
    },
  };
  expect(received).toMatchObject([sent, sent]);
  // What is under way ends before a session does.
  await closers.close();
  await open();
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  expect(await call('sqs', 'GetQueueAttributes', { QueueUrl: url('work'), AttributeNames })).toEqual({
    Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
  });
});

test('what an API destination answers as an enrichment goes on', async () => {
  answers.push({ status: 200, body: '{"name":"a"}' });
  await createPipe({
    Enrichment: await destination('/names'),
    EnrichmentParameters: { InputTemplate: '<$.body.id>' },
    Target: arn('sqs', 'done'),
  });
  await send({ id: 7 });
  const WaitTimeSeconds = 20;
  const { Messages } = await call('sqs', 'ReceiveMessage', { QueueUrl: url('done'), WaitTimeSeconds });
  expect(Messages).toMatchObject([{ Body: '{"name":"a"}' }]);
  expect(received).toMatchObject([{ url: '/names', body: '7' }]);
});

test('an enrichment that answers no JSON keeps the event, and it is said', async () => {
  answers.push({ status: 200, body: '<html>' });
  await createPipe({ Enrichment: await destination('/names'), Target: arn('sqs', 'done') });
  await send({ id: 7 });
  await until(() => world.notices.some((notice) => /answered what is no JSON: "<html>"/.test(notice)));
});

test('a pipe to an API destination nobody made says so', async () => {
  await createPipe({ Target: arn('events', 'api-destination/none/1') });
  await send({ id: 7 });
  await until(() => world.notices.some((notice) => /There is no such API destination/.test(notice)));
});
