/** What the ways to write topics and subscriptions have in common. */
import type { FilterPolicyScope, TopicTrigger } from '../model/project.ts';
import type { SubscriptionResource, TopicResource } from '../model/resources.ts';
import { isMap, mapOf, textOf, type Values } from './cloudformation/template.ts';

/** Attributes of a topic that CloudFormation takes as properties of the same names. */
export const topicProperties = [
  'ArchivePolicy',
  'ContentBasedDeduplication',
  'DataProtectionPolicy',
  'DisplayName',
  'FifoThroughputScope',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
] as const;

/** The same of a subscription. */
export const subscriptionProperties = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
] as const;

export function isTopicArn(arn: string | undefined): arn is string {
  return arn !== undefined && /^arn:[^:]+:sns:[^:]*:[^:]*:[^:]+$/.test(arn);
}

/** Maps become the JSON text the service has; what is not set is left out. */
export function attributesOf(values: Values, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key): [string, string][] => {
      const text = attributeText(values[key]);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

function attributeText(value: unknown): string | undefined {
  return isMap(value) || Array.isArray(value) ? JSON.stringify(value) : textOf(value);
}

export function makeTopic(
  arn: string,
  attributes: Readonly<Record<string, string>>,
): Omit<TopicResource, 'place'> {
  const name = arn.split(':').at(-1) ?? arn;
  return { kind: 'topic', name, arn, fifo: name.endsWith('.fifo'), attributes };
}

export function makeSubscription(
  topicArn: string,
  protocol: string,
  endpoint: string,
  attributes: Readonly<Record<string, string>>,
): Omit<SubscriptionResource, 'place'> {
  const to = endpoint.startsWith('arn:') ? (endpoint.split(':').at(-1) ?? endpoint) : endpoint;
  const name = `${topicArn.split(':').at(-1)} → ${protocol} ${to}`;
  return { kind: 'subscription', name, topicArn, protocol, endpoint, attributes };
}

/** `attributes` as of a subscription. */
export function makeTopicTrigger(
  functionId: string,
  topicArn: string,
  attributes: Readonly<Record<string, string>>,
): Omit<TopicTrigger, 'place'> {
  const { FilterPolicy: policy, FilterPolicyScope: scope, RedrivePolicy: redrive } = attributes;
  const deadLetterArn = deadLetterOf(redrive);
  return {
    kind: 'topic',
    functionId,
    topicArn,
    ...(policy === undefined ? {} : { filterPolicy: policy }),
    ...(isScope(scope) ? { filterPolicyScope: scope } : {}),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
  };
}

function isScope(scope: string | undefined): scope is FilterPolicyScope {
  return scope === 'MessageAttributes' || scope === 'MessageBody';
}

function deadLetterOf(policy: string | undefined): string | undefined {
  try {
    return policy === undefined ? undefined : textOf(mapOf(JSON.parse(policy)).deadLetterTargetArn);
  } catch {
    return undefined;
  }
}

/** Why the service would refuse these attributes; undefined when it would take them, as far as can be seen here. */
export function subscriptionFlaw(attributes: Readonly<Record<string, string>>): string | undefined {
  for (const key of ['FilterPolicy', 'RedrivePolicy', 'DeliveryPolicy']) {
    const text = attributes[key];
    if (text !== undefined && !isJsonMap(text)) return `${key} is ${text}: expected a map`;
  }
  const { FilterPolicyScope: scope } = attributes;
  if (scope !== undefined && !isScope(scope))
    return `FilterPolicyScope is "${scope}": expected MessageAttributes or MessageBody`;
  return undefined;
}

function isJsonMap(text: string): boolean {
  try {
    return isMap(JSON.parse(text));
  } catch {
    return false;
  }
}
