/** Hands a message to one subscriber, each protocol in its way, and to the dead-letter queue where that cannot be done. */
import type { EmulatorContext, ServiceMessage } from '../../../src/model/emulator.ts';
import { nameOf } from '../arns.ts';
import { type Envelopes, writeEnvelope } from '../envelope.ts';
import { makeTopicEvent } from '../event.ts';
import { type Notification, textFor } from '../message.ts';
import type { SubscriptionRecord } from '../store.ts';
import { deadLetterArnOf, isRaw } from '../subscription-attributes.ts';
import type { HttpDeliveries } from './http-deliveries.ts';
import { notificationRequest } from './http-request.ts';
import type { Outbox } from './outbox.ts';

export interface Deliveries {
  /** The message is stored where the subscriber finds it, or whence it is sent on, when this returns. */
  deliver(subscription: SubscriptionRecord, notification: Notification, envelopes: Envelopes): void;
}

export interface DeliveriesOptions {
  readonly context: Pick<EmulatorContext, 'send' | 'enqueue' | 'functions' | 'notice'>;
  readonly http: HttpDeliveries;
  readonly outbox: Outbox;
  /** The delivery policy of a topic, if it has one. */
  readonly deliveryPolicyOf: (topicArn: string) => string | undefined;
}

export function makeDeliveries({ context, http, outbox, deliveryPolicyOf }: DeliveriesOptions): Deliveries {
  const { notice } = context;
  const send = (message: ServiceMessage) => context.send?.(message) ?? false;

  const giveUp = (subscription: SubscriptionRecord, message: Omit<ServiceMessage, 'arn'>, reason: string) => {
    const arn = deadLetterArnOf(subscription.attributes);
    const from = `${nameOf(subscription.topicArn)} → ${subscription.protocol} ${subscription.endpoint}`;
    if (arn !== undefined && send({ ...message, arn }))
      return notice(`${from}: ${reason}; the message went to ${nameOf(arn)}`);
    notice(`${from}: ${reason}; the message was dropped${arn === undefined ? '' : `: there is no ${arn}`}`);
  };

  const toQueue = (subscription: SubscriptionRecord, notification: Notification, envelopes: Envelopes) => {
    const message = queueMessage(subscription, notification, envelopes);
    if (!send({ ...message, arn: subscription.endpoint }))
      giveUp(subscription, message, 'there is no such queue, or it does not take this message');
  };

  const toFunction = (subscription: SubscriptionRecord, notification: Notification, envelopes: Envelopes) => {
    const { arn, endpoint, topicArn } = subscription;
    // A qualified ARN names a version or an alias of the function.
    const fn = context.functions().find((one) => endpoint === one.arn || endpoint.startsWith(`${one.arn}:`));
    const envelope = envelopes.notification(subscription);
    if (!fn)
      return giveUp(
        subscription,
        { body: writeEnvelope(envelope), ...originOf(notification) },
        'there is no such function in this project',
      );
    context.enqueue({
      functionId: fn.id,
      event: makeTopicEvent(envelope, arn),
      cause: { kind: 'topic', topic: nameOf(topicArn), messageId: notification.id },
      ...originOf(notification),
      ...(endpoint !== fn.arn && { invokedArn: endpoint }),
    });
  };

  return {
    deliver(subscription, notification, envelopes) {
      switch (subscription.protocol) {
        case 'sqs':
          return toQueue(subscription, notification, envelopes);
        case 'lambda':
          return toFunction(subscription, notification, envelopes);
        case 'http':
        case 'https':
          return http.add(
            notificationRequest(
              subscription,
              notification,
              envelopes,
              deliveryPolicyOf(subscription.topicArn),
            ),
          );
        case 'email':
        case 'email-json':
        case 'sms':
        case 'application':
          return outbox.put(subscription, notification, envelopes);
        default:
          giveUp(
            subscription,
            { body: writeEnvelope(envelopes.notification(subscription)), ...originOf(notification) },
            `"${subscription.protocol}" is not emulated`,
          );
      }
    },
  };
}

/** What a queue is sent: the bare message with its attributes, or the whole document. */
export function queueMessage(
  subscription: SubscriptionRecord,
  notification: Notification,
  envelopes: Envelopes,
): Omit<ServiceMessage, 'arn'> {
  const { groupId, deduplicationId, attributes } = notification;
  const raw = isRaw(subscription.attributes);
  return {
    body: raw
      ? textFor(notification, subscription.protocol)
      : writeEnvelope(envelopes.notification(subscription)),
    ...(raw && Object.keys(attributes).length > 0 && { attributes }),
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    ...originOf(notification),
  };
}

function originOf({ origin }: Notification) {
  return origin && { origin };
}
