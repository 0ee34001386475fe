/** Attributes of subscriptions: which there are, what they may be, and what they amount to. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { FilterPolicyScope } from '../../src/model/project.ts';
import { isFifoName, serviceOf } from './arns.ts';
import { checkDeliveryPolicy } from './delivery/delivery-policy.ts';
import { invalidParameter } from './errors.ts';
import { PolicyError } from './filters/conditions.ts';
import { compileFilterPolicy, type MessageTest } from './filters/filter-policy.ts';
import { parseObject } from './input.ts';
import type { Attributes } from './topic-attributes.ts';

const SETTABLE = [
  ...['DeliveryPolicy', 'FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'],
  ...['SubscriptionRoleArn', 'ReplayPolicy'],
];

/** Protocols that can be sent the bare message. */
const RAW_PROTOCOLS = ['sqs', 'http', 'https', 'firehose'];

/** Throws the service's error. `merged` is what the subscription will have, `of` the operation's way to say it. */
export function checkSubscriptionAttributes(
  change: Attributes,
  merged: Attributes,
  { protocol, endpoint }: { readonly protocol: string; readonly endpoint: string },
  of: 'Subscribe' | 'SetSubscriptionAttributes',
): void {
  const refuse = (reason: string) =>
    invalidParameter(of === 'Subscribe' ? `Attributes Reason: ${reason}` : reason);
  for (const [name, value] of Object.entries(change)) {
    if (!SETTABLE.includes(name)) throw invalidParameter('AttributeName');
    if (value === '' && (name !== 'RawMessageDelivery' || of === 'Subscribe')) continue;
    if (name === 'RawMessageDelivery') {
      if (!/^(true|false)$/i.test(value))
        throw refuse(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
      if (/^true$/i.test(value) && !RAW_PROTOCOLS.includes(protocol))
        throw refuse(
          `RawMessageDelivery: Delivery protocol [${protocol}] does not support raw message delivery.`,
        );
    }
    if (name === 'FilterPolicyScope' && value !== 'MessageAttributes' && value !== 'MessageBody')
      throw refuse(
        `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
      );
    if (name === 'RedrivePolicy') checkRedrive(value, endpoint, refuse);
    if (name === 'DeliveryPolicy') {
      if (protocol !== 'http' && protocol !== 'https')
        throw refuse(`DeliveryPolicy: protocol [${protocol}] does not support delivery policies`);
      checkDeliveryPolicy(value, 'subscription');
    }
  }
  try {
    compileFilter(merged);
  } catch (failure) {
    if (!(failure instanceof PolicyError)) throw failure;
    throw refuse(`FilterPolicy: ${failure.message}`);
  }
}

/** Only FIFO topics have FIFO queues among their subscribers. */
function checkRedrive(text: string, endpoint: string, refuse: (reason: string) => Error): void {
  const policy = parseObject(text);
  if (!policy) throw refuse('RedrivePolicy: failed to parse JSON.');
  const { deadLetterTargetArn: arn } = policy;
  if (typeof arn !== 'string' || serviceOf(arn) !== 'sqs')
    throw refuse('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  if (isFifoName(endpoint) && !isFifoName(arn))
    throw refuse('RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.');
}

/** Undefined when all messages are wanted. Throws `PolicyError`. */
export function compileFilter(attributes: Attributes): MessageTest | undefined {
  const { FilterPolicy: policy } = attributes;
  return policy ? compileFilterPolicy(policy, scopeOf(attributes)) : undefined;
}

export function scopeOf({ FilterPolicyScope: scope }: Attributes): FilterPolicyScope {
  return scope === 'MessageBody' ? scope : 'MessageAttributes';
}

export function isRaw({ RawMessageDelivery: raw }: Attributes): boolean {
  return raw?.toLowerCase() === 'true';
}

export function deadLetterArnOf({ RedrivePolicy: policy }: Attributes): string | undefined {
  const { deadLetterTargetArn: arn } = parseObject(policy ?? '') ?? {};
  return typeof arn === 'string' ? arn : undefined;
}

/** What a subscription is asked about. */
export interface SubscriptionFacts {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Attributes;
  readonly accountId: string;
  readonly pending: boolean;
  readonly authenticated: boolean;
}

export function describeSubscriptionAttributes(facts: SubscriptionFacts): JsonObject {
  const { attributes, accountId } = facts;
  const set = Object.entries(attributes).filter(([, value]) => value !== '');
  return {
    SubscriptionArn: facts.arn,
    TopicArn: facts.topicArn,
    Protocol: facts.protocol,
    Endpoint: facts.endpoint,
    Owner: accountId,
    SubscriptionPrincipal: `arn:aws:iam::${accountId}:user/sls-local`,
    ConfirmationWasAuthenticated: String(facts.authenticated),
    PendingConfirmation: String(facts.pending),
    ...Object.fromEntries(set),
    RawMessageDelivery: String(isRaw(attributes)),
    ...(attributes.FilterPolicy && { FilterPolicyScope: scopeOf(attributes) }),
    ...(attributes.DeliveryPolicy && { EffectiveDeliveryPolicy: attributes.DeliveryPolicy }),
  };
}
