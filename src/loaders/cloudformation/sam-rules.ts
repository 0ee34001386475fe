/** SAM's `EventBridgeRule`, `CloudWatchEvent` and `Schedule` events, and the queues SAM makes for their dead letters. */
import type { EventTargetSettings } from '../../model/event-bus.ts';
import type { Trigger } from '../../model/project.ts';
import type { Resource } from '../../model/resources.ts';
import { busNameOf, targetSettings } from '../event-rules.ts';
import { byRule } from '../schedules.ts';
import { isUnresolved } from '../unresolved.ts';
import { checkedPattern } from './event-rules.ts';
import { expressionOf, inputOf } from './event-sources.ts';
import { deadLettersOf, madeName, reportDeadLetterConfig } from './sam-made.ts';
import { flagOf, mapOf, textOf } from './template.ts';
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
  const rule = ruleNameOf(event, properties.RuleName, context);
  const settings = settingsOf(event, context);
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

/** SAM's `Schedule`: a rule, and the plainest of its kind where it says nothing of failures. */
export function lowerScheduleEvent(event: SamEvent, context: TriggerContext): Trigger[] {
  const { properties, path, functionId, name, owner } = event;
  const expression = expressionOf(properties.Schedule, [...path, 'Schedule'], context, byRule);
  if (expression === undefined) return [];
  const rule = ruleNameOf(event, properties.Name, context);
  const enabled = (flagOf(properties.Enabled) ?? true) && properties.State !== 'DISABLED';
  const place = context.intrinsics.place(path.slice(0, -1));
  if (properties.DeadLetterConfig === undefined && properties.RetryPolicy === undefined)
    return [
      {
        ...{ kind: 'schedule', functionId, name: rule, expression, timezone: 'UTC' },
        ...inputOf(properties.Input),
        ...{ enabled, place },
      },
    ];
  const target = { id: `${owner}${name}LambdaTarget`, settings: settingsOf(event, context) };
  return [
    {
      ...{ kind: 'event-rule', functionId, bus: 'default', rule, schedule: expression },
      ...{ target, enabled, place },
    },
  ];
}

/** The name given, else what CloudFormation calls the rule that SAM makes of the event. */
function ruleNameOf({ owner, name }: SamEvent, given: unknown, { intrinsics }: Context): string {
  return textOf(given) ?? madeName('AWS::Events::Rule', `${owner}${name}`, intrinsics);
}

function settingsOf(event: SamEvent, context: Context): EventTargetSettings {
  const { properties, owner, name, path } = event;
  const { intrinsics } = context;
  reportDeadLetterConfig(properties.DeadLetterConfig, path, context);
  const { arn } = deadLettersOf(`${owner}${name}`, properties.DeadLetterConfig, intrinsics);
  return targetSettings({ ...properties, DeadLetterConfig: arn === undefined ? undefined : { Arn: arn } });
}

const ruleEvents = new Set(['EventBridgeRule', 'CloudWatchEvent', 'Schedule']);

/** The queues of `DeadLetterConfig: { Type: SQS }`. */
export function samRuleResources({ intrinsics }: Context): Resource[] {
  return intrinsics.resources
    .filter(({ type }) => type === 'AWS::Serverless::Function')
    .flatMap((resource) =>
      Object.entries(mapOf(resource.properties.Events)).flatMap(([name, written]) => {
        const { Type: type, Properties: properties } = mapOf(written);
        if (!ruleEvents.has(textOf(type) ?? '')) return [];
        const config = mapOf(properties).DeadLetterConfig;
        const { made } = deadLettersOf(`${resource.id}${name}`, config, intrinsics);
        const place = intrinsics.place([...resource.path, 'Properties', 'Events', name]);
        return made ? [{ ...made, place }] : [];
      }),
    );
}
