/** What would leave by e-mail, SMS or push: a file each, for the user to look at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf } from '../arns.ts';
import { confirmUrl, type Envelopes, unsubscribeUrl, writeEnvelope } from '../envelope.ts';
import { type Draft, type Notification, textFor } from '../message.ts';
import type { SubscriptionRecord } from '../store.ts';

export interface Outbox {
  put(subscription: SubscriptionRecord, notification: Notification, envelopes: Envelopes): void;
  /** The mail with the link that confirms a subscription. */
  putConfirmation(subscription: SubscriptionRecord, token: string, endpoint: string): void;
  /** To one phone number, or one device. */
  putDirect(kind: 'sms' | 'application', to: string, id: string, draft: Draft): void;
}

export interface OutboxOptions {
  /** Absolute; made when something is put into it. */
  readonly folder: string;
  /** Whole epoch ms. */
  readonly now: () => number;
  readonly notice: (message: string) => void;
}

export function makeOutbox({ folder, now, notice }: OutboxOptions): Outbox {
  const write = (kind: string, to: string, id: string, ending: string, text: string) => {
    mkdirSync(folder, { recursive: true });
    const time = new Date(now()).toISOString().replaceAll(':', '-');
    const path = join(folder, `${time}-${kind}-${id}.${ending}`);
    writeFileSync(path, text);
    notice(`${WORDS[kind] ?? kind} to ${to} is in ${path}`);
  };

  const mail = (to: string, from: string, subject: string, body: string) =>
    [
      `Date: ${new Date(now()).toUTCString()}`,
      `From: ${from} <no-reply@sns.amazonaws.com>`,
      `To: ${to}`,
      `Subject: ${subject}`,
      '',
      body,
      '',
    ].join('\n');

  return {
    put(subscription, notification, envelopes) {
      const { protocol, endpoint, topicArn, arn } = subscription;
      const { id, subject } = notification;
      const text = textFor(notification, protocol);
      if (protocol === 'sms') return write('sms', endpoint, id, 'txt', text);
      if (protocol === 'application')
        return write('application', endpoint, id, 'json', payloadOf(notification));
      const from = nameOf(topicArn);
      const title = subject ?? 'AWS Notification Message';
      if (protocol === 'email-json')
        return write(
          'email',
          endpoint,
          id,
          'eml',
          mail(endpoint, from, title, writeEnvelope(envelopes.notification(subscription))),
        );
      const foot = `--\nTo stop receiving notifications from this topic, visit:\n${unsubscribeUrl(notification.endpoint, arn)}`;
      write('email', endpoint, id, 'eml', mail(endpoint, from, title, `${text}\n\n${foot}`));
    },

    putConfirmation({ endpoint, topicArn, arn }, token, base) {
      const body = `You have chosen to subscribe to the topic:\n${topicArn}\n\nTo confirm this subscription, visit:\n${confirmUrl(base, topicArn, token)}`;
      const text = mail(endpoint, nameOf(topicArn), 'AWS Notification - Subscription Confirmation', body);
      write('email', endpoint, nameOf(arn), 'eml', text);
    },

    putDirect(kind, to, id, draft) {
      if (kind === 'sms') write('sms', to, id, 'txt', textFor(draft, 'sms'));
      else write('application', to, id, 'json', payloadOf(draft));
    },
  };
}

const WORDS: Readonly<Record<string, string>> = {
  email: 'an e-mail',
  sms: 'an SMS',
  application: 'a push notification',
};

/** Each platform has a text of its own; which one a device is of decides in the cloud. */
function payloadOf({ text, texts }: Draft): string {
  return JSON.stringify(texts ?? { default: text }, undefined, 2);
}
