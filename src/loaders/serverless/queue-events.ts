/** `sqs` events. */
import type { QueueTrigger } from '../../model/project.ts';
import { isMap } from '../cloudformation/template.ts';
import { makeFields } from '../fields.ts';
import type { Path } from '../yaml.ts';
import type { EventContext } from './event-context.ts';
import { readFilterPatterns } from './filter-patterns.ts';
import { sqsKeys } from './known-keys.ts';

/** An ARN, or `{ arn, batchSize, maximumBatchingWindow, functionResponseType, … }`. */
export function lowerSqsEvent(value: unknown, path: Path, context: EventContext): QueueTrigger[] {
  const resolved = context.resolve(value, path);
  // A function of CloudFormation in the short form resolves to the ARN's text.
  const section = makeFields(isMap(resolved) ? resolved : { arn: resolved }, path, context.fields);
  section.unknownKeys(sqsKeys);
  const queueArn = section.text('arn');
  if (queueArn === undefined || !/^arn:[^:]+:sqs:[^:]*:[^:]*:[^:]+$/.test(queueArn)) {
    section.error({
      code: 'invalid-value',
      message: `${section.subject}: expected the ARN of a queue, found ${queueArn === undefined ? 'none' : `"${queueArn}"`}`,
      hint: 'such as { Fn::GetAtt: [OrdersQueue, Arn] } or arn:aws:sqs:us-east-1:000000000000:orders',
    });
    return [];
  }
  const filterPatterns = readFilterPatterns(section, 'queue');
  if (filterPatterns === 'flawed') return [];
  const maximumConcurrency = section.number('maximumConcurrency', { min: 2, max: 1000 });
  return [
    {
      kind: 'queue',
      functionId: context.functionId,
      queueArn,
      batchSize: section.number('batchSize', { min: 1, max: 10_000 }) ?? 10,
      batchWindowMs: (section.number('maximumBatchingWindow', { min: 0, max: 300 }) ?? 0) * 1000,
      reportBatchItemFailures:
        section.choice('functionResponseType', ['ReportBatchItemFailures']) !== undefined,
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
      ...(filterPatterns === undefined ? {} : { filterPatterns }),
      enabled: section.flag('enabled') ?? true,
      place: section.place,
    },
  ];
}
