/** Lowers AWS::Events::Rule: functions among its targets to triggers, all others to a rule of the bus. */
import type { EventRuleResource, EventRuleTrigger } from '../../model/event-bus.ts';
import type { ScheduleTrigger } from '../../model/project.ts';
import {
  busNameOf,
  isFunctionArn,
  patternFlaw,
  patternHint,
  patternText,
  targetFlaw,
  targetSettings,
} from '../event-rules.ts';
import type { Report } from '../problems.ts';
import { byRule } from '../schedules.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { expressionOf, inputOf } from './event-sources.ts';
import type { Intrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { isMap, listOf, mapOf, type TemplateResource, textOf, type Values } from './template.ts';
import { fail, type TriggerContext, warn } from './trigger-context.ts';

type Context = Pick<TriggerContext, 'intrinsics' | 'report'>;

interface WrittenRule {
  readonly name: string;
  readonly bus: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly enabled: boolean;
  readonly targets: readonly WrittenTarget[];
}

interface WrittenTarget {
  readonly id: string;
  readonly arn: string;
  readonly values: Values;
  readonly path: Path;
}

const silent: Report = () => {};

/** Problems with the rule itself are reported here, so that it is done once. */
export function lowerRule(
  resource: TemplateResource,
  context: TriggerContext,
): (ScheduleTrigger | EventRuleTrigger)[] {
  const rule = readRule(resource, context);
  if (!rule) return [];
  return rule.targets.flatMap((target, index) => {
    const flaw = targetFlaw(target.arn);
    if (flaw !== undefined)
      warn(context, 'not-emulated', [...target.path, 'Arn'], `rule "${resource.id}": ${flaw}`);
    if (!isFunctionArn(target.arn)) return [];
    const functionId = context.functions.named(target.arn);
    if (functionId === undefined) {
      warn(
        context,
        'unknown-function',
        [...target.path, 'Arn'],
        `${resource.type} "${resource.id}" is for "${target.arn}", which is not a function of this project`,
      );
      return [];
    }
    const place = context.intrinsics.place(resource.path);
    const { pattern, schedule } = rule;
    // What a schedule of the simplest form starts can be started by hand too.
    if (schedule !== undefined && pattern === undefined && isPlain(target.values))
      return {
        kind: 'schedule' as const,
        functionId,
        name: index === 0 ? rule.name : `${rule.name}-${target.id}`,
        expression: schedule,
        timezone: 'UTC',
        ...inputOf(target.values.Input),
        enabled: rule.enabled,
        place,
      };
    return {
      kind: 'event-rule' as const,
      functionId,
      ...{ bus: rule.bus, rule: rule.name },
      ...(pattern !== undefined && { pattern }),
      ...(schedule !== undefined && { schedule }),
      target: { id: target.id, settings: targetSettings(target.values) },
      enabled: rule.enabled,
      place,
    };
  });
}

function isPlain(target: Values): boolean {
  return ['InputPath', 'InputTransformer', 'RetryPolicy', 'DeadLetterConfig'].every(
    (name) => target[name] === undefined,
  );
}

/** The rule with its targets that are no functions; none where there are only functions. */
export function lowerRuleResource(
  resource: TemplateResource,
  intrinsics: Intrinsics,
): readonly EventRuleResource[] {
  const rule = readRule(resource, { intrinsics, report: silent });
  if (!rule) return [];
  const targets = rule.targets.filter(({ arn }) => !isFunctionArn(arn));
  if (targets.length === 0 && rule.targets.length > 0) return [];
  const { name, bus, description, pattern, schedule, enabled } = rule;
  return [
    {
      ...{ kind: 'event-rule', name, bus, enabled },
      ...(description !== undefined && { description }),
      ...(pattern !== undefined && { pattern }),
      ...(schedule !== undefined && { schedule }),
      targets: targets.map(({ id, arn, values }) => ({ id, arn, settings: targetSettings(values) })),
      place: intrinsics.place(resource.path),
    },
  ];
}

function readRule(resource: TemplateResource, context: Context): WrittenRule | undefined {
  const { intrinsics } = context;
  const path = [...resource.path, 'Properties'];
  const properties = intrinsics.properties(resource, [
    'Description',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'Targets',
  ]);
  const condition = readCondition(resource.id, properties, path, context);
  if (!condition || isUnresolved(properties.EventBusName)) return undefined;
  const description = textOf(properties.Description);
  return {
    ...condition,
    name: intrinsics.physicalName(resource.id),
    bus: busNameOf(textOf(properties.EventBusName)),
    ...(description !== undefined && { description }),
    enabled: properties.State !== 'DISABLED',
    targets: listOf(properties.Targets).flatMap((written, index) => {
      const values = mapOf(written);
      if (isUnresolved(values.Arn)) return [];
      const id = textOf(values.Id) ?? `Target${index}`;
      return [{ id, arn: asText(values.Arn), values, path: [...path, 'Targets', index] }];
    }),
  };
}

function readCondition(
  id: string,
  { EventPattern: written, ScheduleExpression: expression }: Values,
  path: Path,
  context: Context,
): { readonly pattern?: string; readonly schedule?: string } | undefined {
  if (isUnresolved(written) || isUnresolved(expression)) return undefined;
  const schedule =
    expression === undefined
      ? undefined
      : expressionOf(expression, [...path, 'ScheduleExpression'], context, byRule);
  if (expression !== undefined && schedule === undefined) return undefined;
  const pattern = patternText(written);
  if (pattern === undefined && schedule === undefined) {
    const message = `rule "${id}" has neither an EventPattern nor a ScheduleExpression`;
    fail(context, 'invalid-event', path, message, 'write one of them');
    return undefined;
  }
  const flaw = pattern === undefined ? undefined : patternFlaw(pattern);
  if (flaw !== undefined) {
    const message = `the EventPattern of rule "${id}" is none: ${flaw}`;
    fail(context, 'invalid-pattern', [...path, 'EventPattern'], message, patternHint);
    return undefined;
  }
  return { ...(pattern !== undefined && { pattern }), ...(schedule !== undefined && { schedule }) };
}

/** Whether a pattern can be used; reports where it cannot. */
export function checkedPattern(
  what: string,
  written: unknown,
  path: Path,
  context: Context,
): { readonly pattern?: string } | undefined {
  if (isUnresolved(written)) return undefined;
  const pattern = patternText(written);
  if (pattern === undefined) return isMap(written) ? undefined : {};
  const flaw = patternFlaw(pattern);
  if (flaw === undefined) return { pattern };
  fail(context, 'invalid-pattern', path, `the pattern of ${what} is none: ${flaw}`, patternHint);
  return undefined;
}
