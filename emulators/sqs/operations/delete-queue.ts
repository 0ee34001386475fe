/** DeleteQueue. Not emulated: the minute for which the service refuses to make it again. */
import type { Operation } from '../../../src/model/service-api.ts';
import { queueOf } from '../input.ts';
import type { Queues } from '../queues.ts';

export function makeDeleteQueue(queues: Queues): Operation {
  return async (input) => {
    await queues.remove(queueOf(queues, input));
    return undefined;
  };
}
