/** Attributes of topics: which there are, what they may be, and what the service answers of its own. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { checkDeliveryPolicy } from './delivery/delivery-policy.ts';
import { invalidParameter } from './errors.ts';
import { parseObject } from './input.ts';

export type Attributes = Readonly<Record<string, string>>;

type Check = (value: string) => boolean;

/** Of a topic that says nothing, and of what goes to one phone number or device. */
export const USUAL_MESSAGE_BYTES = 262_144;
const MOST_MESSAGE_BYTES = 1_048_576;
const LEAST_MESSAGE_BYTES = 1024;

const flag: Check = (value) => value === 'true' || value === 'false';
const json: Check = (value) => parseObject(value) !== undefined;
const anything: Check = () => true;
const percent: Check = (value) => /^\d{1,3}$/.test(value) && Number(value) <= 100;

/** Delivery status is logged nowhere here; the settings are kept. */
const FEEDBACK = Object.fromEntries(
  ['Application', 'HTTP', 'Firehose', 'Lambda', 'SQS'].flatMap((protocol): [string, Check][] => [
    [`${protocol}SuccessFeedbackRoleArn`, anything],
    [`${protocol}SuccessFeedbackSampleRate`, percent],
    [`${protocol}FailureFeedbackRoleArn`, anything],
  ]),
);

const CHECKS: Readonly<Record<string, Check>> = {
  DisplayName: (value) => value.length <= 100,
  MaximumMessageSize: (value) =>
    /^\d+$/.test(value) && Number(value) >= LEAST_MESSAGE_BYTES && Number(value) <= MOST_MESSAGE_BYTES,
  Policy: json,
  DeliveryPolicy: anything,
  KmsMasterKeyId: anything,
  SignatureVersion: (value) => value === '1' || value === '2',
  TracingConfig: (value) => value === 'Active' || value === 'PassThrough',
  FifoTopic: flag,
  ContentBasedDeduplication: flag,
  FifoThroughputScope: (value) => value === 'Topic' || value === 'MessageGroup',
  ArchivePolicy: json,
  DataProtectionPolicy: json,
  ...FEEDBACK,
};

const FIFO_ONLY = ['ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'];

/** How large a message of a topic with these attributes may be. */
export function messageBytesOf({ MaximumMessageSize: size = '' }: Attributes = {}): number {
  return size === '' ? USUAL_MESSAGE_BYTES : Number(size);
}

/** Throws the service's error for a name or value it would refuse. */
export function checkTopicAttributes(attributes: Attributes, fifo: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (!check || (!fifo && FIFO_ONLY.includes(name))) throw invalidParameter('AttributeName');
    if (value === '') continue;
    if (name === 'DeliveryPolicy') checkDeliveryPolicy(value, 'topic');
    else if (!check(value)) throw invalidParameter(`Attributes Reason: ${name}`);
  }
}

/** What a topic is asked about. */
export interface TopicFacts {
  readonly arn: string;
  readonly accountId: string;
  readonly fifo: boolean;
  readonly attributes: Attributes;
  readonly confirmed: number;
  readonly pending: number;
  readonly deleted: number;
}

export function describeTopicAttributes(facts: TopicFacts): JsonObject {
  const { arn, accountId, fifo, attributes } = facts;
  return {
    Policy: defaultPolicy(arn, accountId),
    Owner: accountId,
    SubscriptionsPending: String(facts.pending),
    TopicArn: arn,
    EffectiveDeliveryPolicy: attributes.DeliveryPolicy ?? DEFAULT_DELIVERY_POLICY,
    SubscriptionsConfirmed: String(facts.confirmed),
    DisplayName: '',
    SubscriptionsDeleted: String(facts.deleted),
    ...(fifo && { ContentBasedDeduplication: 'false', FifoThroughputScope: 'Topic' }),
    ...Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')),
    ...(fifo && { FifoTopic: 'true' }),
  };
}

const RETRIES = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

const DEFAULT_DELIVERY_POLICY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: RETRIES,
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});

/** Source: what GetTopicAttributes answers for a new topic. */
function defaultPolicy(arn: string, accountId: string): string {
  const actions = [
    ...['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'],
    ...['Subscribe', 'ListSubscriptionsByTopic', 'Publish'],
  ];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  });
}
