/** What becomes of a published message: who gets it, and in what form. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { makeFunction, TRACE_ID } from '../world.ts';
import { FUNCTIONS, QUEUES, type RunningSns, startSns, TOPICS } from './running-sns.ts';

let sns: RunningSns;
let orders: string;
beforeEach(async () => {
  sns = await startSns();
  sns.peers.add(`${QUEUES}work`).add(`${QUEUES}dead`).add(`${QUEUES}work.fifo`);
  orders = await sns.topic('orders');
});
afterEach(async () => {
  await sns.emulator.close();
  await sns.store.close();
});

const origin = { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' };

test('a queue gets the document, with the trace of the publish', async () => {
  const arn = await sns.subscribe(orders, 'sqs', `${QUEUES}work`);
  const { MessageId: id } = await sns.publish(orders, 'hello\n"you"', {
    Subject: 'Greeting',
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'a' },
      bytes: { DataType: 'Binary', BinaryValue: 'AQI=' },
    },
  });
  const [message] = sns.sent;
  expect(message).toMatchObject({ arn: `${QUEUES}work`, origin });
  expect(message?.attributes).toBeUndefined();
  expect(message?.body).toMatch(/^\{\n {2}"Type" : "Notification",\n {2}"MessageId" : "/);
  expect(JSON.parse(message?.body ?? '')).toEqual({
    Type: 'Notification',
    MessageId: id,
    TopicArn: orders,
    Subject: 'Greeting',
    Message: 'hello\n"you"',
    Timestamp: new Date(sns.clock.now()).toISOString(),
    SignatureVersion: '1',
    Signature: expect.stringMatching(/^[\w+/]{342}==$/),
    SigningCertURL: expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:4566\/SimpleNotificationService-[0-9a-f]{32}\.pem$/,
    ),
    UnsubscribeURL: `http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    MessageAttributes: { kind: { Type: 'String', Value: 'a' }, bytes: { Type: 'Binary', Value: 'AQI=' } },
  });
});

test('raw delivery gives a queue the bare message and its attributes', async () => {
  await sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'true' });
  await sns.publish(orders, 'bare', {
    MessageAttributes: {
      list: { DataType: 'String.Array', StringValue: '["a"]' },
      bytes: { DataType: 'Binary', BinaryValue: 'AQI=' },
    },
  });
  expect(sns.sent).toEqual([
    {
      arn: `${QUEUES}work`,
      body: 'bare',
      attributes: {
        list: { type: 'String.Array', value: '["a"]' },
        bytes: { type: 'Binary', value: 'AQI=' },
      },
      origin,
    },
  ]);
});

test('a function gets the event asynchronously', async () => {
  sns.functions = [makeFunction()];
  const arn = await sns.subscribe(orders, 'lambda', `${FUNCTIONS}shop-dev-worker:live`);
  const { MessageId: id } = await sns.publish(orders, 'run');
  const [request] = sns.enqueued;
  expect(request).toMatchObject({
    functionId: 'worker',
    cause: { kind: 'topic', topic: 'orders', messageId: id },
    origin,
    invokedArn: `${FUNCTIONS}shop-dev-worker:live`,
  });
  expect(JSON.parse(request?.event ?? '')).toEqual({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: arn,
        Sns: {
          Type: 'Notification',
          MessageId: id,
          TopicArn: orders,
          Subject: null,
          Message: 'run',
          Timestamp: new Date(sns.clock.now()).toISOString(),
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertUrl: expect.stringMatching(/\.pem$/),
          UnsubscribeUrl: expect.stringContaining('Action=Unsubscribe'),
          MessageAttributes: {},
        },
      },
    ],
  });
});

test('with MessageStructure json each protocol gets its own text', async () => {
  sns.functions = [makeFunction()];
  await sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'true' });
  await sns.subscribe(orders, 'lambda', `${FUNCTIONS}shop-dev-worker`);
  await sns.publish(orders, JSON.stringify({ default: 'for all', sqs: 'for queues', odd: 5 }), {
    MessageStructure: 'json',
  });
  expect(sns.sent.map(({ body }) => body)).toEqual(['for queues']);
  expect(JSON.parse(sns.enqueued[0]?.event ?? '').Records[0].Sns.Message).toBe('for all');
});

test('what cannot be delivered goes to the dead-letter queue of the subscription, else a notice says so', async () => {
  const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUES}dead` }) };
  await sns.subscribe(orders, 'lambda', `${FUNCTIONS}gone`, redrive);
  await sns.subscribe(orders, 'sqs', `${QUEUES}gone`);
  await sns.publish(orders, 'lost?');
  expect(sns.sent.map(({ arn, body }) => [arn, JSON.parse(body).Message])).toEqual([
    [`${QUEUES}dead`, 'lost?'],
  ]);
  expect(sns.notices).toEqual([
    expect.stringMatching(/^orders → lambda .*gone: there is no such function.*went to dead$/),
    expect.stringMatching(/^orders → sqs .*gone: there is no such queue.*was dropped/),
  ]);
});

test('a topic takes messages as large as it says, for subscribers that can', async () => {
  const set = async (AttributeValue: string) =>
    sns.call('SetTopicAttributes', {
      ...{ TopicArn: orders, AttributeName: 'MaximumMessageSize', AttributeValue },
    });
  await set('1048576');
  await sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'true' });
  const large = 'x'.repeat(1_048_576);
  await sns.publish(orders, large);
  expect(sns.sent).toMatchObject([{ body: large }]);
  await expect(sns.publish(orders, `${large}x`)).rejects.toMatchObject({ message: /Message too long/ });
  await expect(sns.subscribe(orders, 'sms', '+491701234567')).rejects.toMatchObject({
    ...{ code: 'InvalidParameterException', message: /can not have subscribers of the protocol sms/ },
  });
  await set('');
  await expect(sns.publish(orders, 'x'.repeat(262_145))).rejects.toMatchObject({ message: /too long/ });
  await sns.subscribe(orders, 'sms', '+491701234567');
  await expect(set('1048576')).rejects.toMatchObject({ message: /a subscriber of the protocol sms/ });
  for (const wrong of ['1023', '1048577', 'many'])
    await expect(set(wrong)).rejects.toMatchObject({ code: 'InvalidParameterException' });
});

test.each([
  ['an empty message', { Message: '' }, 'InvalidParameter', 'Empty message'],
  ['no topic', { TopicArn: '' }, 'InvalidParameter', 'at least 6 elements, not 1'],
  ['a topic that is not there', { TopicArn: `${TOPICS}none` }, 'NotFound', 'Topic does not exist'],
  ['no ARN', { TopicArn: 'orders' }, 'InvalidParameter', 'at least 6 elements, not 1'],
  ['a message over 256 KB', { Message: 'x'.repeat(262_145) }, 'InvalidParameter', 'Message too long'],
  ['a subject with a line break', { Subject: 'a\nb' }, 'InvalidParameter', 'Subject'],
  ['a subject of 101 characters', { Subject: 'a'.repeat(101) }, 'InvalidParameter', 'Subject'],
  ['JSON that is none', { MessageStructure: 'json' }, 'InvalidParameter', 'failed to parse'],
  [
    'JSON without default',
    { MessageStructure: 'json', Message: '{"sqs":"x"}' },
    'InvalidParameter',
    'No default entry',
  ],
  [
    'a deduplication id',
    { MessageDeduplicationId: 'a' },
    'InvalidParameter',
    'not valid for this topic type',
  ],
  [
    'an attribute of an unknown type',
    { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } },
    'ParameterValueInvalid',
    "'a' has an invalid message attribute type",
  ],
  [
    'an attribute without a value',
    { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
    'ParameterValueInvalid',
    'must contain non-empty message attribute value',
  ],
  [
    'a number that is none',
    { MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
    'ParameterValueInvalid',
    "Could not cast message attribute 'a' value to number.",
  ],
])('%s is refused', async (_, change, queryCode, message) => {
  const published = sns.publish(orders, 'x', change);
  await expect(published).rejects.toMatchObject({ queryCode, message: expect.stringContaining(message) });
});

test('a batch is published, and not at all when one of its messages is bad', async () => {
  await sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'true' });
  const publish = (...messages: JsonObject[]) =>
    sns.call('PublishBatch', {
      TopicArn: orders,
      PublishBatchRequestEntries: messages.map((one, at) => ({ Id: `m${at}`, Message: 'x', ...one })),
    });
  expect(await publish({ Message: 'one' }, { Message: 'two' })).toEqual({
    Successful: [
      { Id: 'm0', MessageId: expect.any(String) },
      { Id: 'm1', MessageId: expect.any(String) },
    ],
    Failed: [],
  });
  const wrong = { a: { DataType: 'Number', StringValue: 'x' } };
  await expect(publish({}, { MessageAttributes: wrong })).rejects.toMatchObject({
    queryCode: 'ParameterValueInvalid',
  });
  await expect(publish({}, { Message: '' })).rejects.toMatchObject({ queryCode: 'InvalidParameter' });
  expect(sns.sent.map(({ body }) => body)).toEqual(['one', 'two']);
});

test.each<[string, JsonObject, string]>([
  ['a.', {}, "Invalid message attribute name ending with character '.' was found."],
  ['.a', {}, "Invalid message attribute name starting with character '.' was found."],
  ['a..b', {}, "Message attribute name can not have successive '.' character."],
  ['a^b', {}, "Invalid non-alphanumeric character '#x5E' was found in the message attribute name."],
  ['a'.repeat(257), {}, 'Length of message attribute name must be less than 256 bytes.'],
  ['a', { DataType: 'String.' }, 'has an invalid message attribute type'],
  ['a', { DataType: 'Stringy' }, 'has an invalid message attribute type'],
  ['a', { DataType: 'Binary' }, "The message attribute 'a' with type 'Binary' must use field 'Binary'."],
])('an attribute %s %j is refused in the service’s words', async (name, change, message) => {
  const MessageAttributes = { [name]: { DataType: 'String', StringValue: 'x', ...change } };
  await expect(sns.publish(orders, 'x', { MessageAttributes })).rejects.toMatchObject({
    queryCode: 'ParameterValueInvalid',
    message: expect.stringContaining(message),
  });
});

test.each([
  ['without entries', [], 'EmptyBatchRequest'],
  [
    'of eleven',
    Array.from({ length: 11 }, (_, at) => ({ Id: `m${at}`, Message: 'x' })),
    'TooManyEntriesInBatchRequest',
  ],
  [
    'with an id twice',
    [
      { Id: 'a', Message: 'x' },
      { Id: 'a', Message: 'y' },
    ],
    'BatchEntryIdsNotDistinct',
  ],
  ['with a wrong id', [{ Id: 'a b', Message: 'x' }], 'InvalidBatchEntryId'],
  [
    'over 256 KB together',
    [
      { Id: 'a', Message: 'x'.repeat(200_000) },
      { Id: 'b', Message: 'x'.repeat(200_000) },
    ],
    'BatchRequestTooLong',
  ],
])('a batch %s is refused as a whole', async (_, entries, queryCode) => {
  const published = sns.call('PublishBatch', { TopicArn: orders, PublishBatchRequestEntries: entries });
  await expect(published).rejects.toMatchObject({ queryCode });
});

describe('a FIFO topic', () => {
  let fifo: string;
  beforeEach(async () => {
    fifo = await sns.topic('orders.fifo', { FifoTopic: 'true' });
    await sns.subscribe(fifo, 'sqs', `${QUEUES}work.fifo`);
  });
  const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };

  test('hands group and deduplication id on, numbers its messages and does not sign them', async () => {
    const first = await sns.publish(fifo, 'one', ids);
    const second = await sns.publish(fifo, 'two', { ...ids, MessageDeduplicationId: 'e' });
    expect(first.SequenceNumber).toMatch(/^\d{20}$/);
    expect(String(second.SequenceNumber) > String(first.SequenceNumber)).toBe(true);
    expect(sns.sent).toMatchObject([
      { arn: `${QUEUES}work.fifo`, groupId: 'g', deduplicationId: 'd' },
      { arn: `${QUEUES}work.fifo`, groupId: 'g', deduplicationId: 'e' },
    ]);
    const body = JSON.parse(sns.sent[0]?.body ?? '');
    expect(body.SequenceNumber).toBe(first.SequenceNumber);
    expect(body).not.toHaveProperty('Signature');
  });

  test('publishes a deduplication id once in five minutes', async () => {
    const first = await sns.publish(fifo, 'one', ids);
    await sns.clock.advance(5 * 60_000 - 1);
    expect(await sns.publish(fifo, 'other text', ids)).toEqual(first);
    expect(sns.sent).toHaveLength(1);
    await sns.clock.advance(1);
    expect(await sns.publish(fifo, 'one', ids)).not.toEqual(first);
    expect(sns.sent).toHaveLength(2);
  });

  test('makes the deduplication id of the message where it may', async () => {
    await expect(sns.publish(fifo, 'x', { MessageGroupId: 'g' })).rejects.toThrow(
      'ContentBasedDeduplication',
    );
    await sns.call('SetTopicAttributes', {
      TopicArn: fifo,
      AttributeName: 'ContentBasedDeduplication',
      AttributeValue: 'true',
    });
    await sns.publish(fifo, 'x', { MessageGroupId: 'g' });
    await sns.publish(fifo, 'x', { MessageGroupId: 'h' });
    expect(sns.sent).toHaveLength(1);
    expect(sns.sent[0]?.deduplicationId).toBe(
      '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
    );
  });

  test('deduplicates by group where its throughput is that of groups', async () => {
    await sns.call('SetTopicAttributes', {
      TopicArn: fifo,
      AttributeName: 'FifoThroughputScope',
      AttributeValue: 'MessageGroup',
    });
    await sns.publish(fifo, 'x', ids);
    await sns.publish(fifo, 'x', { ...ids, MessageGroupId: 'h' });
    await sns.publish(fifo, 'x', ids);
    expect(sns.sent.map(({ groupId }) => groupId)).toEqual(['g', 'h']);
  });

  test('wants a group, and takes queues only', async () => {
    await expect(sns.publish(fifo, 'x')).rejects.toThrow('MessageGroupId parameter is required');
    await expect(sns.subscribe(fifo, 'http', 'http://localhost/x')).rejects.toThrow('FIFO topics');
    await expect(sns.subscribe(orders, 'sqs', `${QUEUES}work.fifo`)).rejects.toThrow(
      'FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  });
});

describe('a message of another service', () => {
  test('is published to the topic its ARN names', async () => {
    await sns.subscribe(orders, 'sqs', `${QUEUES}work`);
    const accepted = sns.emulator.accept?.({
      ...{ arn: orders, body: 'record', origin },
      attributes: { RequestID: { type: 'String', value: 'r' } },
    });
    expect(accepted).toBe(true);
    expect(sns.sent[0]).toMatchObject({ origin });
    expect(JSON.parse(sns.sent[0]?.body ?? '')).toMatchObject({
      Message: 'record',
      MessageAttributes: { RequestID: { Type: 'String', Value: 'r' } },
    });
  });

  test('is not taken where there is no such topic', () => {
    expect(sns.emulator.accept?.({ arn: `${TOPICS}none`, body: 'x' })).toBe(false);
    expect(sns.emulator.accept?.({ arn: `${QUEUES}work`, body: 'x' })).toBe(false);
  });
});
