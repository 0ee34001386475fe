/** Sets when a message in flight becomes visible again. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { invalidValue, messageNotInflight, missingParameter } from './errors.ts';
import { readHandle } from './handle.ts';
import { optionalInteger, requiredText } from './input.ts';
import type { Queue, Queues } from './queues.ts';

export function changeVisibility(queues: Queues, queue: Queue, input: JsonObject): void {
  const handle = requiredText(input, 'ReceiptHandle');
  const seconds = optionalInteger(
    input,
    'VisibilityTimeout',
    0,
    43_200,
    'VisibilityTimeout must be between 0 and 43200.',
  );
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  const { stored, inFlight } = readHandle(queues, queue, handle);
  if (!stored)
    throw invalidValue(
      handle,
      'ReceiptHandle',
      'Message does not exist or is not available for visibility timeout change.',
    );
  if (!inFlight) throw messageNotInflight(handle);
  queues.setVisibility(queue, stored, seconds * 1000);
}
