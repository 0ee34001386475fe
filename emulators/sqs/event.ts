/** The event a function gets for a batch of messages. */

import { attributesMd5 } from './digest.ts';
import type { MessageAttributes, Received } from './message.ts';
import { systemAttributes } from './system-attributes.ts';

/** JSON text. */
export function makeQueueEvent(batch: readonly Received[], queueArn: string, region: string): string {
  return JSON.stringify({ Records: batch.map((received) => recordOf(received, queueArn, region)) });
}

/** One message, as the function gets it. */
export function recordOf(received: Received, queueArn: string, region: string) {
  const { message, receiptHandle } = received;
  return {
    messageId: message.id,
    receiptHandle,
    body: message.body,
    attributes: systemAttributes(received),
    messageAttributes: userAttributes(message.attributes ?? {}),
    ...(message.attributes && { md5OfMessageAttributes: attributesMd5(message.attributes) }),
    md5OfBody: message.bodyMd5,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

/** The list values are always there and always empty: SQS has never had them. */
function userAttributes(attributes: MessageAttributes) {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  return Object.fromEntries(entries);
}
