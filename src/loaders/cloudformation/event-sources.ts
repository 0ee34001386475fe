/** Queue triggers, from SAM events and from mappings, and what all schedules are read with. */
import type { QueueTrigger } from '../../model/project.ts';
import { isExpression, type ScheduleFlaw, type ScheduleRunner } from '../schedules.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { filtersOf } from './filters.ts';
import { asText } from './plain-functions.ts';
import { dotted, flagOf, listOf, mapOf, numberOf, textOf, type Values } from './template.ts';
import { fail, type TriggerContext } from './trigger-context.ts';

/** Settings of an event source mapping, which SAM's SQS event and AWS::Lambda::EventSourceMapping share. */
export interface QueueSource {
  readonly functionId: string;
  readonly properties: Values;
  /** Of the properties. */
  readonly path: Path;
  readonly queue: unknown;
  /** Property the queue is named by. */
  readonly queueKey: string;
}

export function lowerQueueSource(source: QueueSource, context: TriggerContext): QueueTrigger[] {
  const { functionId, properties, path } = source;
  const queueArn = textOf(source.queue);
  if (isUnresolved(queueArn)) return [];
  if (!queueArn?.startsWith('arn:')) {
    fail(
      context,
      'invalid-event',
      [...path, source.queueKey],
      `${source.queueKey} is "${asText(source.queue)}", which is not the ARN of a queue`,
      'write `!GetAtt TheQueue.Arn`',
    );
    return [];
  }
  const filterPatterns = filtersOf(properties.FilterCriteria, path, 'queue', context);
  if (filterPatterns === 'flawed') return [];
  const maximumConcurrency = numberOf(mapOf(properties.ScalingConfig).MaximumConcurrency);
  return [
    {
      kind: 'queue',
      functionId,
      queueArn,
      // Source: Lambda API reference, CreateEventSourceMapping.
      batchSize: numberOf(properties.BatchSize) ?? 10,
      batchWindowMs: (numberOf(properties.MaximumBatchingWindowInSeconds) ?? 0) * 1_000,
      reportBatchItemFailures: listOf(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
      ...(filterPatterns === undefined ? {} : { filterPatterns }),
      enabled: flagOf(properties.Enabled) ?? true,
      place: context.intrinsics.place(path.slice(0, -1)),
    },
  ];
}

/** Undefined, and a problem, for what the service would refuse. */
export function expressionOf(
  value: unknown,
  path: Path,
  { intrinsics, report }: Pick<TriggerContext, 'intrinsics' | 'report'>,
  runner: ScheduleRunner,
): string | undefined {
  const text = asText(value).trim();
  const tell = (flaw: ScheduleFlaw) =>
    report({ ...flaw, place: intrinsics.place(path), subject: dotted(path) });
  return isExpression(text, runner, tell) ? text : undefined;
}

/** JSON text; some write it as a map. */
export function inputOf(input: unknown): { readonly input?: string } {
  if (input === undefined || input === null) return {};
  return { input: typeof input === 'string' ? input : JSON.stringify(input) };
}
