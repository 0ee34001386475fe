/** Brings the queues to what the project file says, keeping their messages. */
import type { QueueTrigger } from '../../src/model/project.ts';
import type { QueueResource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import { attributesOfResource, checkAttributes, defaultAttributes, mergeAttributes } from './attributes.ts';
import { isFifoName, nameOfArn } from './queue-names.ts';
import type { Queues } from './queues.ts';

/** Creates what is missing and changes what the file says differently than last time; nothing is ever removed. */
export function declareQueues(
  queues: Queues,
  resources: readonly QueueResource[],
  notice: (message: string) => void,
): void {
  for (const resource of resources)
    try {
      declare(queues, resource);
    } catch (failure) {
      notice(`the queue ${resource.name} of the project file cannot be made: ${messageOf(failure)}`);
    }
}

/** Attributes set through the API since stay, unless the file itself has changed. */
function declare(queues: Queues, resource: QueueResource): void {
  const wanted = attributesOfResource(resource);
  checkAttributes(wanted, resource.fifo);
  const declared = JSON.stringify(wanted);
  const existing = queues.find(resource.name);
  if (existing?.record.declared === declared) return;
  const current = existing?.record.attributes ?? defaultAttributes(resource.fifo);
  const attributes = mergeAttributes(current, wanted, resource.fifo);
  if (existing) queues.change(existing, { attributes, declared });
  else queues.create(resource.name, attributes, {}, declared);
}

/** A trigger may name a queue that another stack owns in the cloud; here it is made with the service's defaults. */
export function declareSources(
  queues: Queues,
  triggers: readonly QueueTrigger[],
  notice: (message: string) => void,
): void {
  for (const { queueArn, functionId } of triggers) {
    const name = nameOfArn(queueArn);
    if (name === undefined) {
      notice(`the trigger of ${functionId} names '${queueArn}', which is no queue ARN; it does not run`);
    } else if (!queues.find(name)) {
      queues.create(name, defaultAttributes(isFifoName(name)), {});
      notice(
        `the queue ${name}, trigger of ${functionId}, is not in the project; it was made with the service's defaults`,
      );
    }
  }
}
