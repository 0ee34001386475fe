/** The attributes the service itself puts on a received message. */
import type { Received } from './message.ts';

const NAMES = [
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'SentTimestamp',
  'SequenceNumber',
  'MessageGroupId',
  'SenderId',
  'MessageDeduplicationId',
  'ApproximateFirstReceiveTimestamp',
  'DeadLetterQueueSourceArn',
] as const;

export const isSystemAttribute = (name: string) => NAMES.some((known) => known === name);

/** Those a message has, all as text; times are epoch ms. */
export function systemAttributes({ message, flight }: Received): Record<string, string> {
  const values: Record<(typeof NAMES)[number], string | undefined> = {
    ApproximateReceiveCount: String(flight.receiveCount),
    AWSTraceHeader: message.traceHeader,
    SentTimestamp: String(message.sentAt),
    SequenceNumber: message.sequenceNumber,
    MessageGroupId: message.groupId,
    SenderId: message.senderId,
    MessageDeduplicationId: message.deduplicationId,
    ApproximateFirstReceiveTimestamp: String(flight.firstReceivedAt),
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
  const present: Record<string, string> = {};
  for (const name of NAMES) {
    const value = values[name];
    if (value !== undefined) present[name] = value;
  }
  return present;
}
