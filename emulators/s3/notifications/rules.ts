/** Who is told of what happens in a bucket: the rules of its notification configuration, read and matched. */
import { invalidArgument, malformedXml } from '../errors.ts';
import { child, childrenOf, textOf, type XmlElement } from '../xml/parse.ts';

export interface NotificationRule {
  /** Told to the receiver; empty = none was given. */
  readonly id: string;
  /** `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
  readonly target: NotificationTarget;
}

export type NotificationTarget =
  | { readonly kind: 'function'; readonly functionId: string }
  /** A function by its ARN, as the API names it. */
  | { readonly kind: 'function-arn'; readonly arn: string }
  /** A queue or a topic. */
  | { readonly kind: 'service'; readonly arn: string }
  /** Everything that happens, to the default bus. */
  | { readonly kind: 'event-bus'; readonly arn: string };

/** Source: "Supported event types for SQS, SNS, and Lambda" of the S3 user guide. */
const EVENTS: ReadonlySet<string> = new Set(
  `TestEvent ObjectCreated:* ObjectCreated:Put ObjectCreated:Post ObjectCreated:Copy ObjectCreated:CompleteMultipartUpload
  ObjectRemoved:* ObjectRemoved:Delete ObjectRemoved:DeleteMarkerCreated ObjectRestore:* ObjectRestore:Post
  ObjectRestore:Completed ObjectRestore:Delete ReducedRedundancyLostObject Replication:* Replication:OperationFailedReplication
  Replication:OperationMissedThreshold Replication:OperationReplicatedAfterThreshold Replication:OperationNotTracked
  LifecycleExpiration:* LifecycleExpiration:Delete LifecycleExpiration:DeleteMarkerCreated LifecycleTransition
  IntelligentTiering ObjectTagging:* ObjectTagging:Put ObjectTagging:Delete ObjectAcl:Put`
    .split(/\s+/)
    .map((name) => `s3:${name}`),
);

export const isEventName = (name: string) => EVENTS.has(name);

const LISTS = {
  QueueConfiguration: 'Queue',
  TopicConfiguration: 'Topic',
  CloudFunctionConfiguration: 'CloudFunction',
} as const;

/** Throws what the service answers where the document is wrong. `busArn` is that of the default event bus. */
export function parseNotifications(root: XmlElement, busArn: string): NotificationRule[] {
  const rules = Object.entries(LISTS).flatMap(([list, member]) =>
    childrenOf(root, list).map((element) => parseRule(element, member)),
  );
  if (!child(root, 'EventBridgeConfiguration')) return rules;
  return [
    ...rules,
    { id: '', events: ['s3:*'], prefix: '', suffix: '', target: { kind: 'event-bus', arn: busArn } },
  ];
}

function parseRule(element: XmlElement, member: string): NotificationRule {
  const arn = textOf(element, member);
  const events = childrenOf(element, 'Event').map(({ text }) => text);
  if (arn === undefined || events.length === 0) throw malformedXml();
  const unknown = events.find((name) => !isEventName(name));
  if (unknown !== undefined)
    throw invalidArgument('A specified event is not supported for notifications.', 'Event', unknown);
  return {
    id: textOf(element, 'Id') ?? '',
    events,
    ...parseFilter(child(element, 'Filter')),
    target: { kind: member === 'CloudFunction' ? 'function-arn' : 'service', arn },
  };
}

function parseFilter(filter: XmlElement | undefined): { readonly prefix: string; readonly suffix: string } {
  const key = filter && child(filter, 'S3Key');
  const found = { prefix: '', suffix: '' };
  for (const rule of key ? childrenOf(key, 'FilterRule') : []) {
    const name = textOf(rule, 'Name')?.toLowerCase();
    if (name !== 'prefix' && name !== 'suffix')
      throw invalidArgument(
        'filter rule name must be either prefix or suffix',
        'FilterRule.Name',
        name ?? '',
      );
    found[name] = textOf(rule, 'Value') ?? '';
  }
  return found;
}

/** `event` is without `s3:`. */
export function ruleMatches(
  { events, prefix, suffix }: NotificationRule,
  event: string,
  key: string,
): boolean {
  return (
    key.startsWith(prefix) && key.endsWith(suffix) && events.some((name) => eventFits(name, `s3:${event}`))
  );
}

function eventFits(pattern: string, event: string): boolean {
  return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : pattern === event;
}
