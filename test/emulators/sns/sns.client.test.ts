/** SNS through the clients people use: SDK v3 and awscli. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sns } from '../../../emulators/sns/index.ts';
import { sqs } from '../../../emulators/sqs/index.ts';
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';
import { type EndpointUnderTest, startEndpointUnderTest } from './endpoint-under-test.ts';

const QUEUES = 'arn:aws:sqs:eu-west-1:000000000000:';

/** Each call of the command starts an interpreter. */
const MANY_CALLS_MS = 180_000;

let world: World;
let running: RunningEndpoint;
let hook: EndpointUnderTest;
const emulators: Awaited<ReturnType<typeof sns.start>>[] = [];
beforeAll(async () => {
  world = makeWorld();
  const context: EmulatorContext = {
    ...world.context,
    clock: makeSystemClock(),
    send: (message) => emulators.some((emulator) => emulator.accept?.(message) ?? false),
  };
  emulators.push(await sqs.start(context), await sns.start(context));
  for (const emulator of emulators) await emulator.apply([], []);
  const apis = emulators.flatMap(({ api, furtherApis = [] }) => (api ? [api, ...furtherApis] : []));
  running = await startTestEndpoint(() => apis);
  hook = await startEndpointUnderTest();
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  for (const emulator of emulators) await emulator.close();
  await hook.close();
  await world.store.close();
  rmSync(world.context.folder, { recursive: true, force: true });
});

test('SDK v3: topics, subscriptions, messages and errors', async () => {
  const client = new v3.SNSClient({
    ...{ endpoint: running.url, region: 'eu-west-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { TopicArn } = await client.send(
    new v3.CreateTopicCommand({
      Name: 'v3',
      Attributes: { DisplayName: 'D & <E>' },
      Tags: [{ Key: 'a', Value: 'b' }],
    }),
  );
  const { Attributes } = await client.send(new v3.GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ DisplayName: 'D & <E>', TopicArn });
  expect(await client.send(new v3.ListTagsForResourceCommand({ ResourceArn: TopicArn }))).toMatchObject({
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  const { SubscriptionArn } = await client.send(
    new v3.SubscribeCommand({
      ...{ TopicArn, Protocol: 'lambda', Endpoint: 'arn:aws:lambda:eu-west-1:000000000000:function:f' },
      Attributes: { FilterPolicy: '{"kind":["a"]}' },
    }),
  );
  const listed = await client.send(new v3.ListSubscriptionsCommand({}));
  expect(listed.Subscriptions).toContainEqual(expect.objectContaining({ SubscriptionArn, TopicArn }));
  const published = await client.send(
    new v3.PublishCommand({
      ...{ TopicArn, Message: 'x', Subject: 'S' },
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'b' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
      },
    }),
  );
  expect(published.MessageId).toMatch(/^[0-9a-f-]{36}$/);
  const publishBoth = (second: string) =>
    client.send(
      new v3.PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'one' },
          { Id: 'b', Message: second },
        ],
      }),
    );
  const batch = await publishBoth('two');
  expect(batch.Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
  expect(batch.Failed).toEqual([]);
  await expect(publishBoth('')).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Empty message',
  });
  await expect(
    client.send(new v3.PublishCommand({ TopicArn: `${TopicArn}x`, Message: 'x' })),
  ).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
  });
  await expect(
    client.send(new v3.PublishCommand({ TopicArn, Message: 'x', Subject: '\n' })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await client.send(new v3.DeleteTopicCommand({ TopicArn }));
  client.destroy();
});

