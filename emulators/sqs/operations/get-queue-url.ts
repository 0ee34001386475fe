/** GetQueueUrl. */
import type { Operation } from '../../../src/model/service-api.ts';
import { requiredText } from '../input.ts';
import { queueUrl } from '../queue-names.ts';
import type { Queues } from '../queues.ts';

export function makeGetQueueUrl(queues: Queues): Operation {
  return (input, call) => ({ QueueUrl: queueUrl(call, queues.get(requiredText(input, 'QueueName')).name) });
}
