/** ChangeMessageVisibility. */
import type { Operation } from '../../../src/model/service-api.ts';
import { changeVisibility } from '../change-visibility.ts';
import { queueOf } from '../input.ts';
import type { Queues } from '../queues.ts';

export function makeChangeMessageVisibility(queues: Queues): Operation {
  return (input) => {
    changeVisibility(queues, queueOf(queues, input), input);
    return undefined;
  };
}
