/** CreateQueue: the same name and attributes again answer the queue there is. */
import type { Operation } from '../../../src/model/emulator.ts';
import { type Attributes, checkAttributes, defaultAttributes, mergeAttributes } from '../attributes.ts';
import { queueNameExists } from '../errors.ts';
import { requiredText, textMap } from '../input.ts';
import { checkQueueName, queueUrl } from '../queue-names.ts';
import type { Queue, Queues } from '../queues.ts';
import { parseRedrivePolicy } from '../redrive-policy.ts';

export function makeCreateQueue(queues: Queues): Operation {
  return (input, call) => {
    const name = requiredText(input, 'QueueName');
    const attributes = textMap(input, 'Attributes');
    const fifo = attributes.FifoQueue === 'true';
    checkAttributes(attributes, fifo);
    checkQueueName(name, fifo);
    if (attributes.RedrivePolicy) parseRedrivePolicy(attributes.RedrivePolicy, fifo, isThere(queues));
    const existing = queues.find(name);
    if (existing) checkSame(existing, attributes);
    else {
      const merged = mergeAttributes(defaultAttributes(fifo), attributes, fifo);
      queues.create(name, merged, textMap(input, 'tags'));
    }
    return { QueueUrl: queueUrl(call, name) };
  };
}

export const isThere = (queues: Queues) => (name: string) => queues.find(name) !== undefined;

function checkSame(existing: Queue, wanted: Attributes): void {
  const current = existing.record.attributes;
  const merged = mergeAttributes(current, wanted, existing.settings.fifo);
  for (const name of Object.keys(wanted)) if (merged[name] !== current[name]) throw queueNameExists(name);
}
