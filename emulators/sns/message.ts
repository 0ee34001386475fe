/** What a topic keeps of a message on its way to its subscribers. */
import type { TraceContext } from '../../src/model/invocation.ts';

/** The user's own typed attribute; binary values are base64. */
export interface MessageAttribute {
  /** `String`, `Number`, `Binary`, `String.Array`, or one of them with a suffix of the user's. */
  readonly type: string;
  readonly value: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What was asked to be published, checked. */
export interface Draft {
  readonly subject?: string;
  /** The text for those protocols that have none of their own. */
  readonly text: string;
  /** Texts by protocol, of `MessageStructure: json`. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly attributes: MessageAttributes;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** A message of a topic. */
export interface Notification extends Draft {
  readonly id: string;
  readonly topicArn: string;
  /** Epoch ms. */
  readonly at: number;
  /** FIFO topics only. */
  readonly sequenceNumber?: string;
  readonly origin?: TraceContext;
  /** Base URL the links in it begin with. */
  readonly endpoint: string;
}

/** What a subscriber of this protocol is sent. */
export function textFor({ text, texts }: Draft, protocol: string): string {
  return texts && Object.hasOwn(texts, protocol) ? (texts[protocol] ?? text) : text;
}
