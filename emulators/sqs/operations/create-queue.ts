/** CreateQueue: the same name and attributes again answer the queue there is. */
import type { Operation } from '../../../src/model/service-api.ts';
import {
  type Attributes,
  checkAttributes,
  defaultAttributes,
  mergeAttributes,
  withSmallFlags,
} from '../attributes.ts';
import { queueNameExists } from '../errors.ts';
import { requiredText, textMap } from '../input.ts';
import { checkQueueName, queueArn, queueUrl } from '../queue-names.ts';
import type { Queue, Queues } from '../queues.ts';
import { parseRedrivePolicy } from '../redrive-policy.ts';

export function makeCreateQueue(queues: Queues): Operation {
  return (input, call) => {
    const name = requiredText(input, 'QueueName');
    const attributes = withSmallFlags(textMap(input, 'Attributes'));
    const fifo = attributes.FifoQueue === 'true';
    checkAttributes(attributes, fifo);
    checkQueueName(name, fifo);
    const arn = queueArn(call.region, call.accountId, name);
    if (attributes.RedrivePolicy) parseRedrivePolicy(attributes.RedrivePolicy, { arn, fifo }, queues.find);
    const existing = queues.find(name);
    if (existing) checkSame(existing, attributes);
    else {
      const merged = mergeAttributes(defaultAttributes(fifo), attributes, fifo);
      queues.create(name, merged, textMap(input, 'tags'));
    }
    return { QueueUrl: queueUrl(call, name) };
  };
}

function checkSame(existing: Queue, wanted: Attributes): void {
  const current = existing.record.attributes;
  const merged = mergeAttributes(current, wanted, existing.settings.fifo);
  for (const name of Object.keys(wanted)) if (merged[name] !== current[name]) throw queueNameExists(name);
}
