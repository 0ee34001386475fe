/** The redrive policy: after how many receives a message goes to which dead-letter queue. */
import { invalidValue } from './errors.ts';
import { isFifoName, nameOfArn } from './queue-names.ts';

export interface Redrive {
  readonly queueName: string;
  readonly maxReceiveCount: number;
}

/** Throws the service's error for a policy it would refuse; `exists` answers whether there is such a queue. */
export function parseRedrivePolicy(text: string, fifo: boolean, exists: (name: string) => boolean): Redrive {
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
  if (!exists(queueName)) throw refuse('Dead letter target does not exist.');
  if (isFifoName(queueName) !== fifo)
    throw refuse('Dead-letter queue must be same type of queue as the source.');
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

export function isJsonObject(text: string): boolean {
  return parseObject(text) !== undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
