/** ChangeMessageVisibilityBatch. */
import type { Operation } from '../../../src/model/service-api.ts';
import { batchEntries, eachEntry } from '../batch.ts';
import { changeVisibility } from '../change-visibility.ts';
import { queueOf } from '../input.ts';
import type { Queues } from '../queues.ts';

export function makeChangeMessageVisibilityBatch(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    const entries = batchEntries(input, 'ChangeMessageVisibilityBatchRequestEntry');
    return eachEntry(entries, (entry) => {
      changeVisibility(queues, queue, entry.input);
      return undefined;
    });
  };
}
