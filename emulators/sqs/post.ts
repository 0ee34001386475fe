/** Puts drafts into a queue as one transaction, dropping duplicates in FIFO queues. */
import type { Ids } from '../../src/model/platform.ts';
import type { Draft } from './compose.ts';
import { type Message, queuedMessage } from './message.ts';
import type { Queue, Queues } from './queues.ts';

export interface Posted {
  readonly messageId: string;
  /** FIFO queues only. */
  readonly sequenceNumber?: string;
}

/** What each draft became, in order. All are stored when this returns; a duplicate answers its first message. */
export function post(queues: Queues, ids: Ids, queue: Queue, drafts: readonly Draft[]): Posted[] {
  const { store } = queues;
  const now = queues.now();
  const posted = store.write(() => drafts.map((draft) => postOne(queues, ids, queue, draft, now)));
  queues.wake(queue);
  return posted;
}

function postOne(queues: Queues, ids: Ids, queue: Queue, draft: Draft, now: number): Posted {
  const { store, faults } = queues;
  const { delayMs, ...rest } = draft;
  const times = { sentAt: now, availableAt: now + delayMs };
  const queueId = queue.record.id;
  if (!queue.settings.fifo) {
    const fault = faults?.sending(queue.name, draft.origin);
    const message: Message = {
      ...{ ...rest, id: ids.uuid(), sentAt: now },
      availableAt: times.availableAt + (fault?.delayMs ?? 0),
    };
    append(queues, queue, message, now);
    if (fault?.copyAfterMs !== undefined)
      append(queues, queue, { ...message, availableAt: times.availableAt + fault.copyAfterMs }, now);
    return { messageId: message.id };
  }
  const key = deduplicationKey(queue, draft);
  const duplicate = store.deduplication.find(queueId, key, now);
  if (duplicate) return duplicate;
  const seq = store.nextSeq(now);
  const sequenceNumber = sequenceNumberOf(seq);
  const message: Message = { ...rest, ...times, id: ids.uuid(), sequenceNumber };
  append(queues, queue, message, now, seq);
  store.deduplication.remember(queueId, key, { at: now, messageId: message.id, sequenceNumber });
  return { messageId: message.id, sequenceNumber };
}

function append(
  { store, faults }: Queues,
  queue: Queue,
  message: Message,
  now: number,
  seq = store.nextSeq(now),
): void {
  store.append(queue.record, { seq, message, flight: undefined });
  faults?.stored(queuedMessage(queue.name, { seq, message }));
}

/** Twenty digits, as the service's are. */
export function sequenceNumberOf(seq: number): string {
  return `188${String(seq).padStart(17, '0')}`;
}

/** Neither part has spaces, so the two cannot run into each other. */
function deduplicationKey({ settings }: Queue, { groupId, deduplicationId }: Draft): string {
  return settings.deduplicationPerGroup ? `${groupId} ${deduplicationId}` : `${deduplicationId}`;
}
