/** DeleteMessage. */
import type { Operation } from '../../../src/model/service-api.ts';
import { deleteByHandle } from '../handle.ts';
import { queueOf, requiredText } from '../input.ts';
import type { Queues } from '../queues.ts';

export function makeDeleteMessage(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    deleteByHandle(queues, queue, requiredText(input, 'ReceiptHandle'));
    return undefined;
  };
}
