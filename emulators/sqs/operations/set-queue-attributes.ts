/** SetQueueAttributes. Takes effect at once, where the service takes up to a minute. */
import type { Operation } from '../../../src/model/service-api.ts';
import { checkAttributes, mergeAttributes, withSmallFlags } from '../attributes.ts';
import { missingParameter } from '../errors.ts';
import { queueOf, textMap } from '../input.ts';
import type { Queues } from '../queues.ts';
import { parseRedrivePolicy } from '../redrive-policy.ts';

export function makeSetQueueAttributes(queues: Queues): Operation {
  return (input) => {
    const queue = queueOf(queues, input);
    if (input.Attributes === undefined) throw missingParameter('Attributes');
    const change = withSmallFlags(textMap(input, 'Attributes'));
    const { fifo } = queue.settings;
    checkAttributes(change, fifo);
    if (change.RedrivePolicy) parseRedrivePolicy(change.RedrivePolicy, { arn: queue.arn, fifo }, queues.find);
    queues.change(queue, { attributes: mergeAttributes(queue.record.attributes, change, fifo) });
    return undefined;
  };
}
