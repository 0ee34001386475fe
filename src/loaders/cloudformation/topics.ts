/** Lowers SNS topics and subscriptions: those of functions to triggers, all others to resources. */
import type { TopicTrigger } from '../../model/project.ts';
import type { Resource, SubscriptionResource, TopicResource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import {
  attributesOf,
  isTopicArn,
  makeSubscription,
  makeTopic,
  makeTopicTrigger,
  subscriptionFlaw,
  subscriptionProperties,
  topicProperties,
} from '../subscriptions.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { flagOf, listOf, mapOf, type TemplateResource, textOf, type Values } from './template.ts';
import { fail, type TriggerContext, warn } from './trigger-context.ts';

type Context = Pick<TriggerContext, 'intrinsics' | 'report'>;

/** AWS::SNS::Topic, with the subscriptions written in it that are for no function. */
export function lowerTopic(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): (TopicResource | SubscriptionResource)[] {
  const context = { intrinsics, report };
  const properties = intrinsics.properties(resource, [...topicProperties, 'FifoTopic', 'Subscription']);
  const path = [...resource.path, 'Properties'];
  const arn = intrinsics.arnOf(resource.id);
  const topic = makeTopic(arn, attributesOf(properties, topicProperties));
  const fifo = flagOf(properties.FifoTopic) ?? false;
  if (fifo !== topic.fifo) {
    fail(
      context,
      'invalid-topic',
      [...path, 'TopicName'],
      fifo
        ? `topic "${resource.id}" is FIFO, but its name "${topic.name}" does not end in .fifo`
        : `topic "${resource.id}" is named "${topic.name}", but is not FIFO`,
      fifo ? 'end the name in .fifo' : 'write FifoTopic: true, or another name',
    );
    return [];
  }
  const subscriptions = inline(resource, properties, arn).flatMap((one) => resourceOf(one, context));
  return [{ ...topic, place: intrinsics.place(resource.path) }, ...subscriptions];
}

/** The functions subscribed in an AWS::SNS::Topic. */
export function lowerTopicTriggers(resource: TemplateResource, context: TriggerContext): TopicTrigger[] {
  const properties = context.intrinsics.properties(resource, ['Subscription']);
  const arn = context.intrinsics.arnOf(resource.id);
  return inline(resource, properties, arn).flatMap((one) => triggerOf(one, context));
}

function inline(resource: TemplateResource, properties: Values, topicArn: string): Written[] {
  return listOf(properties.Subscription).map((written, index) => ({
    values: { ...mapOf(written), TopicArn: topicArn },
    topicArn,
    path: [...resource.path, 'Properties', 'Subscription', index],
    id: resource.id,
  }));
}

/** AWS::SNS::Subscription of anything but a function. */
export function lowerSubscription(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): SubscriptionResource[] {
  const context = { intrinsics, report };
  return resourceOf(readSubscription(resource, context), context);
}

/** AWS::SNS::Subscription of a function. */
export function lowerSubscriptionTrigger(
  resource: TemplateResource,
  context: TriggerContext,
): TopicTrigger[] {
  return triggerOf(readSubscription(resource, context), context);
}

interface Written {
  readonly values: Values;
  readonly topicArn: string;
  readonly path: Path;
  readonly id: string;
}

function readSubscription(resource: TemplateResource, { intrinsics }: Context): Written {
  const values = intrinsics.properties(resource, [
    'TopicArn',
    'Protocol',
    'Endpoint',
    ...subscriptionProperties,
  ]);
  return {
    values,
    topicArn: asText(values.TopicArn),
    path: [...resource.path, 'Properties'],
    id: resource.id,
  };
}

function resourceOf(written: Written, context: Context): SubscriptionResource[] {
  const { values, topicArn, path } = written;
  const protocol = textOf(values.Protocol) ?? '';
  const endpoint = textOf(values.Endpoint) ?? '';
  if (protocol === 'lambda' || !isSound(written, context)) return [];
  return [
    {
      ...makeSubscription(topicArn, protocol, endpoint, attributesOf(values, subscriptionProperties)),
      place: context.intrinsics.place(path),
    },
  ];
}

function triggerOf(written: Written, context: TriggerContext): TopicTrigger[] {
  const { values, topicArn, path, id } = written;
  if (textOf(values.Protocol) !== 'lambda' || !isSound(written, context)) return [];
  const endpoint = asText(values.Endpoint);
  const functionId = context.functions.named(endpoint);
  if (functionId === undefined) {
    warn(
      context,
      'unknown-function',
      [...path, 'Endpoint'],
      `"${id}" subscribes "${endpoint}", which is not a function of this project`,
    );
    return [];
  }
  const attributes = attributesOf(values, subscriptionProperties);
  return [{ ...makeTopicTrigger(functionId, topicArn, attributes), place: context.intrinsics.place(path) }];
}

/** Reports what keeps a subscription from being made; what is unresolved has been reported where it stands. */
function isSound({ values, topicArn, path, id }: Written, context: Context): boolean {
  if (isUnresolved(values.TopicArn) || isUnresolved(values.Endpoint)) return false;
  if (!isTopicArn(topicArn)) {
    fail(
      context,
      'invalid-subscription',
      [...path, 'TopicArn'],
      `the subscription "${id}" is to "${topicArn}", which is not the ARN of a topic`,
      'write `!Ref TheTopic`',
    );
    return false;
  }
  const flaw = subscriptionFlaw(attributesOf(values, subscriptionProperties));
  const missing = ['Protocol', 'Endpoint'].find((key) => !textOf(values[key]));
  const reason = missing === undefined ? flaw : `it has no ${missing}`;
  if (reason === undefined) return true;
  fail(context, 'invalid-subscription', path, `the subscription "${id}" cannot be made: ${reason}`);
  return false;
}

/** What lowering a template's resources needs of topics. */
export function lowerTopicResource(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): Resource[] | undefined {
  if (resource.type === 'AWS::SNS::Topic') return lowerTopic(resource, intrinsics, report);
  return resource.type === 'AWS::SNS::Subscription'
    ? lowerSubscription(resource, intrinsics, report)
    : undefined;
}
