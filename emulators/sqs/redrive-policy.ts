/** The redrive policy: after how many receives a message goes to which dead-letter queue. */
import { isRecord } from '../../src/model/json.ts';
import { invalidValue } from './errors.ts';
import { isFifoName, nameOfArn } from './queue-names.ts';

export interface Redrive {
  readonly queueName: string;
  readonly maxReceiveCount: number;
}

/** What is known of a queue that is to become a dead-letter queue. */
export interface RedriveTarget {
  readonly settings: { readonly redriveAllow: RedriveAllow | undefined };
}

/** Which queues may use a queue as their dead-letter queue. */
export type RedriveAllow =
  | { readonly permission: 'allowAll' | 'denyAll' }
  | { readonly permission: 'byQueue'; readonly sources: readonly string[] };

/** Throws the service's error for a policy it would refuse to the queue `source`; `find` answers the queue of that name. */
export function parseRedrivePolicy(
  text: string,
  source: { readonly arn: string; readonly fifo: boolean },
  find: (name: string) => RedriveTarget | undefined,
): Redrive {
  const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  const policy = parseObject(text);
  if (!policy)
    throw refuse("Amazon SQS can't create the redrive policy. RedrivePolicy is not a valid JSON map.");
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  if (deadLetterTargetArn === undefined || maxReceiveCount === undefined)
    throw refuse(
      'Redrive policy does not contain mandatory attribute: deadLetterTargetArn or maxReceiveCount.',
    );
  const queueName = nameOfArn(String(deadLetterTargetArn));
  if (queueName === undefined) throw refuse('Invalid value for deadLetterTargetArn.');
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw refuse(
      `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    );
  const target = find(queueName);
  if (!target) throw refuse('Dead letter target does not exist.');
  if (isFifoName(queueName) !== source.fifo)
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  if (!allows(target.settings.redriveAllow, source.arn))
    throw refuse('The redrive allow policy of the dead-letter queue does not allow this source queue.');
  return { queueName, maxReceiveCount: count };
}

/** A stored policy was checked when it was set; its target may have been deleted since. */
export function storedRedrive(text: string | undefined): Redrive | undefined {
  const policy = text ? parseObject(text) : undefined;
  const queueName = nameOfArn(String(policy?.deadLetterTargetArn));
  return queueName === undefined
    ? undefined
    : { queueName, maxReceiveCount: Number(policy?.maxReceiveCount) };
}

const MAX_SOURCES = 10;

/** Undefined for a policy the service would refuse. */
export function parseRedriveAllowPolicy(text: string): RedriveAllow | undefined {
  const { redrivePermission: permission, sourceQueueArns: sources } = parseObject(text) ?? {};
  if (permission === 'allowAll' || permission === 'denyAll')
    return sources === undefined ? { permission } : undefined;
  if (permission !== 'byQueue' || !Array.isArray(sources)) return undefined;
  const arns = sources.filter((arn) => typeof arn === 'string' && nameOfArn(arn) !== undefined);
  const isWhole = arns.length === sources.length && arns.length > 0 && arns.length <= MAX_SOURCES;
  return isWhole ? { permission, sources: arns } : undefined;
}

function allows(policy: RedriveAllow | undefined, sourceArn: string): boolean {
  if (policy?.permission === 'byQueue') return policy.sources.includes(sourceArn);
  return policy?.permission !== 'denyAll';
}

export function isJsonObject(text: string): boolean {
  return parseObject(text) !== undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
