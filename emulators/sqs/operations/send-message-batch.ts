/** SendMessageBatch: up to ten messages in one transaction, the bad ones answered one by one. */

import type { Ids } from '../../../src/model/platform.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { MAX_MESSAGE_BYTES } from '../attributes.ts';
import { batchEntries, eachEntry } from '../batch.ts';
import { checkFifoEntry, composeEntry, type Draft, draftSize } from '../compose.ts';
import { batchTooLong } from '../errors.ts';
import { queueOf } from '../input.ts';
import { type Posted, post } from '../post.ts';
import type { Queues } from '../queues.ts';
import { sendResult } from '../send-result.ts';

export function makeSendMessageBatch(queues: Queues, ids: Ids): Operation {
  return (input, call) => {
    const queue = queueOf(queues, input);
    const entries = batchEntries(input, 'SendMessageBatchRequestEntry');
    for (const entry of entries) checkFifoEntry(queue, entry.input);
    const composed = new Map(entries.map((entry) => [entry.id, composeEntry(queue, entry.input, call)]));
    const drafts = [...composed].filter((one): one is [string, Draft] => !(one[1] instanceof Error));
    const sizeBytes = drafts.reduce((sum, [, draft]) => sum + draftSize(draft), 0);
    if (sizeBytes > MAX_MESSAGE_BYTES) throw batchTooLong(MAX_MESSAGE_BYTES, sizeBytes);
    const stored = post(
      queues,
      ids,
      queue,
      drafts.map(([, draft]) => draft),
    );
    const posted = new Map<string, Posted | undefined>(drafts.map(([id], at) => [id, stored[at]]));
    return eachEntry(entries, ({ id, input: entry }) => {
      const draft = composed.get(id);
      if (draft instanceof Error) throw draft;
      const result = posted.get(id);
      return draft && result && sendResult(draft, result, entry);
    });
  };
}
