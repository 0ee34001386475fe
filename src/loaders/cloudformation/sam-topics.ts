/** SAM's `SNS` events: a function subscribed to a topic, by itself or through a queue that SAM makes. */
import type { Trigger } from '../../model/project.ts';
import type { QueueResource, Resource } from '../../model/resources.ts';
import {
  attributesOf,
  isTopicArn,
  makeSubscription,
  makeTopicTrigger,
  subscriptionFlaw,
  subscriptionProperties,
} from '../subscriptions.ts';
import { isUnresolved } from '../unresolved.ts';
import { lowerQueueSource } from './event-sources.ts';
import { asText } from './plain-functions.ts';
import { madeQueue } from './sam-made.ts';
import { isMap, mapOf, type TemplateResource, textOf, type Values } from './template.ts';
import { fail, type SamEvent, type TriggerContext } from './trigger-context.ts';

type Context = Pick<TriggerContext, 'intrinsics' | 'report'>;

export function lowerTopicEvent(event: SamEvent, context: TriggerContext): Trigger[] {
  const { functionId, properties, path } = event;
  const { Topic: topic, SqsSubscription: queue } = properties;
  const topicArn = textOf(topic);
  if (isUnresolved(topicArn)) return [];
  const attributes = attributesOf(properties, subscriptionProperties);
  const flaw = isTopicArn(topicArn)
    ? subscriptionFlaw(attributes)
    : `Topic is "${asText(topic)}", which is not the ARN of a topic`;
  if (topicArn === undefined || flaw !== undefined) {
    fail(context, 'invalid-event', path, `event "${event.name}" of function "${event.owner}": ${flaw}`);
    return [];
  }
  if (!throughQueue(queue))
    return [
      {
        ...makeTopicTrigger(functionId, topicArn, attributes),
        place: context.intrinsics.place(path.slice(0, -1)),
      },
    ];
  const source = {
    ...{ functionId, path },
    properties: mapOf(queue),
    queue: queueOf(event.owner, event.name, properties, context).arn,
    queueKey: 'SqsSubscription',
  };
  return lowerQueueSource(source, context);
}

/** The queues between topics and functions, and their subscriptions. */
export function samTopicResources(context: Context): Resource[] {
  return context.intrinsics.resources
    .filter(({ type }) => type === 'AWS::Serverless::Function')
    .flatMap((resource) =>
      Object.entries(mapOf(resource.properties.Events)).flatMap(([name, written]) =>
        mapOf(written).Type === 'SNS' ? besideEvent(resource, name, context) : [],
      ),
    );
}

function besideEvent(resource: TemplateResource, name: string, context: Context): Resource[] {
  const path = [...resource.path, 'Properties', 'Events', name, 'Properties'];
  const written = mapOf(mapOf(resource.properties.Events)[name]).Properties;
  // What does not resolve is reported where the event is lowered.
  if (!isMap(written) || !throughQueue(written.SqsSubscription)) return [];
  const properties = mapOf(context.intrinsics.resolve(written, path));
  const topicArn = textOf(properties.Topic);
  if (!isTopicArn(topicArn)) return [];
  const { arn, made } = queueOf(resource.id, name, properties, context);
  const place = context.intrinsics.place(path.slice(0, -1));
  const attributes = attributesOf(properties, subscriptionProperties);
  const subscription = { ...makeSubscription(topicArn, 'sqs', arn, attributes), place };
  return made ? [{ ...made, place }, subscription] : [subscription];
}

/** `true`, or a map of settings. */
function throughQueue(written: unknown): boolean {
  return written === true || written === 'true' || isMap(written);
}

/** The queue that is named, else the one SAM makes, which is as its topic is. */
function queueOf(
  owner: string,
  event: string,
  properties: Values,
  { intrinsics }: Context,
): { readonly arn: string; readonly made?: QueueResource } {
  const given = textOf(mapOf(properties.SqsSubscription).QueueArn);
  if (given !== undefined) return { arn: given };
  const fifo = asText(properties.Topic).endsWith('.fifo');
  const made = madeQueue(`${owner}${event}Queue`, intrinsics, fifo);
  return { arn: made.arn, made };
}
