/** What SAM makes beside the resources a template spells: their names, and the queues and topics among them. */
import type { QueueResource, TopicResource } from '../../model/resources.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { nameMade } from './names.ts';
import { factsOf, partitionOf } from './physical.ts';
import { asText } from './plain-functions.ts';
import { queueDefaults } from './queues.ts';
import { mapOf, textOf } from './template.ts';
import { fail, type TriggerContext } from './trigger-context.ts';

/** The name a resource of this type gets that is given none. */
export function madeName(type: string, logicalId: string, { stackName }: Intrinsics, fifo = false): string {
  return nameMade(stackName, logicalId, factsOf(type), fifo);
}

export function madeQueue(logicalId: string, intrinsics: Intrinsics, fifo = false): QueueResource {
  const name = madeName('AWS::SQS::Queue', logicalId, intrinsics, fifo);
  const arn = arnOf('sqs', name, intrinsics);
  return {
    ...{ kind: 'queue', id: logicalId, name, arn, fifo, contentBasedDeduplication: false },
    ...queueDefaults,
  };
}

export function madeTopic(logicalId: string, intrinsics: Intrinsics): TopicResource {
  const name = madeName('AWS::SNS::Topic', logicalId, intrinsics);
  const arn = arnOf('sns', name, intrinsics);
  return { kind: 'topic', id: logicalId, name, arn, fifo: false, attributes: {} };
}

function arnOf(service: string, name: string, { region, accountId }: Intrinsics): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${name}`;
}

export interface DeadLetters {
  /** Absent = there is no queue. */
  readonly arn?: string;
  /** The queue SAM makes where only its type is given. */
  readonly made?: QueueResource;
}

/** What is wrong with a `DeadLetterConfig`; undefined where there is none, or nothing is. */
export function deadLetterConfigFlaw(config: unknown): string | undefined {
  if (config === undefined || config === null) return undefined;
  const { Arn, Type } = mapOf(config);
  if (Arn !== undefined && Type !== undefined) return 'has both Arn and Type';
  if (Arn === undefined && Type === undefined) return 'has neither Arn nor Type';
  return Type === undefined || Type === 'SQS' ? undefined : `has the Type "${asText(Type)}"`;
}

/** Reports it where the event is lowered. `path`: of the event's properties. */
export function reportDeadLetterConfig(
  config: unknown,
  path: Path,
  context: Pick<TriggerContext, 'intrinsics' | 'report'>,
): void {
  const flaw = deadLetterConfigFlaw(config);
  if (flaw === undefined) return;
  const hint = 'write `Arn: !GetAtt TheQueue.Arn`, or `Type: SQS` for a queue that SAM makes';
  fail(context, 'invalid-event', [...path, 'DeadLetterConfig'], `DeadLetterConfig ${flaw}`, hint);
}

/** `DeadLetterConfig` of an event whose rule or schedule has this logical id. */
export function deadLettersOf(logicalId: string, config: unknown, intrinsics: Intrinsics): DeadLetters {
  const { Arn, Type, QueueLogicalId } = mapOf(config);
  const given = textOf(Arn);
  if (given !== undefined) return { arn: given };
  if (Type !== 'SQS') return {};
  const made = madeQueue(textOf(QueueLogicalId) ?? `${logicalId}Queue`, intrinsics);
  return { arn: made.arn, made };
}
