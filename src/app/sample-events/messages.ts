/** Messages of queues and topics, made by the code that makes those of a session. */

import { makeEnvelopes } from '../../../emulators/sns/envelope.ts';
import { makeTopicEvent } from '../../../emulators/sns/event.ts';
import { md5, sha256 } from '../../../emulators/sqs/digest.ts';
import { makeQueueEvent } from '../../../emulators/sqs/event.ts';
import type { Received } from '../../../emulators/sqs/message.ts';
import { sequenceNumberOf } from '../../../emulators/sqs/post.ts';
import { encodeReceipt } from '../../../emulators/sqs/receipt.ts';
import { arn, base64, DEFAULT_BODY, namedValues, records, type Sample, type SampleSource } from './sample.ts';

export const messageSources: readonly SampleSource[] = [
  {
    name: 'sqs',
    describe: 'SQS, messages of a standard queue',
    type: 'SQSEvent',
    options: ['body', 'queue', 'attribute', 'count'],
    make: (sample) => makeQueueSample(sample, undefined),
  },
  {
    name: 'sqs-fifo',
    describe: 'SQS, messages of a FIFO queue',
    type: 'SQSEvent',
    options: ['body', 'queue', 'group', 'attribute', 'count'],
    make: (sample) => makeQueueSample(sample, sample.given.group ?? 'group-1'),
  },
  {
    name: 'sns',
    describe: 'SNS, a message of a topic',
    type: 'SNSEvent',
    options: ['body', 'topic', 'subject', 'attribute'],
    make: makeTopicSample,
  },
  {
    name: 'sqs-from-sns',
    describe: 'SQS, a message that a topic sent to the queue',
    type: 'SQSEvent',
    options: ['body', 'queue', 'topic', 'subject'],
    make: (sample) =>
      makeQueueSample({ ...sample, given: { ...sample.given, body: envelopeText(sample) } }, undefined),
  },
];

function makeQueueSample(sample: Sample, groupId: string | undefined): unknown {
  const { given, ids, at, region, accountId } = sample;
  const { body = DEFAULT_BODY, queue = groupId === undefined ? 'queue' : 'queue.fifo' } = given;
  const attributes = Object.fromEntries(
    namedValues(given.attribute, 'attribute').map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );
  const batch = records(sample, (index): Received => {
    const nonce = ids.hex(16);
    return {
      seq: index + 1,
      message: {
        id: ids.uuid(),
        body,
        bodyMd5: md5(body),
        sentAt: at,
        availableAt: at,
        senderId: accountId,
        ...(Object.keys(attributes).length > 0 && { attributes }),
        ...(groupId !== undefined && {
          groupId,
          deduplicationId: sha256(`${body}${index}`),
          sequenceNumber: sequenceNumberOf(index + 1),
        }),
      },
      flight: { visibleAt: at + 30_000, receiveCount: 1, firstReceivedAt: at, receipt: nonce },
      receiptHandle: encodeReceipt({ queueId: 1, seq: index + 1, nonce }),
    };
  });
  return JSON.parse(makeQueueEvent(batch, arn(sample, 'sqs', queue), region));
}

function envelopesOf(sample: Sample) {
  const { given, ids, at } = sample;
  const topicArn = arn(sample, 'sns', given.topic ?? 'topic');
  const attributes = Object.fromEntries(
    namedValues(given.attribute, 'attribute').map(([name, value]) => [name, { type: 'String', value }]),
  );
  const subscriptionArn = `${topicArn}:${ids.uuid()}`;
  const envelopes = makeEnvelopes(
    {
      id: ids.uuid(),
      topicArn,
      at,
      text: given.body ?? DEFAULT_BODY,
      // Without one the event says null, which its type does not allow.
      subject: given.subject ?? 'Sample',
      attributes,
      endpoint: `https://sns.${sample.region}.amazonaws.com`,
    },
    '1',
    { sign: () => base64('a sample is not signed'), path: () => '/SimpleNotificationService-sample.pem' },
  );
  return { envelopes, subscription: { arn: subscriptionArn, topicArn } };
}

function makeTopicSample(sample: Sample): unknown {
  const { envelopes, subscription } = envelopesOf(sample);
  const envelope = envelopes.notification({ ...subscription, protocol: 'lambda' });
  return JSON.parse(makeTopicEvent(envelope, subscription.arn));
}

function envelopeText(sample: Sample): string {
  const { envelopes, subscription } = envelopesOf(sample);
  return JSON.stringify(envelopes.notification({ ...subscription, protocol: 'sqs' }));
}
