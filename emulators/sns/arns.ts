/** Names and ARNs of topics and subscriptions. */
import { invalidParameter } from './errors.ts';

export function topicArn(region: string, accountId: string, name: string): string {
  return `arn:aws:sns:${region}:${accountId}:${name}`;
}

export function isFifoName(name: string): boolean {
  return name.endsWith('.fifo');
}

const FIFO_NAME =
  'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.';

export function checkTopicName(name: string, fifo: boolean): void {
  const stem = fifo ? name.replace(/\.fifo$/, '') : name;
  const fits = /^[\w-]+$/.test(stem) && name.length <= 256;
  if (fits && (!fifo || isFifoName(name))) return;
  throw invalidParameter(fifo ? FIFO_NAME : 'Topic Name');
}

/** Refuses what is no ARN at all; whether there is such a topic is another question. */
export function checkArn(arn: string, member: string): void {
  const parts = arn.split(':');
  if (parts.length < 6)
    throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
}

/** The service an ARN is of; undefined when it is none. */
export function serviceOf(arn: string): string | undefined {
  return /^arn:[\w-]+:([\w-]+):/.exec(arn)?.[1];
}

export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

/** A subscription's ARN is that of its topic and a UUID. */
export function topicOfSubscription(arn: string): string {
  return arn.split(':').slice(0, 6).join(':');
}
