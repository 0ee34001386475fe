/** Publishes to a topic: stores the message with every subscriber before it returns. */
import type { TraceContext } from '../../src/model/invocation.ts';
import type { Clock, Ids } from '../../src/model/platform.ts';
import type { Deliveries } from './delivery/deliver.ts';
import { makeEnvelopes } from './envelope.ts';
import type { Draft, Notification } from './message.ts';
import type { Signer } from './signer.ts';
import type { Topic, Topics } from './topics.ts';

export interface PublishedMessage {
  readonly messageId: string;
  /** FIFO topics only. */
  readonly sequenceNumber?: string;
}

export interface Publisher {
  /** `endpoint` is what links in the message begin with. */
  publish(topic: Topic, draft: Draft, origin: TraceContext | undefined, endpoint: string): PublishedMessage;
}

export interface PublisherOptions {
  readonly topics: Topics;
  readonly deliveries: Deliveries;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly ids: Ids;
}

export function makePublisher({ topics, deliveries, signer, clock, ids }: PublisherOptions): Publisher {
  const { store } = topics;

  const fanOut = (topic: Topic, notification: Notification) => {
    const version = topic.record.attributes.SignatureVersion ?? '1';
    const envelopes = makeEnvelopes(notification, version, signer);
    for (const { record, wants } of topic.subscriptions)
      if (!record.pending && (wants?.(notification, record.protocol) ?? true))
        deliveries.deliver(record, notification, envelopes);
  };

  return {
    publish(topic, draft, origin, endpoint) {
      const at = Math.floor(clock.now());
      const notification = {
        ...draft,
        ...{ id: ids.uuid(), topicArn: topic.arn, at, endpoint },
        ...(origin && { origin }),
      };
      if (!topic.fifo) {
        fanOut(topic, notification);
        return { messageId: notification.id };
      }
      const key = deduplicationKey(topic, draft);
      const first = store.duplicate(topic.arn, key, at);
      if (first) return { messageId: first.messageId, sequenceNumber: first.sequenceNumber };
      const sequenceNumber = sequenceNumberOf(store.next(`sequence ${topic.arn}`));
      fanOut(topic, { ...notification, sequenceNumber });
      // Last: what a kill interrupts is not acknowledged, and published again as a whole.
      store.remember(topic.arn, key, { at, messageId: notification.id, sequenceNumber });
      return { messageId: notification.id, sequenceNumber };
    },
  };
}

/** Neither part has spaces, so the two cannot run into each other. */
function deduplicationKey({ record }: Topic, { groupId, deduplicationId }: Draft): string {
  return record.attributes.FifoThroughputScope === 'MessageGroup'
    ? `${groupId} ${deduplicationId}`
    : `${deduplicationId}`;
}

/** Twenty digits in steps of a thousand, as the service's are. */
function sequenceNumberOf(number: number): string {
  return `1${String(number).padStart(16, '0')}000`;
}
