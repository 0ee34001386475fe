/** Makes subscriptions, confirms them and ends them; what HTTP endpoints and mailboxes are told of it. */
import type { Clock, Ids } from '../../src/model/platform.ts';
import { isFifoName, serviceOf } from './arns.ts';
import type { HttpDeliveries } from './delivery/http-deliveries.ts';
import { confirmationRequest } from './delivery/http-request.ts';
import type { Outbox } from './delivery/outbox.ts';
import type { Confirmation } from './envelope.ts';
import { invalid, invalidParameter } from './errors.ts';
import { checkRoomForSubscription } from './message-size.ts';
import type { Signer } from './signer.ts';
import type { SubscriptionRecord } from './store.ts';
import { checkSubscriptionAttributes } from './subscription-attributes.ts';
import type { Attributes } from './topic-attributes.ts';
import type { Topic, Topics } from './topics.ts';

export interface SubscribeRequest {
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Attributes;
}

export interface Subscribing {
  /** Throws the service's error. Of what is subscribed already the subscription there is. */
  subscribe(topic: Topic, request: SubscribeRequest, base: string): SubscriptionRecord;
  /** What a project file says; `arn` is the same each time. */
  declare(topic: Topic, request: SubscribeRequest, arn: string, declared: string, base: string): void;
  confirm(topic: Topic, token: string, authenticated: boolean): SubscriptionRecord;
  unsubscribe(record: SubscriptionRecord, base: string): void;
}

