/** DeleteMessageBatch. */
import type { Operation } from '../../../src/model/service-api.ts';
import { batchEntries, eachEntry } from '../batch.ts';
import { deleteByHandle } from '../handle.ts';
import { queueOf, requiredText } from '../input.ts';
import type { Queues } from '../queues.ts';

export function makeDeleteMessageBatch(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    const entries = batchEntries(input, 'DeleteMessageBatchRequestEntry');
    return queues.store.write(() =>
      eachEntry(entries, (entry) => {
        deleteByHandle(queues, queue, requiredText(entry.input, 'ReceiptHandle'));
        return undefined;
      }),
    );
  };
}
