/** ListDeadLetterSourceQueues. */
import type { Operation } from '../../../src/model/service-api.ts';
import { queueOf } from '../input.ts';
import { page } from '../paging.ts';
import { queueUrl } from '../queue-names.ts';
import type { Queues } from '../queues.ts';

export function makeListDeadLetterSourceQueues(queues: Queues): Operation {
  return (input, call) => {
    const target = queueOf(queues, input);
    const names = queues
      .all()
      .filter((queue) => queue.settings.redrive?.queueName === target.name)
      .map((queue) => queue.name)
      .sort();
    const { items, next } = page(names, (name) => name, input);
    return { queueUrls: items.map((name) => queueUrl(call, name)), ...next };
  };
}
