/** Messages other services send to a queue: what a topic publishes, what a function's on-failure destination is told. */
import type { ServiceMessage } from '../../src/model/emulator.ts';
import type { Ids } from '../../src/model/platform.ts';
import { md5, sha256 } from './digest.ts';
import type { MessageAttributes } from './message.ts';
import { post } from './post.ts';
import { nameOfArn } from './queue-names.ts';
import type { Queues } from './queues.ts';
import { writeTraceHeader } from './trace-header.ts';

/** False when there is no such queue, or it is a FIFO queue and the message has no group. */
export function acceptMessage(
  queues: Queues,
  ids: Ids,
  accountId: string,
  { arn, body, attributes, groupId, deduplicationId, origin }: ServiceMessage,
): boolean {
  const queue = queues.find(nameOfArn(arn) ?? '');
  if (!queue || (queue.settings.fifo && groupId === undefined)) return false;
  const draft = {
    body,
    bodyMd5: md5(body),
    senderId: accountId,
    delayMs: queue.settings.delayMs,
    ...(groupId !== undefined && { groupId }),
    ...(queue.settings.fifo && { deduplicationId: deduplicationId ?? sha256(body) }),
    ...(attributes && { attributes: messageAttributes(attributes) }),
    ...(origin && { origin, traceHeader: writeTraceHeader(origin) }),
  };
  post(queues, ids, queue, [draft]);
  return true;
}

function messageAttributes(attributes: NonNullable<ServiceMessage['attributes']>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [
      name,
      type.startsWith('Binary')
        ? { DataType: type, BinaryValue: value }
        : { DataType: type, StringValue: value },
    ]),
  );
}
