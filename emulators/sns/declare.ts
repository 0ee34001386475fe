/** Brings topics and subscriptions to what the project file says. */
import type { FunctionSpec, TopicTrigger } from '../../src/model/project.ts';
import type { Resource, TopicResource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import { checkTopicName, isFifoName, nameOf } from './arns.ts';
import { uuidOf } from './digest.ts';
import type { SnsService } from './service.ts';
import type { SubscribeRequest } from './subscribe.ts';
import { checkTopicAttributes } from './topic-attributes.ts';
import type { Topic } from './topics.ts';

export interface Declared {
  readonly resources: readonly Resource[];
  readonly triggers: readonly TopicTrigger[];
  readonly functions: readonly FunctionSpec[];
  /** Base URL of links in confirmations. */
  readonly base: string;
  readonly notice: (message: string) => void;
}

/** Topics stay when the file drops them; subscriptions it made go with it. */
export function declare(service: SnsService, declared: Declared): void {
  const { resources, triggers, notice } = declared;
  for (const resource of resources)
    if (resource.kind === 'topic')
      guarded(`the topic ${resource.name} of the project file cannot be made`, notice, () =>
        declareTopic(service, resource),
      );
  const wanted = [
    ...triggers.flatMap((trigger) => ofTrigger(trigger, declared)),
    ...resources.flatMap((resource) => (resource.kind === 'subscription' ? [wantedOf(resource)] : [])),
  ];
  const arns = new Set(wanted.map(arnOf));
  for (const { record } of service.topics.allSubscriptions())
    if (record.declared !== undefined && !arns.has(record.arn)) service.topics.removeSubscription(record);
  for (const one of wanted)
    guarded(`${one.request.endpoint} cannot be subscribed to ${nameOf(one.topicArn)}`, notice, () =>
      service.subscribing.declare(
        topicFor(service, one.topicArn, notice),
        one.request,
        arnOf(one),
        JSON.stringify(one.request),
        declared.base,
      ),
    );
}

function guarded(what: string, notice: (message: string) => void, work: () => void): void {
  try {
    work();
  } catch (failure) {
    notice(`${what}: ${messageOf(failure)}`);
  }
}

/** Attributes set through the API since stay, unless the file itself has changed. */
function declareTopic({ topics }: SnsService, { name, arn, fifo, attributes }: TopicResource): void {
  checkTopicName(name, fifo);
  checkTopicAttributes(attributes, fifo);
  const declared = JSON.stringify(attributes);
  const known = topics.find(arn)?.record;
  if (known?.declared === declared) return;
  const base = known ?? { arn, name, fifo, tags: {}, deleted: 0 };
  topics.save({ ...base, attributes: { ...known?.attributes, ...attributes }, declared });
}

interface Wanted {
  readonly topicArn: string;
  readonly request: SubscribeRequest;
}

function ofTrigger(trigger: TopicTrigger, { functions }: Declared): Wanted[] {
  const fn = functions.find(({ id }) => id === trigger.functionId);
  if (!fn) return [];
  const { filterPolicy, filterPolicyScope, deadLetterArn, topicArn } = trigger;
  const attributes = {
    ...(filterPolicy !== undefined && { FilterPolicy: filterPolicy }),
    ...(filterPolicyScope !== undefined && { FilterPolicyScope: filterPolicyScope }),
    ...(deadLetterArn !== undefined && {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn }),
    }),
  };
  return [{ topicArn, request: { protocol: 'lambda', endpoint: fn.arn, attributes } }];
}

function wantedOf({ topicArn, ...request }: SubscribeRequest & { readonly topicArn: string }): Wanted {
  const { protocol, endpoint, attributes } = request;
  return { topicArn, request: { protocol, endpoint, attributes } };
}

/** The same each time, so that a subscription outlives the session. */
function arnOf({ topicArn, request }: Wanted): string {
  return `${topicArn}:${uuidOf(`${topicArn} ${request.protocol} ${request.endpoint}`)}`;
}

/** A subscription may name a topic of another stack; here it is made. */
function topicFor({ topics }: SnsService, arn: string, notice: (message: string) => void): Topic {
  const known = topics.find(arn);
  if (known) return known;
  const name = nameOf(arn);
  const fifo = isFifoName(name);
  checkTopicName(name, fifo);
  notice(
    `the topic ${name} is subscribed to but is not in the project; it was made with the service's defaults`,
  );
  return topics.save({ arn, name, fifo, attributes: {}, tags: {}, deleted: 0 });
}
