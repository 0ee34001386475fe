/** PurgeQueue. Not emulated: the minute between two purges. */
import type { Operation } from '../../../src/model/service-api.ts';
import { queueOf } from '../input.ts';
import type { Queues } from '../queues.ts';

export function makePurgeQueue(queues: Queues): Operation {
  return async (input) => {
    await queues.purge(queueOf(queues, input));
    return undefined;
  };
}
