/** The documents subscribers get: notifications and confirmations, signed. */

import { type Notification, textFor } from './message.ts';
import type { Signer } from './signer.ts';
import type { SubscriptionRecord } from './store.ts';

/** Members of a notification, in the service's order. */
export type Envelope = Readonly<Record<string, string | object>>;

export interface Envelopes {
  notification(record: Pick<SubscriptionRecord, 'arn' | 'protocol'>): Envelope;
}

/** For one message; a text that several subscribers get is signed once. */
export function makeEnvelopes(
  notification: Notification,
  version: string,
  signer: Pick<Signer, 'sign' | 'path'>,
): Envelopes {
  const signatures = new Map<string, string>();
  const { id, topicArn, subject, sequenceNumber, endpoint, attributes } = notification;
  const timestamp = new Date(notification.at).toISOString();

  const signature = (text: string): string => {
    const known = signatures.get(text);
    if (known !== undefined) return known;
    const signed = signer.sign(
      lines({
        Message: text,
        MessageId: id,
        ...(subject !== undefined && { Subject: subject }),
        Timestamp: timestamp,
        TopicArn: topicArn,
        Type: 'Notification',
      }),
      version,
    );
    signatures.set(text, signed);
    return signed;
  };

  return {
    notification({ arn, protocol }) {
      const text = textFor(notification, protocol);
      return {
        Type: 'Notification',
        MessageId: id,
        ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
        TopicArn: topicArn,
        ...(subject !== undefined && { Subject: subject }),
        Message: text,
        Timestamp: timestamp,
        // FIFO topics do not sign.
        ...(sequenceNumber === undefined && {
          SignatureVersion: version,
          Signature: signature(text),
          SigningCertURL: `${endpoint}${signer.path()}`,
        }),
        UnsubscribeURL: unsubscribeUrl(endpoint, arn),
        ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributeMembers(notification) }),
      };
    },
  };
}

export function attributeMembers({ attributes }: Notification): Record<string, object> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
  );
}

export interface Confirmation {
  readonly type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly id: string;
  readonly topicArn: string;
  readonly token: string;
  readonly at: number;
  readonly endpoint: string;
  readonly subscriptionArn: string;
}

/** What an HTTP endpoint is asked before it gets messages, and told when it gets none any more. */
export function confirmationEnvelope(confirmation: Confirmation, version: string, signer: Signer): Envelope {
  const { type, id, topicArn, token, endpoint, subscriptionArn } = confirmation;
  const timestamp = new Date(confirmation.at).toISOString();
  const message =
    type === 'SubscriptionConfirmation'
      ? `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
      : `You have chosen to deactivate subscription ${subscriptionArn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`;
  const subscribeUrl = confirmUrl(endpoint, topicArn, token);
  const signed = lines({
    Message: message,
    MessageId: id,
    SubscribeURL: subscribeUrl,
    Timestamp: timestamp,
    Token: token,
    TopicArn: topicArn,
    Type: type,
  });
  return {
    Type: type,
    MessageId: id,
    Token: token,
    TopicArn: topicArn,
    Message: message,
    SubscribeURL: subscribeUrl,
    Timestamp: timestamp,
    SignatureVersion: version,
    Signature: signer.sign(signed, version),
    SigningCertURL: `${endpoint}${signer.path()}`,
  };
}

export function confirmUrl(endpoint: string, topicArn: string, token: string): string {
  return `${endpoint}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`;
}

export function unsubscribeUrl(endpoint: string, subscriptionArn: string): string {
  return `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`;
}

/** What is signed: names and values in turn, each on a line of its own. */
function lines(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
}

/** As the service writes it: two spaces, and one around each colon of the first level. */
export function writeEnvelope(envelope: Envelope): string {
  const members = Object.entries(envelope).map(
    ([name, value]) =>
      `  ${JSON.stringify(name)} : ${typeof value === 'string' ? JSON.stringify(value) : writeAttributes(value)}`,
  );
  return `{\n${members.join(',\n')}\n}`;
}

function writeAttributes(attributes: object): string {
  const members = Object.entries(attributes).map(
    ([name, { Type, Value }]) =>
      `    ${JSON.stringify(name)} : {"Type":${JSON.stringify(Type)},"Value":${JSON.stringify(Value)}}`,
  );
  return `{\n${members.join(',\n')}\n  }`;
}