await describeWithTool('awscli', 'awscli', (program) => {
  const aws = async (service: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      [service, ...args, '--endpoint-url', running.url, '--region', 'eu-west-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    return stdout === '' ? {} : JSON.parse(stdout);
  };

  test('topics, attributes, permissions and tags', { timeout: MANY_CALLS_MS }, async () => {
    const { TopicArn: arn } = await aws('sns', 'create-topic', '--name', 'cli', '--tags', 'Key=a,Value=b');
    const topic = ['--topic-arn', arn];
    const resource = ['--resource-arn', arn];
    await aws(
      'sns',
      'set-topic-attributes',
      ...topic,
      '--attribute-name',
      'DisplayName',
      '--attribute-value',
      'N',
    );
    await aws(
      'sns',
      'add-permission',
      ...topic,
      '--label',
      'L',
      '--aws-account-id',
      '1',
      '--action-name',
      'Publish',
    );
    await aws('sns', 'remove-permission', ...topic, '--label', 'L');
    expect((await aws('sns', 'get-topic-attributes', ...topic)).Attributes).toMatchObject({
      DisplayName: 'N',
    });
    await aws('sns', 'tag-resource', ...resource, '--tags', 'Key=c,Value=d');
    await aws('sns', 'untag-resource', ...resource, '--tag-keys', 'a');
    expect(await aws('sns', 'list-tags-for-resource', ...resource)).toEqual({
      Tags: [{ Key: 'c', Value: 'd' }],
    });
    await aws('sns', 'put-data-protection-policy', ...resource, '--data-protection-policy', '{"Name":"p"}');
    expect(await aws('sns', 'get-data-protection-policy', ...resource)).toEqual({
      DataProtectionPolicy: '{"Name":"p"}',
    });
    expect((await aws('sns', 'list-topics')).Topics).toContainEqual({ TopicArn: arn });
    await aws('sns', 'delete-topic', ...topic);
  });

  test('a message reaches a queue, and an endpoint that confirmed by its link', {
    timeout: MANY_CALLS_MS,
  }, async () => {
    const { TopicArn: arn } = await aws('sns', 'create-topic', '--name', 'news');
    const { QueueUrl: url } = await aws('sqs', 'create-queue', '--queue-name', 'work');
    const topic = ['--topic-arn', arn];
    const raw = ['--attributes', '{"RawMessageDelivery":"true"}'];
    const toQueue = ['--protocol', 'sqs', '--notification-endpoint', `${QUEUES}work`];
    const subscribed = await aws('sns', 'subscribe', ...topic, ...toQueue, ...raw);
    const one = ['--subscription-arn', subscribed.SubscriptionArn];
    expect(
      await aws('sns', 'subscribe', ...topic, '--protocol', 'http', '--notification-endpoint', hook.url),
    ).toEqual({
      SubscriptionArn: 'pending confirmation',
    });
    const question = JSON.parse((await hook.next()).body);
    const answer = await fetch(question.SubscribeURL.replace('http://127.0.0.1:4566', running.url));
    expect(await answer.text()).toContain('<ConfirmSubscriptionResult><SubscriptionArn>arn:aws:sns');
    await aws('sns', 'confirm-subscription', ...topic, '--token', question.Token);
    const certificate = await fetch(question.SigningCertURL.replace('http://127.0.0.1:4566', running.url));
    expect(await certificate.text()).toMatch(/^-----BEGIN CERTIFICATE-----/);

    const attributes = '{"kind":{"DataType":"String","StringValue":"a"}}';
    await aws('sns', 'publish', ...topic, '--message', 'hello', '--message-attributes', attributes);
    expect(JSON.parse((await hook.next()).body)).toMatchObject({ Type: 'Notification', Message: 'hello' });
    const entries = '[{"Id":"a","Message":"two"}]';
    const batch = await aws('sns', 'publish-batch', ...topic, '--publish-batch-request-entries', entries);
    expect(batch).toMatchObject({ Successful: [{ Id: 'a' }] });
    const receive = [
      '--queue-url',
      url,
      '--max-number-of-messages',
      '10',
      '--message-attribute-names',
      'All',
    ];
    const { Messages: messages } = await aws('sqs', 'receive-message', ...receive);
    expect(messages).toMatchObject([
      { Body: 'hello', MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } } },
      { Body: 'two' },
    ]);

    const policy = ['--attribute-name', 'FilterPolicy', '--attribute-value', '{"a":["b"]}'];
    await aws('sns', 'set-subscription-attributes', ...one, ...policy);
    expect((await aws('sns', 'get-subscription-attributes', ...one)).Attributes).toMatchObject({
      RawMessageDelivery: 'true',
      FilterPolicy: '{"a":["b"]}',
    });
    expect((await aws('sns', 'list-subscriptions-by-topic', ...topic)).Subscriptions).toHaveLength(2);
    await aws('sns', 'unsubscribe', ...one);
    expect((await aws('sns', 'list-subscriptions')).Subscriptions).toHaveLength(1);
  });

  test('a FIFO topic', async () => {
    const fifo = ['--attributes', 'FifoTopic=true,ContentBasedDeduplication=true'];
    const { TopicArn: arn } = await aws('sns', 'create-topic', '--name', 'orders.fifo', ...fifo);
    const published = await aws(
      'sns',
      'publish',
      '--topic-arn',
      arn,
      '--message',
      'x',
      '--message-group-id',
      'g',
    );
    expect(published.SequenceNumber).toMatch(/^\d{20}$/);
  });

  test('text messages and push notifications', { timeout: MANY_CALLS_MS }, async () => {
    await aws('sns', 'publish', '--phone-number', '+15550100', '--message', 'x');
    await aws('sns', 'set-sms-attributes', '--attributes', 'DefaultSMSType=Transactional');
    const asked = await aws('sns', 'get-sms-attributes', '--attributes', 'DefaultSMSType');
    expect(asked).toEqual({ attributes: { DefaultSMSType: 'Transactional' } });
    const phone = ['--phone-number', '+15550100'];
    expect(await aws('sns', 'check-if-phone-number-is-opted-out', ...phone)).toEqual({ isOptedOut: false });
    expect(await aws('sns', 'list-phone-numbers-opted-out')).toEqual({ phoneNumbers: [] });
    await aws('sns', 'opt-in-phone-number', ...phone);

    const create = ['--name', 'app', '--platform', 'GCM', '--attributes', 'PlatformCredential=secret'];
    const { PlatformApplicationArn: arn } = await aws('sns', 'create-platform-application', ...create);
    const application = ['--platform-application-arn', arn];
    expect(await aws('sns', 'list-platform-applications')).toEqual({
      PlatformApplications: [{ PlatformApplicationArn: arn, Attributes: { Enabled: 'true' } }],
    });
    await aws(
      'sns',
      'set-platform-application-attributes',
      ...application,
      '--attributes',
      'SuccessFeedbackSampleRate=5',
    );
    const told = await aws('sns', 'get-platform-application-attributes', ...application);
    expect(told.Attributes).toEqual({ Enabled: 'true', SuccessFeedbackSampleRate: '5' });
    const { EndpointArn: device } = await aws(
      'sns',
      'create-platform-endpoint',
      ...application,
      '--token',
      't',
    );
    const one = ['--endpoint-arn', device];
    await aws('sns', 'publish', '--target-arn', device, '--message', 'push');
    await aws('sns', 'set-endpoint-attributes', ...one, '--attributes', 'Enabled=false');
    expect((await aws('sns', 'get-endpoint-attributes', ...one)).Attributes).toEqual({
      Enabled: 'false',
      Token: 't',
    });
    await expect(aws('sns', 'publish', '--target-arn', device, '--message', 'push')).rejects.toThrow(
      'EndpointDisabled',
    );
    expect(
      (await aws('sns', 'list-endpoints-by-platform-application', ...application)).Endpoints,
    ).toHaveLength(1);
    await aws('sns', 'delete-endpoint', ...one);
    await aws('sns', 'delete-platform-application', ...application);
    expect(world.notices).toEqual([
      expect.stringContaining('an SMS to +15550100 is in '),
      expect.stringContaining(`a push notification to ${device} is in `),
    ]);
  });
});
