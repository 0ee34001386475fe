/** The event a function gets for a message. */
import type { Envelope } from './envelope.ts';

/** JSON text. The event spells two members otherwise than the document queues get, and has all of them. */
export function makeTopicEvent(envelope: Envelope, subscriptionArn: string): string {
  const { SigningCertURL: certUrl, UnsubscribeURL: unsubscribeUrl } = envelope;
  const sns = {
    Type: envelope.Type,
    MessageId: envelope.MessageId,
    TopicArn: envelope.TopicArn,
    Subject: envelope.Subject ?? null,
    Message: envelope.Message,
    Timestamp: envelope.Timestamp,
    SignatureVersion: envelope.SignatureVersion,
    Signature: envelope.Signature,
    SigningCertUrl: certUrl,
    UnsubscribeUrl: unsubscribeUrl,
    MessageAttributes: envelope.MessageAttributes ?? {},
  };
  return JSON.stringify({
    Records: [
      { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns: sns },
    ],
  });
}
