import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { type RunningSqs, startSqs } from './running-queue.ts';

let sqs: RunningSqs;
let url: string;
beforeAll(async () => {
  sqs = await startSqs();
  url = await sqs.queue('q');
});
afterAll(async () => {
  await sqs.emulator.close();
  await sqs.store.close();
});

/** Code in JSON, code in the query protocol, message. */
const refused: [string, string, JsonObject, string, string, string][] = [
  [
    'a queue that is not there',
    'SendMessage',
    { QueueUrl: 'http://x/0/none', MessageBody: 'x' },
    'QueueDoesNotExist',
    'AWS.SimpleQueueService.NonExistentQueue',
    'The specified queue does not exist.',
  ],
  [
    'no queue URL',
    'SendMessage',
    { MessageBody: 'x' },
    'MissingRequiredParameterException',
    'MissingParameter',
    'The request must contain the parameter QueueUrl.',
  ],
  [
    'an empty body',
    'SendMessage',
    { QueueUrl: 'q', MessageBody: '' },
    'MissingRequiredParameterException',
    'MissingParameter',
    'The request must contain the parameter MessageBody.',
  ],
  [
    'a control character',
    'SendMessage',
    { QueueUrl: 'q', MessageBody: 'a\u0000b' },
    'InvalidMessageContents',
    'InvalidMessageContents',
    "Invalid binary character '#x0' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
  ],
  [
    'a body above the limit',
    'SendMessage',
    { QueueUrl: 'q', MessageBody: 'x'.repeat(1_048_577) },
    'InvalidParameterValueException',
    'InvalidParameterValue',
    'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
  ],
  [
    'an attribute without a value',
    'SendMessage',
    {
      QueueUrl: 'q',
      MessageBody: 'x',
      MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } },
    },
    'InvalidParameterValueException',
    'InvalidParameterValue',
    "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
  ],
  [
    'too many messages at once',
    'ReceiveMessage',
    { QueueUrl: 'q', MaxNumberOfMessages: 11 },
    'InvalidParameterValueException',
    'InvalidParameterValue',
    'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  ],
  [
    'too long a wait',
    'ReceiveMessage',
    { QueueUrl: 'q', WaitTimeSeconds: 21 },
    'InvalidParameterValueException',
    'InvalidParameterValue',
    'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
  ],
  [
    'an empty batch',
    'DeleteMessageBatch',
    { QueueUrl: 'q', Entries: [] },
    'EmptyBatchRequest',
    'AWS.SimpleQueueService.EmptyBatchRequest',
    'There should be at least one DeleteMessageBatchRequestEntry in the request.',
  ],
  [
    'eleven entries',
    'SendMessageBatch',
    { QueueUrl: 'q', Entries: Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' })) },
    'TooManyEntriesInBatchRequest',
    'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    'Maximum number of entries per request are 10. You have sent 11.',
  ],
  [
    'the same entry id twice',
    'SendMessageBatch',
    {
      QueueUrl: 'q',
      Entries: [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ],
    },
    'BatchEntryIdsNotDistinct',
    'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    'Id a repeated.',
  ],
  [
    'an entry id with a colon',
    'SendMessageBatch',
    { QueueUrl: 'q', Entries: [{ Id: 'a:b', MessageBody: 'x' }] },
    'InvalidBatchEntryId',
    'AWS.SimpleQueueService.InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  ],
  [
    'a batch above the limit',
    'SendMessageBatch',
    {
      QueueUrl: 'q',
      Entries: [
        { Id: 'a', MessageBody: 'x'.repeat(1_048_576) },
        { Id: 'b', MessageBody: 'y' },
      ],
    },
    'BatchRequestTooLong',
    'AWS.SimpleQueueService.BatchRequestTooLong',
    'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
  ],
  [
    'a queue name with a dot',
    'CreateQueue',
    { QueueName: 'a.b' },
    'InvalidParameterValueException',
    'InvalidParameterValue',
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  ],
  [
    'an unknown attribute',
    'CreateQueue',
    { QueueName: 'n', Attributes: { Colour: 'red' } },
    'InvalidAttributeName',
    'InvalidAttributeName',
    'Unknown Attribute Colour.',
  ],
  [
    'a FIFO attribute on a standard queue',
    'CreateQueue',
    { QueueName: 'n', Attributes: { DeduplicationScope: 'queue' } },
    'InvalidAttributeName',
    'InvalidAttributeName',
    'You can specify the DeduplicationScope only when FifoQueue is set to true.',
  ],
  [
    'an attribute out of range',
    'SetQueueAttributes',
    { QueueUrl: 'q', Attributes: { VisibilityTimeout: '43201' } },
    'InvalidAttributeValue',
    'InvalidAttributeValue',
    'Invalid value for the parameter VisibilityTimeout.',
  ],
  [
    'the same name with other attributes',
    'CreateQueue',
    { QueueName: 'q', Attributes: { DelaySeconds: '1' } },
    'QueueNameExists',
    'QueueAlreadyExists',
    'A queue already exists with the same name and a different value for attribute DelaySeconds',
  ],
  [
    'a dead-letter target that is no ARN',
    'SetQueueAttributes',
    {
      QueueUrl: 'q',
      Attributes: { RedrivePolicy: '{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}' },
    },
    'InvalidParameterValueException',
    'InvalidParameterValue',
    'Value {"deadLetterTargetArn": "dummy", "maxReceiveCount": 42} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.',
  ],
];

test.each(refused)(
  'refuses %s with the service’s code and words',
  async (_, operation, input, code, queryCode, message) => {
    await expect(sqs.call(operation, input)).rejects.toMatchObject({ code, queryCode, message, status: 400 });
  },
);

test('the same name and attributes answer the queue there is', async () => {
  const again = await sqs.call('CreateQueue', { QueueName: 'q', Attributes: { VisibilityTimeout: '30' } });
  expect(again).toEqual({ QueueUrl: url });
});

test('a new queue has the service’s defaults', async () => {
  const { Attributes: found } = await sqs.call('GetQueueAttributes', {
    QueueUrl: url,
    AttributeNames: ['All'],
  });
  expect(found).toEqual({
    QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:q',
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    CreatedTimestamp: '1767225600',
    LastModifiedTimestamp: '1767225600',
    VisibilityTimeout: '30',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
  });
});

test('an empty value takes an attribute back', async () => {
  const own = await sqs.queue('own', { VisibilityTimeout: '5', KmsMasterKeyId: 'key' });
  await sqs.call('SetQueueAttributes', {
    QueueUrl: own,
    Attributes: { VisibilityTimeout: '', KmsMasterKeyId: '' },
  });
  const { Attributes: found } = await sqs.call('GetQueueAttributes', {
    QueueUrl: own,
    AttributeNames: ['VisibilityTimeout', 'KmsMasterKeyId', 'SqsManagedSseEnabled'],
  });
  expect(found).toEqual({ VisibilityTimeout: '30', SqsManagedSseEnabled: 'false' });
});

test('a batch answers each entry for itself', async () => {
  const own = await sqs.queue('batch');
  const answer = await sqs.call('SendMessageBatch', {
    QueueUrl: own,
    Entries: [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: 'x', DelaySeconds: 901 },
    ],
  });
  expect(answer).toMatchObject({
    Successful: [{ Id: 'good', MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6' }],
    Failed: [{ Id: 'bad', SenderFault: true, Code: 'InvalidParameterValue' }],
  });
  const [got] = await sqs.receive(own);
  const removed = await sqs.call('DeleteMessageBatch', {
    QueueUrl: own,
    Entries: [
      { Id: '1', ReceiptHandle: got?.handle ?? '' },
      { Id: '2', ReceiptHandle: 'nonsense' },
    ],
  });
  expect(removed).toMatchObject({
    Successful: [{ Id: '1' }],
    Failed: [{ Id: '2', Code: 'ReceiptHandleIsInvalid' }],
  });
});

test('a batch without a failure names none, and has its own words for one that is too long', async () => {
  const own = await sqs.queue('small', { MaximumMessageSize: '1024' });
  const send = (MessageBody: string) =>
    sqs.call('SendMessageBatch', { QueueUrl: own, Entries: [{ Id: 'a', MessageBody }] });
  expect(await send('x')).not.toHaveProperty('Failed');
  expect(await send('x'.repeat(1025))).toMatchObject({
    Failed: [
      {
        Message:
          'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
      },
    ],
  });
});

test('flags are taken in capitals, and attribute names in any alphabet', async () => {
  const own = await sqs.queue('order.fifo', { FifoQueue: 'True', ContentBasedDeduplication: 'TRUE' });
  const { Attributes } = await sqs.call('GetQueueAttributes', { QueueUrl: own, AttributeNames: ['All'] });
  expect(Attributes).toMatchObject({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const MessageAttributes = { 'attr.1øßä': { StringValue: 'x', DataType: 'String' } };
  const terms = { QueueUrl: own, MessageBody: 'x', MessageGroupId: 'g', MessageAttributes };
  expect(await sqs.call('SendMessage', terms)).toHaveProperty('MessageId');
});

test('after a purge a deduplication id is new again', async () => {
  const own = await sqs.queue('again.fifo', { FifoQueue: 'true' });
  const send = (MessageBody: string) =>
    sqs.call('SendMessage', {
      ...{ QueueUrl: own, MessageBody, MessageGroupId: 'g', MessageDeduplicationId: 'd' },
    });
  await send('first');
  await sqs.call('PurgeQueue', { QueueUrl: own });
  await send('second');
  expect((await sqs.receive(own)).map(({ body }) => body)).toEqual(['second']);
});

/** Digests the service gave for the same attributes. */
test('digests are the service’s, over the attributes that were asked for', async () => {
  const own = await sqs.queue('digests', { VisibilityTimeout: '0' });
  const text = (value: string) => ({ DataType: 'String', StringValue: value });
  const sent = await sqs.send(own, 'msg', {
    MessageAttributes: { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') },
  });
  expect(sent).toMatchObject({
    MD5OfMessageBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
    MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5',
  });
  const digest = async (...names: string[]) => {
    const [got] = await sqs.receive(own, { MessageAttributeNames: names });
    return got?.json.MD5OfMessageAttributes;
  };
  expect(await digest('.*')).toBe('4c360f3fdafd970e05fae2f149d997f5');
  expect(await digest('Hello', 'General')).toBe('fca026605781cb4126a1e9044df24232');
  expect(await digest('Hel.*')).toBeUndefined();
  expect(await digest('nothing')).toBeUndefined();
  const bytes = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
  const binary = { DataType: 'Binary', BinaryValue: bytes.toString('base64') };
  expect(await sqs.send(own, 'test', { MessageAttributes: { attr1: binary } })).toMatchObject({
    MD5OfMessageAttributes: '8cbe4db156db8a94db8b801b7addb984',
  });
});

test('changing the visibility of a message that is not in flight is refused', async () => {
  const own = await sqs.queue('visibility', { VisibilityTimeout: '1' });
  await sqs.send(own, 'x');
  const [got] = await sqs.receive(own);
  const change = { QueueUrl: own, ReceiptHandle: got?.handle ?? '', VisibilityTimeout: 5 };
  await sqs.clock.advance(1000);
  await expect(sqs.call('ChangeMessageVisibility', change)).rejects.toMatchObject({
    code: 'MessageNotInflight',
  });
});

test('queues are listed by prefix and in pages', async () => {
  for (const name of ['page-1', 'page-2', 'page-3']) await sqs.queue(name);
  const first = await sqs.call('ListQueues', { QueueNamePrefix: 'page-', MaxResults: 2 });
  expect(first.QueueUrls).toHaveLength(2);
  const rest = await sqs.call('ListQueues', {
    QueueNamePrefix: 'page-',
    MaxResults: 2,
    NextToken: first.NextToken ?? '',
  });
  expect(rest).toEqual({ QueueUrls: ['http://127.0.0.1:4566/000000000000/page-3'] });
  expect(await sqs.call('ListQueues', { QueueNamePrefix: 'none' })).toEqual({});
});

test('tags are kept, shown and taken off', async () => {
  await sqs.call('TagQueue', { QueueUrl: url, Tags: { team: 'shop', stage: 'dev' } });
  await sqs.call('UntagQueue', { QueueUrl: url, TagKeys: ['stage'] });
  expect(await sqs.call('ListQueueTags', { QueueUrl: url })).toEqual({ Tags: { team: 'shop' } });
});

test('permissions are kept in the policy', async () => {
  const own = await sqs.queue('policy');
  const permission = {
    QueueUrl: own,
    Label: 'l',
    AWSAccountIds: ['111111111111'],
    Actions: ['ReceiveMessage'],
  };
  await sqs.call('AddPermission', permission);
  await expect(sqs.call('AddPermission', permission)).rejects.toMatchObject({
    message: 'Value l for parameter Label is invalid. Reason: Already exists.',
  });
  const policy = async () =>
    (await sqs.call('GetQueueAttributes', { QueueUrl: own, AttributeNames: ['Policy'] })).Attributes;
  expect(JSON.parse(String(((await policy()) as JsonObject).Policy)).Statement[0].Principal).toEqual({
    AWS: 'arn:aws:iam::111111111111:root',
  });
  await sqs.call('RemovePermission', { QueueUrl: own, Label: 'l' });
  expect(await policy()).toBeUndefined();
});
