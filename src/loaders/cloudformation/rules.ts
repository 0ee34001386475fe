/** Lowers what plain CloudFormation ties to functions: event source mappings. */
import type { QueueTrigger, StreamTrigger, TableStreamTrigger } from '../../model/project.ts';
import { byHand } from '../by-hand.ts';
import { isUnresolved } from '../unresolved.ts';
import { lowerQueueSource } from './event-sources.ts';
import { asText } from './plain-functions.ts';
import { lowerStreamSource, streamProperties } from './stream-sources.ts';
import type { TemplateResource } from './template.ts';
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
    const functionId = context.functions.named(asText(properties.FunctionName)) ?? 'FUNCTION';
    warn(
      context,
      'not-emulated',
      [...path, source === '' ? 'SelfManagedEventSource' : 'EventSourceArn'],
      `event source mapping "${resource.id}" reads ${from}, which is not emulated`,
      byHand(functionId, source),
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
