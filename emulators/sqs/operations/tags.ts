/** TagQueue, UntagQueue and ListQueueTags. */
import type { Operation } from '../../../src/model/service-api.ts';
import { queueOf, textList, textMap } from '../input.ts';
import type { Queues } from '../queues.ts';

export function makeTagQueue(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    queues.change(queue, { tags: { ...queue.record.tags, ...textMap(input, 'Tags') } });
    return undefined;
  };
}

export function makeUntagQueue(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    const gone = textList(input, 'TagKeys');
    const tags = Object.entries(queue.record.tags).filter(([key]) => !gone.includes(key));
    queues.change(queue, { tags: Object.fromEntries(tags) });
    return undefined;
  };
}

export function makeListQueueTags(queues: Queues): Operation {
  return (input) => {
    const { tags } = queueOf(queues, input).record;
    return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
  };
}
