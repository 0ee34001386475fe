/** GetQueueAttributes. The counts are exact, where the service's are approximate. */
import type { Operation } from '../../../src/model/service-api.ts';
import { isAttributeName } from '../attributes.ts';
import { unknownAttribute } from '../errors.ts';
import { queueOf, textList } from '../input.ts';
import type { Queue, Queues } from '../queues.ts';

export function makeGetQueueAttributes(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    const wanted = textList(input, 'AttributeNames');
    const unknown = wanted.find((name) => name !== 'All' && !isAttributeName(name));
    if (unknown !== undefined) throw unknownAttribute(unknown);
    if (wanted.length === 0) return {};
    const all = attributesOf(queues, queue);
    const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
  };
}

function attributesOf(queues: Queues, queue: Queue): Record<string, string> {
  queues.expire(queue);
  const counts = queues.store.counts(queue.record, queues.now());
  const seconds = (ms: number) => String(Math.floor(ms / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: seconds(queue.record.createdAt),
    LastModifiedTimestamp: seconds(queue.record.modifiedAt),
    ...queue.record.attributes,
  };
}
