/** The request an HTTP(S) subscriber gets. Pure. */
import type { TraceContext } from '../../../src/model/invocation.ts';
import { type Confirmation, confirmationEnvelope, type Envelopes, writeEnvelope } from '../envelope.ts';
import { type Notification, textFor } from '../message.ts';
import type { Signer } from '../signer.ts';
import type { SubscriptionRecord } from '../store.ts';
import { isRaw } from '../subscription-attributes.ts';
import { contentTypeOf, type RetryPolicy, retriesOf } from './delivery-policy.ts';

export interface HttpRequest {
  readonly subscriptionArn: string;
  readonly topicArn: string;
  readonly messageId: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly retries: RetryPolicy;
  readonly origin?: TraceContext;
}

export function notificationRequest(
  subscription: SubscriptionRecord,
  notification: Notification,
  envelopes: Envelopes,
  topicPolicy: string | undefined,
): HttpRequest {
  const { arn, topicArn, endpoint, protocol, attributes } = subscription;
  const raw = isRaw(attributes);
  return {
    subscriptionArn: arn,
    topicArn,
    messageId: notification.id,
    url: endpoint,
    headers: {
      ...headersFor('Notification', notification.id, topicArn),
      'x-amz-sns-subscription-arn': arn,
      ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
      'content-type': contentTypeOf(topicPolicy, attributes.DeliveryPolicy),
    },
    body: raw ? textFor(notification, protocol) : writeEnvelope(envelopes.notification(subscription)),
    retries: retriesOf(topicPolicy, attributes.DeliveryPolicy),
    ...(notification.origin && { origin: notification.origin }),
  };
}

export function confirmationRequest(
  confirmation: Confirmation,
  url: string,
  version: string,
  topicPolicy: string | undefined,
  signer: Signer,
): HttpRequest {
  const { type, id, topicArn, subscriptionArn } = confirmation;
  return {
    ...{ subscriptionArn, topicArn, messageId: id, url },
    headers: {
      ...headersFor(type, id, topicArn),
      ...(type === 'UnsubscribeConfirmation' && { 'x-amz-sns-subscription-arn': subscriptionArn }),
      'content-type': 'text/plain; charset=UTF-8',
    },
    body: writeEnvelope(confirmationEnvelope(confirmation, version, signer)),
    retries: retriesOf(topicPolicy, undefined),
  };
}

function headersFor(type: string, id: string, topicArn: string): Record<string, string> {
  return {
    'x-amz-sns-message-type': type,
    'x-amz-sns-message-id': id,
    'x-amz-sns-topic-arn': topicArn,
    'user-agent': 'Amazon Simple Notification Service Agent',
  };
}
