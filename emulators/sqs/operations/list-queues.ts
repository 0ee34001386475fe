/** ListQueues. */
import type { Operation } from '../../../src/model/service-api.ts';
import { optionalText } from '../input.ts';
import { page } from '../paging.ts';
import { queueUrl } from '../queue-names.ts';
import type { Queues } from '../queues.ts';

export function makeListQueues(queues: Queues): Operation {
  return (input, call) => {
    const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
    const names = queues
      .all()
      .map((queue) => queue.name)
      .filter((name) => name.startsWith(prefix))
      .sort();
    const { items, next } = page(names, (name) => name, input);
    return { ...(items.length > 0 && { QueueUrls: items.map((name) => queueUrl(call, name)) }), ...next };
  };
}
