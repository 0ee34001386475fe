/** Messages other services send to a queue: what a function's on-failure destination is told. */
import type { ServiceMessage } from '../../src/model/emulator.ts';
import type { Ids } from '../../src/model/platform.ts';
import { md5 } from './digest.ts';
import type { MessageAttributes } from './message.ts';
import { post } from './post.ts';
import { nameOfArn } from './queue-names.ts';
import type { Queues } from './queues.ts';
import { writeTraceHeader } from './trace-header.ts';

/** False when there is no such queue, or it is a FIFO queue: such a message has no group. */
export function acceptMessage(
  queues: Queues,
  ids: Ids,
  accountId: string,
  { arn, body, attributes, origin }: ServiceMessage,
): boolean {
  const queue = queues.find(nameOfArn(arn) ?? '');
  if (!queue || queue.settings.fifo) return false;
  const draft = {
    body,
    bodyMd5: md5(body),
    senderId: accountId,
    delayMs: queue.settings.delayMs,
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
      { DataType: type, StringValue: value },
    ]),
  );
}
