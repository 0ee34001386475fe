/** What a queue keeps of a message. */
import type { QueuedMessage } from '../../src/model/faults.ts';
import type { TraceContext } from '../../src/model/invocation.ts';

/** The user's own typed attribute. Binary values are base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** Written once when it is sent. Times are epoch ms. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly sentAt: number;
  /** When it first becomes visible. */
  readonly availableAt: number;
  readonly senderId: string;
  /** Absent when there are none. */
  readonly attributes?: MessageAttributes;
  /** The X-Ray header consumers see. */
  readonly traceHeader?: string;
  /** Where in the trace it was sent. */
  readonly origin?: TraceContext;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  /** ARN of the queue it came from, in a dead-letter queue. */
  readonly deadLetterSource?: string;
}

/** What receiving a message changes. Absent before its first receive. */
export interface Flight {
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
  /** Random part of the newest receipt handle; empty after a move to a dead-letter queue. */
  readonly receipt: string;
}

/** A message as one receive got it. */
export interface Received {
  readonly seq: number;
  readonly message: Message;
  readonly flight: Flight;
  readonly receiptHandle: string;
}

/** The message as a simulator is told of it. */
export function queuedMessage(
  queue: string,
  { seq, message }: { readonly seq: number; readonly message: Message },
): QueuedMessage {
  return { queue, seq, id: message.id, groupId: message.groupId, origin: message.origin };
}
