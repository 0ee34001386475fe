/** Lowers what plain CloudFormation ties to functions: event source mappings, rules and schedules. */
import type {
  QueueTrigger,
  ScheduleTrigger,
  StreamTrigger,
  TableStreamTrigger,
} from '../../model/project.ts';
import { isUnresolved } from '../unresolved.ts';
import { expressionOf, inputOf, lowerQueueSource, warnOfDates } from './event-sources.ts';
import { asText } from './plain-functions.ts';
import { lowerStreamSource, streamProperties } from './stream-sources.ts';
import { listOf, mapOf, type TemplateResource, textOf } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

export function lowerMapping(
  resource: TemplateResource,
  context: TriggerContext,
): (QueueTrigger | TableStreamTrigger | StreamTrigger)[] {
  const properties = context.intrinsics.properties(resource, [
    'BatchSize',
    'Enabled',
    'EventSourceArn',
    'FilterCriteria',
    'FunctionName',
    'FunctionResponseTypes',
    'MaximumBatchingWindowInSeconds',
    'ScalingConfig',
    ...streamProperties,
  ]);
  const path = [...resource.path, 'Properties'];
  const source = asText(properties.EventSourceArn);
  if (isUnresolved(source)) return [];
  if (!/^arn:[^:]+:(sqs|dynamodb|kinesis):/.test(source)) {
    const from = source === '' ? 'a self-managed source' : source;
    warn(
      context,
      'not-emulated',
      [...path, 'EventSourceArn'],
      `event source mapping "${resource.id}" reads ${from}, which is not emulated`,
      'call the function by hand with `sls-local invoke`',
    );
    return [];
  }
  const functionId = context.functions.named(asText(properties.FunctionName));
  if (functionId === undefined) {
    warnOfFunction(resource, 'FunctionName', asText(properties.FunctionName), context);
    return [];
  }
  const named = { functionId, properties, path };
  if (/^arn:[^:]+:sqs:/.test(source))
    return lowerQueueSource({ ...named, queue: source, queueKey: 'EventSourceArn' }, context);
  const of = /^arn:[^:]+:kinesis:/.test(source) ? 'stream' : 'table';
  return lowerStreamSource({ ...named, of, stream: source, streamKey: 'EventSourceArn' }, context);
}

/** AWS::Events::Rule: its schedule, for each function among its targets. */
export function lowerRule(resource: TemplateResource, context: TriggerContext): ScheduleTrigger[] {
  const properties = context.intrinsics.properties(resource, ['ScheduleExpression', 'State', 'Targets']);
  const path = [...resource.path, 'Properties'];
  if (properties.ScheduleExpression === undefined) {
    warn(
      context,
      'not-emulated',
      [...path, 'EventPattern'],
      `rule "${resource.id}" matches events (AWS::Events::Rule with EventPattern), which is not emulated`,
      'call the function by hand with `sls-local invoke`',
    );
    return [];
  }
  const expression = expressionOf(properties.ScheduleExpression, [...path, 'ScheduleExpression'], context);
  if (expression === undefined) return [];
  const name = context.intrinsics.physicalName(resource.id);
  return listOf(properties.Targets).flatMap((written, index) => {
    const target = mapOf(written);
    const place = [...path, 'Targets', index];
    const functionId = context.functions.named(asText(target.Arn));
    if (functionId === undefined) {
      warnOfFunction(resource, 'Targets', asText(target.Arn), context);
      return [];
    }
    if (target.InputTransformer !== undefined || target.InputPath !== undefined)
      warn(
        context,
        'not-emulated',
        place,
        `rule "${resource.id}" transforms its event, which is not emulated: the function gets the whole event`,
      );
    return {
      kind: 'schedule' as const,
      functionId,
      name: index === 0 ? name : `${name}-${textOf(target.Id) ?? index}`,
      expression,
      timezone: 'UTC',
      ...inputOf(target.Input),
      enabled: properties.State !== 'DISABLED',
      place: context.intrinsics.place(resource.path),
    };
  });
}

/** AWS::Scheduler::Schedule whose target is a function. */
export function lowerSchedule(resource: TemplateResource, context: TriggerContext): ScheduleTrigger[] {
  const properties = context.intrinsics.properties(resource, [
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'StartDate',
    'EndDate',
    'State',
    'Target',
  ]);
  const path = [...resource.path, 'Properties'];
  const expression = expressionOf(properties.ScheduleExpression, [...path, 'ScheduleExpression'], context);
  if (expression === undefined) return [];
  const target = mapOf(properties.Target);
  const functionId = context.functions.named(asText(target.Arn));
  if (functionId === undefined) {
    warnOfFunction(resource, 'Target', asText(target.Arn), context);
    return [];
  }
  warnOfDates(properties, path, context);
  return [
    {
      kind: 'schedule',
      functionId,
      name: context.intrinsics.physicalName(resource.id),
      expression,
      timezone: textOf(properties.ScheduleExpressionTimezone) ?? 'UTC',
      ...inputOf(target.Input),
      enabled: properties.State !== 'DISABLED',
      place: context.intrinsics.place(resource.path),
    },
  ];
}

function warnOfFunction(
  resource: TemplateResource,
  key: string,
  target: string,
  context: TriggerContext,
): void {
  const ours = target.includes(':lambda:');
  warn(
    context,
    ours ? 'unknown-function' : 'not-emulated',
    [...resource.path, 'Properties', key],
    ours
      ? `${resource.type} "${resource.id}" is for "${target}", which is not a function of this project`
      : `${resource.type} "${resource.id}" is for "${target}"; only functions are run`,
  );
}
