/** SAM's `EventBridgeRule` and `CloudWatchEvent` events, and the queues SAM makes for their dead letters. */
import type { Trigger } from '../../model/project.ts';
import type { QueueResource, Resource } from '../../model/resources.ts';
import { busNameOf, targetSettings } from '../event-rules.ts';
import { isUnresolved } from '../unresolved.ts';
import { checkedPattern } from './event-rules.ts';
import { queueDefaults } from './queues.ts';
import { mapOf, textOf, type Values } from './template.ts';
import { fail, type SamEvent, type TriggerContext } from './trigger-context.ts';

type Context = Pick<TriggerContext, 'intrinsics' | 'report'>;

export function lowerRuleEvent(event: SamEvent, context: TriggerContext): Trigger[] {
  const { properties, path, functionId, name, owner } = event;
  const what = `event "${name}" of function "${owner}"`;
  const condition = checkedPattern(what, properties.Pattern, [...path, 'Pattern'], context);
  if (!condition || isUnresolved(properties.EventBusName)) return [];
  if (condition.pattern === undefined) {
    fail(context, 'invalid-event', path, `${what} has no Pattern`, 'write Pattern: { source: [shop] }');
    return [];
  }
  const rule = textOf(properties.RuleName) ?? `${context.intrinsics.stackName}-${owner}${name}`;
  const deadLetterArn = deadLetterArnOf(event, context);
  const settings = targetSettings({
    ...properties,
    DeadLetterConfig: deadLetterArn === undefined ? undefined : { Arn: deadLetterArn },
  });
  return [
    {
      kind: 'event-rule',
      functionId,
      bus: busNameOf(textOf(properties.EventBusName)),
      rule,
      ...condition,
      target: { id: textOf(mapOf(properties.Target).Id) ?? `${owner}${name}LambdaTarget`, settings },
      enabled: properties.State !== 'DISABLED' && String(properties.Enabled) !== 'false',
      place: context.intrinsics.place(path.slice(0, -1)),
    },
  ];
}

function deadLetterArnOf({ properties, owner, name }: SamEvent, { intrinsics }: Context): string | undefined {
  const config = mapOf(properties.DeadLetterConfig);
  if (textOf(config.Type) !== 'SQS') return textOf(config.Arn);
  const { region, accountId } = intrinsics;
  return `arn:aws:sqs:${region}:${accountId}:${queueName(config, owner, name, intrinsics.stackName)}`;
}

function queueName(config: Values, owner: string, name: string, stack: string): string {
  return `${stack}-${textOf(config.QueueLogicalId) ?? `${owner}${name}Queue`}`;
}

/** The queues of `DeadLetterConfig: { Type: SQS }`. */
export function samRuleResources({ intrinsics }: Context): Resource[] {
  return intrinsics.resources
    .filter(({ type }) => type === 'AWS::Serverless::Function')
    .flatMap((resource) =>
      Object.entries(mapOf(resource.properties.Events)).flatMap(([name, written]): QueueResource[] => {
        const { Type: type, Properties: properties } = mapOf(written);
        const config = mapOf(mapOf(properties).DeadLetterConfig);
        if (type !== 'EventBridgeRule' && type !== 'CloudWatchEvent') return [];
        if (textOf(config.Type) !== 'SQS') return [];
        const queue = queueName(config, resource.id, name, intrinsics.stackName);
        const arn = `arn:aws:sqs:${intrinsics.region}:${intrinsics.accountId}:${queue}`;
        const place = intrinsics.place([...resource.path, 'Properties', 'Events', name]);
        return [
          {
            ...{ kind: 'queue', name: queue, arn, fifo: false, contentBasedDeduplication: false },
            ...queueDefaults,
            place,
          },
        ];
      }),
    );
}
