/** What a topic for large messages may not have. Source: developer guide, "Large message payloads". */
import { invalidParameter } from './errors.ts';
import { type Attributes, messageBytesOf, USUAL_MESSAGE_BYTES } from './topic-attributes.ts';
import type { Topic } from './topics.ts';

const MOST_SUBSCRIPTIONS = 100;
const PROTOCOLS: ReadonlySet<string> = new Set(['sqs', 'lambda', 'firehose']);

/** Throws what the service answers to one more subscription of this protocol. */
export function checkRoomForSubscription({ record, subscriptions }: Topic, protocol: string): void {
  if (messageBytesOf(record.attributes) <= USUAL_MESSAGE_BYTES) return;
  if (!PROTOCOLS.has(protocol))
    throw invalidParameter(
      `Protocol Reason: topics with a MaximumMessageSize above ${USUAL_MESSAGE_BYTES} can not have subscribers of the protocol ${protocol}`,
    );
  if (subscriptions.length >= MOST_SUBSCRIPTIONS)
    throw invalidParameter(
      `Topics with a MaximumMessageSize above ${USUAL_MESSAGE_BYTES} can have ${MOST_SUBSCRIPTIONS} subscriptions`,
    );
}

/** Throws what the service answers to a topic that is to take large messages and has subscriptions that do not. */
export function checkSubscriptionsFor(attributes: Attributes, { subscriptions }: Topic): void {
  if (messageBytesOf(attributes) <= USUAL_MESSAGE_BYTES) return;
  const other = subscriptions.find(({ record }) => !PROTOCOLS.has(record.protocol));
  if (other || subscriptions.length > MOST_SUBSCRIPTIONS)
    throw invalidParameter(
      `Attributes Reason: MaximumMessageSize: ${other ? `the topic has a subscriber of the protocol ${other.record.protocol}` : `the topic has more than ${MOST_SUBSCRIPTIONS} subscriptions`}`,
    );
}