export interface SubscribingOptions {
  readonly topics: Topics;
  readonly http: HttpDeliveries;
  readonly outbox: Outbox;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Source: SNS API reference, Subscribe: a token is valid for two days. */
const TOKEN_MS = 2 * 86_400_000;
const PROTOCOLS = ['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose'];
/** Whose owner must say first that they want the messages. */
const TO_CONFIRM = ['http', 'https', 'email', 'email-json'];

export function makeSubscribing({
  topics,
  http,
  outbox,
  signer,
  clock,
  ids,
}: SubscribingOptions): Subscribing {
  const { store } = topics;
  const now = () => Math.floor(clock.now());

  const tell = (type: Confirmation['type'], record: SubscriptionRecord, token: string, base: string) => {
    const { topicArn, endpoint, arn } = record;
    const { attributes = {} } = topics.find(topicArn)?.record ?? {};
    const confirmation: Confirmation = {
      ...{ type, id: ids.uuid(), topicArn, token, at: now(), endpoint: base, subscriptionArn: arn },
    };
    const version = attributes.SignatureVersion ?? '1';
    http.add(confirmationRequest(confirmation, endpoint, version, attributes.DeliveryPolicy, signer));
  };

  const ask = (record: SubscriptionRecord, base: string) => {
    if (!record.pending) return;
    if (record.protocol.startsWith('http'))
      tell('SubscriptionConfirmation', record, record.pending.token, base);
    else outbox.putConfirmation(record, record.pending.token, base);
  };

  const add = (
    topic: Topic,
    { protocol, endpoint, attributes }: SubscribeRequest,
    arn: string,
    base: string,
    declared?: string,
  ): SubscriptionRecord => {
    const record: SubscriptionRecord = {
      ...{ arn, topicArn: topic.arn, protocol, endpoint, attributes },
      number: store.next('subscription'),
      authenticated: !TO_CONFIRM.includes(protocol),
      ...(TO_CONFIRM.includes(protocol) && { pending: { token: ids.hex(32), until: now() + TOKEN_MS } }),
      ...(declared !== undefined && { declared }),
    };
    topics.saveSubscription(record);
    ask(record, base);
    return record;
  };

  return {
    subscribe(topic, request, base) {
      check(topic, request);
      const { protocol, endpoint, attributes } = request;
      const known = topic.subscriptions.find(
        ({ record }) => record.protocol === protocol && record.endpoint === endpoint,
      )?.record;
      if (!known) checkRoomForSubscription(topic, protocol);
      if (!known) return add(topic, request, `${topic.arn}:${ids.uuid()}`, base);
      if (!hasAll(known.attributes, attributes))
        throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
      ask(known, base);
      return known;
    },

    declare(topic, request, arn, declared, base) {
      const known = topics.findSubscription(arn)?.record;
      // An endpoint that did not run when it was asked may run now.
      if (known?.declared === declared)
        return known.protocol.startsWith('http') ? ask(known, base) : undefined;
      check(topic, request);
      if (known) topics.saveSubscription({ ...known, attributes: request.attributes, declared });
      else {
        checkRoomForSubscription(topic, request.protocol);
        add(topic, request, arn, base, declared);
      }
    },

    confirm(topic, token, authenticated) {
      const found = topic.subscriptions
        .map(({ record }) => record)
        .find(({ pending, token: used }) => pending?.token === token || used === token);
      if (!found || (found.pending && found.pending.until < now())) throw invalidParameter('Token');
      if (!found.pending) return found;
      const { pending, ...rest } = found;
      const record = { ...rest, authenticated, token: pending.token };
      topics.saveSubscription(record);
      return record;
    },

    unsubscribe(record, base) {
      topics.removeSubscription(record);
      const token = record.token ?? record.pending?.token;
      if (record.protocol.startsWith('http') && !record.pending && token !== undefined)
        tell('UnsubscribeConfirmation', record, token, base);
    },
  };
}

function check(topic: Topic, { protocol, endpoint, attributes }: SubscribeRequest): void {
  if (!PROTOCOLS.includes(protocol))
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (endpoint === '') throw invalidParameter('Endpoint');
  checkEndpoint(protocol, endpoint);
  if (topic.fifo && protocol !== 'sqs')
    throw invalidParameter(
      `Protocol Reason: FIFO topics can not have subscribers of the protocol ${protocol}`,
    );
  if (!topic.fifo && protocol === 'sqs' && isFifoName(endpoint))
    throw invalidParameter(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  checkSubscriptionAttributes(attributes, attributes, { protocol, endpoint }, 'Subscribe');
}

function checkEndpoint(protocol: string, endpoint: string): void {
  const refuse = (reason: string) => invalidParameter(`Endpoint Reason: ${reason}`);
  switch (protocol) {
    case 'http':
    case 'https':
      if (!endpoint.startsWith(`${protocol}://`))
        throw invalidParameter('Endpoint must match the specified protocol');
      if (!URL.canParse(endpoint)) throw refuse('Invalid URL');
      return;
    case 'email':
    case 'email-json':
      if (!/^[^\s@]+@[^\s@]+$/.test(endpoint)) throw invalidParameter('Email address');
      return;
    case 'sms':
      if (!/^\+?\d+(?:[\s()./-]\d+)*$/.test(endpoint)) throw invalid(`Invalid SMS endpoint: ${endpoint}`);
      return;
    case 'sqs':
    case 'lambda':
    case 'firehose':
      if (serviceOf(endpoint) === protocol) return;
      if (protocol === 'sqs') throw invalidParameter('SQS endpoint ARN');
      throw refuse(`${protocol === 'lambda' ? 'FunctionArn' : 'Arn'} is not valid`);
    default:
      if (serviceOf(endpoint) !== 'sns') throw invalidParameter('Application endpoint arn invalid');
  }
}

/** Whether the subscription has what is asked for; what is not asked for does not matter. */
function hasAll(known: Attributes, asked: Attributes): boolean {
  return Object.entries(asked).every(
    ([name, value]) => value === '' || plain(name, known[name] || DEFAULTS[name]) === plain(name, value),
  );
}

const DEFAULTS: Attributes = { RawMessageDelivery: 'false', FilterPolicyScope: 'MessageAttributes' };

function plain(name: string, value: string | undefined): string | undefined {
  return name === 'RawMessageDelivery' ? value?.toLowerCase() : value;
}
