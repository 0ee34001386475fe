/** Lowers the topics of a `sls-local.config` and their subscriptions. */
import type { Resource } from '../../model/resources.ts';
import type { PlaceOf } from '../cloudformation/template.ts';
import type { Report } from '../problems.ts';
import { makeSubscription, makeTopic } from '../subscriptions.ts';
import type { ProjectConfig, SubscriptionConfig, TopicConfig, TopicFilterConfig } from './config.ts';
import type { Names } from './lookup.ts';

export interface TopicSetting {
  readonly names: Names;
  readonly place: PlaceOf;
  readonly report: Report;
  /** ARN of a declared queue; reports and gives undefined where there is none. */
  queueArn(key: string, path: readonly string[]): string | undefined;
}

export function lowerTopics({ topics = {} }: ProjectConfig, setting: TopicSetting): Resource[] {
  return Object.entries(topics).flatMap(([key, topic]) => {
    const { names, place } = setting;
    const arn = names.arnOfTopic(names.topics.get(key) ?? key);
    const path = ['topics', key];
    const subscriptions = (topic.subscriptions ?? []).flatMap((one, index) =>
      lowerSubscription(one, arn, [...path, 'subscriptions', String(index)], setting),
    );
    return [{ ...makeTopic(arn, attributesOf(topic)), id: key, place: place(path) }, ...subscriptions];
  });
}

function attributesOf({ displayName, contentBasedDeduplication }: TopicConfig): Record<string, string> {
  return {
    ...(displayName === undefined ? {} : { DisplayName: displayName }),
    ...(contentBasedDeduplication ? { ContentBasedDeduplication: 'true' } : {}),
  };
}

function lowerSubscription(
  written: SubscriptionConfig,
  topicArn: string,
  path: readonly string[],
  { place, report, queueArn }: TopicSetting,
): Resource[] {
  const { queue, http, email, sms, raw } = written;
  const given = [queue, http, email, sms].filter((one) => one !== undefined);
  if (given.length !== 1) {
    report({
      severity: 'error',
      code: 'invalid-value',
      message: `${path.join('.')}: expected one of queue, http, email and sms, found ${given.length === 0 ? 'none' : 'several'}`,
      place: place(path),
      subject: path.join('.'),
    });
    return [];
  }
  const [protocol, endpoint] = subscriberOf(written, (key) => queueArn(key, [...path, 'queue']));
  if (endpoint === undefined) return [];
  const attributes = {
    ...filterAttributes(written, (key) => queueArn(key, [...path, 'deadLetterQueue'])),
    ...(raw ? { RawMessageDelivery: 'true' } : {}),
  };
  return [{ ...makeSubscription(topicArn, protocol, endpoint, attributes), place: place(path) }];
}

function subscriberOf(
  { queue, http, email, sms }: SubscriptionConfig,
  queueArn: (key: string) => string | undefined,
): readonly [protocol: string, endpoint: string | undefined] {
  if (queue !== undefined) return ['sqs', queueArn(queue)];
  if (http !== undefined) return [http.startsWith('https:') ? 'https' : 'http', http];
  return email === undefined ? ['sms', sms] : ['email', email];
}

/** As the service names them. */
export function filterAttributes(
  { filterPolicy, filterPolicyScope, deadLetterQueue }: TopicFilterConfig,
  queueArn: (key: string) => string | undefined,
): Record<string, string> {
  const deadLetterArn = deadLetterQueue === undefined ? undefined : queueArn(deadLetterQueue);
  return {
    ...(filterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(filterPolicy) }),
    ...(filterPolicyScope === undefined ? {} : { FilterPolicyScope: filterPolicyScope }),
    ...(deadLetterArn === undefined
      ? {}
      : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn }) }),
  };
}
