/** Subscribe, ConfirmSubscription, Unsubscribe, the lists, and the attributes of subscriptions. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { checkArn } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { optionalFlag, optionalText, requiredText, textMap } from '../input.ts';
import { pageOf } from '../paging.ts';
import type { SnsService } from '../service.ts';
import { checkSubscriptionAttributes, describeSubscriptionAttributes } from '../subscription-attributes.ts';
import type { Subscription } from '../topics.ts';
import { topicOf } from './topics.ts';

export function makeSubscribe({ topics, subscribing }: SnsService): Operation {
  return (input, call) => {
    const protocol = requiredText(input, 'Protocol');
    const endpoint = optionalText(input, 'Endpoint') ?? '';
    const topic = topicOf(topics, input);
    const request = { protocol, endpoint, attributes: textMap(input, 'Attributes') };
    const { arn, pending } = subscribing.subscribe(topic, request, call.endpoint);
    const hidden = pending && !optionalFlag(input, 'ReturnSubscriptionArn');
    return { SubscriptionArn: hidden ? 'pending confirmation' : arn };
  };
}

export function makeConfirmSubscription({ topics, subscribing }: SnsService): Operation {
  return (input) => {
    const topic = topicOf(topics, input);
    const authenticated = optionalFlag(input, 'AuthenticateOnUnsubscribe');
    const { arn } = subscribing.confirm(topic, requiredText(input, 'Token'), authenticated);
    return { SubscriptionArn: arn };
  };
}

/** As the service: ending what is not there is no error, an ARN of another form is. */
export function makeUnsubscribe({ topics, subscribing }: SnsService): Operation {
  return (input, call) => {
    const arn = optionalText(input, 'SubscriptionArn') ?? '';
    if (arn === '') throw invalidParameter('SubscriptionArn Reason: no value for required parameter');
    checkArn(arn, 'SubscriptionArn');
    if (arn.split(':').length !== 7) throw invalidParameter('SubscriptionId');
    const found = topics.findSubscription(arn);
    if (found) subscribing.unsubscribe(found.record, call.endpoint);
    return undefined;
  };
}

export function makeListSubscriptions(service: SnsService): Operation {
  return (input) => listed(service.topics.allSubscriptions(), input, service);
}

export function makeListSubscriptionsByTopic(service: SnsService): Operation {
  return (input) => listed(topicOf(service.topics, input).subscriptions, input, service);
}

function listed(
  all: readonly Subscription[],
  input: JsonObject,
  { accountId }: Pick<SnsService, 'accountId'>,
): JsonObject {
  const { items, next } = pageOf(all, input);
  return {
    Subscriptions: items.map(({ record }) => ({
      SubscriptionArn: record.pending ? 'PendingConfirmation' : record.arn,
      Owner: accountId,
      Protocol: record.protocol,
      Endpoint: record.endpoint,
      TopicArn: record.topicArn,
    })),
    ...next,
  };
}

export function makeGetSubscriptionAttributes(service: SnsService): Operation {
  return (input) => {
    const { arn, topicArn, protocol, endpoint, attributes, pending, authenticated } = found(service, input);
    return {
      Attributes: describeSubscriptionAttributes({
        ...{ arn, topicArn, protocol, endpoint, attributes, authenticated },
        accountId: service.accountId,
        pending: pending !== undefined,
      }),
    };
  };
}

export function makeSetSubscriptionAttributes(service: SnsService): Operation {
  return (input) => {
    const record = found(service, input);
    const name = requiredText(input, 'AttributeName');
    const change = { [name]: optionalText(input, 'AttributeValue') ?? '' };
    const attributes = { ...record.attributes, ...change };
    checkSubscriptionAttributes(change, attributes, record, 'SetSubscriptionAttributes');
    service.topics.saveSubscription({ ...record, attributes });
    return undefined;
  };
}

function found({ topics }: Pick<SnsService, 'topics'>, input: JsonObject) {
  const arn = requiredText(input, 'SubscriptionArn');
  checkArn(arn, 'SubscriptionArn');
  return topics.subscription(arn).record;
}
