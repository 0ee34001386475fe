/** SQS through the clients people use: SDK v3 in each of its protocols, SDK v2, awscli. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-sqs';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import v2 from 'aws-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqs } from '../../../emulators/sqs/index.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'eu-west-1';

let world: World;
let running: RunningEndpoint;
let emulator: Awaited<ReturnType<typeof sqs.start>>;
beforeAll(async () => {
  world = makeWorld();
  emulator = await sqs.start({ ...world.context, clock: makeSystemClock() });
  running = await startTestEndpoint(() => (emulator.api ? [emulator.api] : []));
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  await emulator.close();
  await world.store.close();
});

const protocols: [string, object][] = [
  ['JSON', {}],
  [
    'the query protocol',
    {
      protocol: AwsQueryProtocol,
      protocolSettings: {
        defaultNamespace: 'com.amazonaws.sqs',
        errorTypeRegistries: [],
        xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
        version: '2012-11-05',
      },
    },
  ],
  [
    'CBOR',
    {
      protocol: SmithyRpcV2CborProtocol,
      protocolSettings: { defaultNamespace: 'com.amazonaws.sqs', errorTypeRegistries: [] },
    },
  ],
];

describe.each(protocols)('SDK v3 over %s', (title, settings) => {
  const name = `v3-${title.replaceAll(/\W/g, '')}`;
  let client: v3.SQSClient;
  let url: string;
  beforeAll(async () => {
    client = new v3.SQSClient({ region, credentials, endpoint: running.url, ...settings });
    const made = await client.send(
      new v3.CreateQueueCommand({
        QueueName: name,
        Attributes: { VisibilityTimeout: '20' },
        tags: { team: 'shop' },
      }),
    );
    url = made.QueueUrl ?? '';
  });
  afterAll(() => client.destroy());

  test('a message with attributes makes the round trip, digests checked by the client', async () => {
    expect(url).toBe(`${running.url}/000000000000/${name}`);
    const body = 'ünïcode & <xml> "quoted"\n\r\ttext';
    await client.send(
      new v3.SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'a' },
          number: { DataType: 'Number', StringValue: '1.5' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 7]) },
        },
      }),
    );
    const { Messages: [message] = [] } = await client.send(
      new v3.ReceiveMessageCommand({
        QueueUrl: url,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 1,
      }),
    );
    expect(message?.Body).toBe(body);
    expect(message?.Attributes?.ApproximateReceiveCount).toBe('1');
    expect(message?.MessageAttributes?.number?.StringValue).toBe('1.5');
    expect([...(message?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([0, 255, 7]);
    const handle = { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle };
    await client.send(new v3.ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 30 }));
    await client.send(new v3.DeleteMessageCommand(handle));
  });

  test('batches, attributes, tags and lists', async () => {
    const sent = await client.send(
      new v3.SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'a', MessageBody: '1' },
          { Id: 'b', MessageBody: '2', DelaySeconds: 901 },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id: id }) => id)).toEqual(['a']);
    expect(sent.Failed).toMatchObject([{ Id: 'b', SenderFault: true }]);
    const { Messages: messages = [] } = await client.send(
      new v3.ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
    );
    const entries = messages.map(({ ReceiptHandle: handle }, n) => ({ Id: `${n}`, ReceiptHandle: handle }));
    const removed = await client.send(new v3.DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }));
    expect(removed.Successful).toEqual([{ Id: '0' }]);
    const { Attributes: attributes } = await client.send(
      new v3.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(attributes).toMatchObject({ VisibilityTimeout: '20', ApproximateNumberOfMessages: '0' });
    expect((await client.send(new v3.ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({
      team: 'shop',
    });
    const { QueueUrls: urls } = await client.send(new v3.ListQueuesCommand({ QueueNamePrefix: name }));
    expect(urls).toEqual([url]);
    const { queueUrls: sources } = await client.send(
      new v3.ListDeadLetterSourceQueuesCommand({ QueueUrl: url }),
    );
    expect(sources ?? []).toEqual([]);
  });

  test('messages of a dead-letter queue are moved back', async () => {
    const dead = `${name}-dead`;
    const { QueueUrl: deadUrl = '' } = await client.send(new v3.CreateQueueCommand({ QueueName: dead }));
    const SourceArn = `arn:aws:sqs:${region}:000000000000:${dead}`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 });
    const { QueueUrl: workUrl = '' } = await client.send(
      new v3.CreateQueueCommand({ QueueName: `${name}-work`, Attributes: { RedrivePolicy } }),
    );
    await client.send(new v3.SendMessageCommand({ QueueUrl: workUrl, MessageBody: 'again' }));
    const receive = (QueueUrl: string, more = {}) =>
      client.send(new v3.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, ...more }));
    await receive(workUrl, { VisibilityTimeout: 0 });
    await receive(workUrl, { WaitTimeSeconds: 0 });
    const { TaskHandle = '' } = await client.send(new v3.StartMessageMoveTaskCommand({ SourceArn }));
    expect((await receive(workUrl)).Messages).toMatchObject([{ Body: 'again' }]);
    expect((await receive(deadUrl, { WaitTimeSeconds: 0 })).Messages).toBeUndefined();
    const { Results: results } = await client.send(
      new v3.ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 }),
    );
    expect(results).toMatchObject([{ SourceArn, ApproximateNumberOfMessagesMoved: 1 }]);
    await expect(
      client.send(new v3.CancelMessageMoveTaskCommand({ TaskHandle: `${TaskHandle}x` })),
    ).rejects.toThrow();
  });

  test('an error is the client’s own class or has the service’s name', async () => {
    await expect(client.send(new v3.GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
      name: expect.stringMatching(/QueueDoesNotExist|NonExistentQueue/),
      message: 'The specified queue does not exist.',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });
});

test('SDK v3 recognises errors by class', async () => {
  const client = new v3.SQSClient({ region, credentials, endpoint: running.url });
  await expect(client.send(new v3.GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toBeInstanceOf(
    v3.QueueDoesNotExist,
  );
  client.destroy();
});

test('SDK v2 sends, receives and deletes', async () => {
  const client = new v2.SQS({ region, credentials, endpoint: running.url });
  const { QueueUrl: url = '' } = await client.createQueue({ QueueName: 'v2' }).promise();
  const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
  await client.sendMessage({ QueueUrl: url, MessageBody: 'x', MessageAttributes }).promise();
  const { Messages: [message] = [] } = await client
    .receiveMessage({ QueueUrl: url, MessageAttributeNames: ['All'], AttributeNames: ['All'] })
    .promise();
  expect(message).toMatchObject({ Body: 'x', MessageAttributes });
  await client.deleteMessage({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle ?? '' }).promise();
  await expect(client.getQueueUrl({ QueueName: 'none' }).promise()).rejects.toMatchObject({
    code: 'AWS.SimpleQueueService.NonExistentQueue',
  });
});

await describeWithTool('awscli', 'awscli', (program) => {
  const aws = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      ['--endpoint-url', running.url, '--region', region, '--output', 'json', 'sqs', ...args],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    return stdout === '' ? {} : JSON.parse(stdout);
  };

  test('makes a queue, sends, receives, deletes and shows attributes', async () => {
    const { QueueUrl: url } = await aws(
      'create-queue',
      '--queue-name',
      'cli',
      '--attributes',
      'DelaySeconds=0',
    );
    await aws('send-message', '--queue-url', url, '--message-body', 'from the shell');
    const { Messages: messages } = await aws(
      'receive-message',
      '--queue-url',
      url,
      '--wait-time-seconds',
      '1',
    );
    expect(messages).toMatchObject([{ Body: 'from the shell' }]);
    await aws('delete-message', '--queue-url', url, '--receipt-handle', messages[0].ReceiptHandle);
    const shown = await aws('get-queue-attributes', '--queue-url', url, '--attribute-names', 'All');
    expect(shown.Attributes).toMatchObject({ ApproximateNumberOfMessages: '0' });
    await aws('purge-queue', '--queue-url', url);
    await aws('delete-queue', '--queue-url', url);
  });

  test('shows the service’s error', async () => {
    await expect(aws('get-queue-url', '--queue-name', 'none')).rejects.toMatchObject({
      stderr: expect.stringContaining('(AWS.SimpleQueueService.NonExistentQueue)'),
    });
  });
});
