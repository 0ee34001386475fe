/** Lowers SQS queues. */
import type { QueueResource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import type { Intrinsics } from './intrinsics.ts';
import { dotted, flagOf, mapOf, numberOf, type TemplateResource, textOf, type Values } from './template.ts';

/** What a queue has when nothing is said. Source: SQS API reference, SetQueueAttributes. */
export const queueDefaults = {
  visibilityTimeoutMs: 30_000,
  delayMs: 0,
  retentionMs: 345_600_000,
  receiveWaitMs: 0,
  maximumMessageBytes: 1_048_576,
} as const;

/** Durations a queue may be given, in seconds. Source: as above. */
const limits = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  MaximumMessageSize: [1_024, 1_048_576],
} as const;

const queueKeys = [...Object.keys(limits), 'FifoQueue', 'ContentBasedDeduplication', 'RedrivePolicy'];

export function lowerQueue(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): QueueResource | undefined {
  const path = [...resource.path, 'Properties'];
  const queue = intrinsics.properties(resource, queueKeys);
  const name = intrinsics.physicalName(resource.id);
  const fifo = flagOf(queue.FifoQueue) ?? false;
  const problem = (key: string, message: string, hint: string) =>
    report({
      severity: 'error',
      code: 'invalid-queue',
      message: `queue "${resource.id}" ${message}`,
      hint,
      place: intrinsics.place([...path, key]),
      subject: dotted([...path, key]),
    });

  if (fifo !== name.endsWith('.fifo')) {
    problem(
      'QueueName',
      fifo ? `is FIFO, but its name "${name}" does not end in .fifo` : `is named "${name}", but is not FIFO`,
      fifo ? 'end the name in .fifo' : 'write FifoQueue: true, or another name',
    );
    return undefined;
  }

  const number = (key: keyof typeof limits, fallback: number, factor: number) => {
    const value = queue[key] === undefined ? undefined : (numberOf(queue[key]) ?? Number.NaN);
    const [least, most] = limits[key];
    if (value === undefined || (value >= least && value <= most))
      return (value ?? fallback / factor) * factor;
    problem(
      key,
      `has ${key} "${textOf(queue[key]) ?? 'not a number'}"`,
      `give a number from ${least} to ${most}`,
    );
    return fallback;
  };
  const deadLetter = deadLetterOf(queue.RedrivePolicy);
  return {
    kind: 'queue',
    name,
    arn: intrinsics.arnOf(resource.id),
    fifo,
    contentBasedDeduplication: flagOf(queue.ContentBasedDeduplication) ?? false,
    visibilityTimeoutMs: number('VisibilityTimeout', queueDefaults.visibilityTimeoutMs, 1_000),
    delayMs: number('DelaySeconds', queueDefaults.delayMs, 1_000),
    retentionMs: number('MessageRetentionPeriod', queueDefaults.retentionMs, 1_000),
    receiveWaitMs: number('ReceiveMessageWaitTimeSeconds', queueDefaults.receiveWaitMs, 1_000),
    maximumMessageBytes: number('MaximumMessageSize', queueDefaults.maximumMessageBytes, 1),
    ...(deadLetter === undefined ? {} : { deadLetter }),
    place: intrinsics.place(resource.path),
  };
}

/** The policy is a map; some write it as JSON text. */
function deadLetterOf(policy: unknown): QueueResource['deadLetter'] {
  const { deadLetterTargetArn, maxReceiveCount } =
    typeof policy === 'string' ? parsed(policy) : mapOf(policy);
  const queueArn = textOf(deadLetterTargetArn);
  // 10 is what SQS takes when the policy does not say.
  return queueArn === undefined ? undefined : { queueArn, maxReceiveCount: numberOf(maxReceiveCount) ?? 10 };
}

function parsed(text: string): Values {
  try {
    return mapOf(JSON.parse(text));
  } catch {
    return {};
  }
}
