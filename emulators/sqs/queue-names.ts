/** Names, URLs and ARNs of queues. */
import type { ApiCall } from '../../src/model/service-api.ts';
import { invalidParameter } from './errors.ts';

const PLAIN = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
const FIFO =
  'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length';

export function isFifoName(name: string): boolean {
  return name.endsWith('.fifo');
}

export function checkQueueName(name: string, fifo: boolean): void {
  const stem = fifo ? name.replace(/\.fifo$/, '') : name;
  const fits = /^[\w-]+$/.test(stem) && name.length <= 80;
  if (!fits || (fifo && !isFifoName(name))) throw invalidParameter(fifo ? FIFO : PLAIN);
}

/** `http://127.0.0.1:4566/000000000000/orders`, on the host the caller used. */
export function queueUrl(call: ApiCall, name: string): string {
  return `${call.endpoint}/${call.accountId}/${name}`;
}

/** The name in a queue URL of any host: its last path segment. */
export function nameOfUrl(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return path.replace(/\/$/, '').split('/').at(-1) ?? '';
}

export function queueArn(region: string, accountId: string, name: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

/** The name in a queue ARN, or undefined when it is none. */
export function nameOfArn(arn: string): string | undefined {
  return /^arn:[\w-]+:sqs:[^:]*:[^:]*:([\w.-]+)$/.exec(arn)?.[1];
}
