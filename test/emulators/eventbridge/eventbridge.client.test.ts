/** EventBridge through the clients people use: SDK v3 and awscli; what S3 tells the default bus. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-eventbridge';
import * as s3client from '@aws-sdk/client-s3';
import * as sqsclient from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventbridge } from '../../../emulators/eventbridge/index.ts';
import { s3 } from '../../../emulators/s3/index.ts';
import { sqs } from '../../../emulators/sqs/index.ts';
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';

const WORK = 'arn:aws:sqs:eu-west-1:000000000000:work';
/** Each call of the command starts an interpreter. */
const MANY_CALLS_MS = 60_000;

let world: World;
let running: RunningEndpoint;
let events: v3.EventBridgeClient;
let queues: sqsclient.SQSClient;
const emulators: Awaited<ReturnType<typeof eventbridge.start>>[] = [];
const settings = () => ({
  ...{ endpoint: running.url, region: 'eu-west-1' },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

beforeAll(async () => {
  world = makeWorld();
  const context: EmulatorContext = {
    ...world.context,
    clock: makeSystemClock(),
    send: (message) => emulators.some((emulator) => emulator.accept?.(message) ?? false),
  };
  emulators.push(await sqs.start(context), await s3.start(context), await eventbridge.start(context));
  for (const emulator of emulators) await emulator.apply([], []);
  running = await startTestEndpoint(() => emulators.flatMap(({ api }) => (api ? [api] : [])));
  events = new v3.EventBridgeClient(settings());
  queues = new sqsclient.SQSClient(settings());
  await queues.send(new sqsclient.CreateQueueCommand({ QueueName: 'work' }));
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  events.destroy();
  queues.destroy();
  await running.endpoint.close();
  for (const emulator of emulators) await emulator.close();
  await world.store.close();
  rmSync(world.context.folder, { recursive: true, force: true });
});

async function received() {
  const { Messages: messages = [] } = await queues.send(
    new sqsclient.ReceiveMessageCommand({
      ...{ QueueUrl: `${running.url}/000000000000/work`, MaxNumberOfMessages: 10 },
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return messages;
}

test('SDK v3: an event goes over a bus and its rule to a queue, in the trace it was put in', async () => {
  const { EventBusArn: busArn } = await events.send(
    new v3.CreateEventBusCommand({ Name: 'orders', Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  expect(await events.send(new v3.ListTagsForResourceCommand({ ResourceARN: busArn }))).toMatchObject({
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  const rule = { EventBusName: 'orders', Rule: 'big' };
  await events.send(
    new v3.PutRuleCommand({
      ...{ Name: 'big', EventBusName: 'orders' },
      EventPattern: JSON.stringify({ detail: { total: [{ numeric: ['>', 5] }] } }),
    }),
  );
  await events.send(
    new v3.PutTargetsCommand({ ...rule, Targets: [{ Id: 'q', Arn: WORK, InputPath: '$.detail' }] }),
  );
  const trace = '1-5759e988-bd862e3fe1be46a994272793';
  const entry = { Source: 'shop', DetailType: 'order', EventBusName: 'orders', Time: new Date() };
  const put = await events.send(
    new v3.PutEventsCommand({
      Entries: [
        { ...entry, Detail: '{"total":12}', TraceHeader: `Root=${trace};Parent=53995c3f42cd8ad8;Sampled=1` },
        { ...entry, Detail: '{"total":1}' },
        { ...entry, Detail: 'x' },
      ],
    }),
  );
  expect(put).toMatchObject({ FailedEntryCount: 1, Entries: [{}, {}, { ErrorCode: 'MalformedDetail' }] });
  const [message, ...more] = await received();
  expect(message?.Body).toBe('{"total":12}');
  expect(message?.Attributes?.AWSTraceHeader).toContain(trace);
  expect(more).toEqual([]);
  expect(await events.send(new v3.DescribeEventBusCommand({ Name: 'orders' }))).toMatchObject({
    ...{ Name: 'orders', Arn: busArn, CreationTime: expect.any(Date) },
  });
  await expect(
    events.send(new v3.PutRuleCommand({ Name: 'x', EventPattern: '{"a":"b"}' })),
  ).rejects.toBeInstanceOf(v3.InvalidEventPatternException);
  await expect(events.send(new v3.DescribeRuleCommand({ Name: 'nope' }))).rejects.toBeInstanceOf(
    v3.ResourceNotFoundException,
  );
});

test('SDK v3: archives, connections and API destinations', async () => {
  const source = 'arn:aws:events:eu-west-1:000000000000:event-bus/default';
  const archive = await events.send(
    new v3.CreateArchiveCommand({ ArchiveName: 'a', EventSourceArn: source }),
  );
  expect(archive.CreationTime).toBeInstanceOf(Date);
  const replay = await events.send(
    new v3.StartReplayCommand({
      ...{ ReplayName: 'r', EventSourceArn: archive.ArchiveArn, Destination: { Arn: source } },
      ...{ EventStartTime: new Date(0), EventEndTime: new Date() },
    }),
  );
  expect(replay.State).toBe('STARTING');
  const { ConnectionArn } = await events.send(
    new v3.CreateConnectionCommand({
      ...{ Name: 'c', AuthorizationType: 'BASIC' },
      AuthParameters: { BasicAuthParameters: { Username: 'u', Password: 'p' } },
    }),
  );
  const made = await events.send(
    new v3.CreateApiDestinationCommand({
      ...{ Name: 'd', ConnectionArn, InvocationEndpoint: `${running.url}/x`, HttpMethod: 'POST' },
    }),
  );
  expect(made.ApiDestinationState).toBe('ACTIVE');
  expect(await events.send(new v3.ListConnectionsCommand({}))).toMatchObject({
    Connections: [{ Name: 'c' }],
  });
});

test('what happens in a bucket reaches the default bus', async () => {
  const objects = new s3client.S3Client({ ...settings(), forcePathStyle: true });
  await objects.send(new s3client.CreateBucketCommand({ Bucket: 'photos' }));
  await objects.send(
    new s3client.PutBucketNotificationConfigurationCommand({
      ...{ Bucket: 'photos', NotificationConfiguration: { EventBridgeConfiguration: {} } },
    }),
  );
  const pattern = {
    source: ['aws.s3'],
    detail: { bucket: { name: ['photos'] }, object: { key: [{ suffix: '.png' }] } },
  };
  await events.send(new v3.PutRuleCommand({ Name: 'photos', EventPattern: JSON.stringify(pattern) }));
  await events.send(new v3.PutTargetsCommand({ Rule: 'photos', Targets: [{ Id: 'q', Arn: WORK }] }));
  for (const Key of ['a.png', 'b.txt'])
    await objects.send(new s3client.PutObjectCommand({ Bucket: 'photos', Key, Body: 'x' }));
  objects.destroy();
  const messages = await received();
  expect(messages.map(({ Body: body = '' }) => JSON.parse(body))).toMatchObject([
    { 'detail-type': 'Object Created', detail: { object: { key: 'a.png', size: 1 } } },
  ]);
});

await describeWithTool('awscli', 'awscli', (program) => {
  const aws = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      ['events', ...args, '--endpoint-url', running.url, '--region', 'eu-west-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    return stdout === '' ? {} : JSON.parse(stdout);
  };

  test('a rule with a target, an event and a pattern that is tried', { timeout: MANY_CALLS_MS }, async () => {
    expect(await aws('put-rule', '--name', 'cli', '--event-pattern', '{"source":["cli"]}')).toEqual({
      RuleArn: 'arn:aws:events:eu-west-1:000000000000:rule/cli',
    });
    expect(await aws('put-targets', '--rule', 'cli', '--targets', `Id=1,Arn=${WORK}`)).toMatchObject({
      FailedEntryCount: 0,
    });
    const entries = '[{"Source":"cli","DetailType":"x","Detail":"{}"}]';
    const { Entries } = await aws('put-events', '--entries', entries);
    const messages = await received();
    expect(messages.map(({ Body: body = '' }) => JSON.parse(body).id)).toEqual([Entries[0].EventId]);
    const event =
      '{"id":"1","account":"1","source":"cli","time":"2026-01-01T00:00:00Z","region":"x","resources":[],"detail-type":"x"}';
    const pattern = '{"source":[{"wildcard":"c*i"}]}';
    expect(await aws('test-event-pattern', '--event-pattern', pattern, '--event', event)).toEqual({
      Result: true,
    });
  });
});
