import { expect, test } from 'vitest';
import { makeQueueEvent } from '../../../emulators/sqs/event.ts';
import type { Received } from '../../../emulators/sqs/message.ts';

const received: Received = {
  seq: 1,
  receiptHandle: 'handle-1',
  flight: { visibleAt: 0, receiveCount: 1, firstReceivedAt: 1523232000001, receipt: 'aa' },
  message: {
    id: '059f36b4-87a3-44ab-83d2-661975830a7d',
    body: '{"n":1}',
    bodyMd5: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    sentAt: 1523232000000,
    availableAt: 1523232000000,
    senderId: '000000000000',
    traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
    attributes: {
      WeeksOn: { DataType: 'Number', StringValue: '6' },
      Raw: { DataType: 'Binary', BinaryValue: 'AQI=' },
    },
  },
};

test('a record has every member the service gives it, spelled and ordered as there', () => {
  const event = makeQueueEvent([received], 'arn:aws:sqs:eu-west-1:000000000000:orders', 'eu-west-1');
  expect(event).toBe(
    JSON.stringify({
      Records: [
        {
          messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
          receiptHandle: 'handle-1',
          body: '{"n":1}',
          attributes: {
            ApproximateReceiveCount: '1',
            AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
            SentTimestamp: '1523232000000',
            SenderId: '000000000000',
            ApproximateFirstReceiveTimestamp: '1523232000001',
          },
          messageAttributes: {
            WeeksOn: { stringValue: '6', stringListValues: [], binaryListValues: [], dataType: 'Number' },
            Raw: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
          },
          md5OfMessageAttributes: 'b8873cec8d4ce4f9bc7549c3160886be',
          md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:orders',
          awsRegion: 'eu-west-1',
        },
      ],
    }),
  );
});

test('a FIFO record carries group, sequence number and deduplication id; without attributes there is no digest of them', () => {
  const { attributes: _, traceHeader: __, ...message } = received.message;
  const fifo = {
    ...received,
    message: { ...message, groupId: 'g', deduplicationId: 'd', sequenceNumber: '18849496460467696128' },
  };
  const { Records: records } = JSON.parse(makeQueueEvent([fifo], 'arn', 'eu-west-1'));
  expect(records[0].attributes).toEqual({
    ApproximateReceiveCount: '1',
    SentTimestamp: '1523232000000',
    SequenceNumber: '18849496460467696128',
    MessageGroupId: 'g',
    SenderId: '000000000000',
    MessageDeduplicationId: 'd',
    ApproximateFirstReceiveTimestamp: '1523232000001',
  });
  expect(records[0].messageAttributes).toEqual({});
  expect(records[0]).not.toHaveProperty('md5OfMessageAttributes');
});
