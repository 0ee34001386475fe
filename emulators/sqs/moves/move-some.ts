/** One step of a message move task. */
import type { Ids } from '../../../src/model/platform.ts';
import { type Message, queuedMessage } from '../message.ts';
import { sequenceNumberOf } from '../post.ts';
import { nameOfArn } from '../queue-names.ts';
import type { Queue, Queues } from '../queues.ts';
import type { StoredMessage } from '../store.ts';
import type { MoveTask } from './move-store.ts';

export interface MoveStep {
  readonly queues: Queues;
  readonly ids: Ids;
  readonly source: Queue;
  readonly task: MoveTask;
  readonly limit: number;
}

/** Moves up to `limit` visible messages in one transaction and answers the task as it is then. */
export function moveSome({ queues, ids, source, task, limit }: MoveStep): MoveTask {
  const { store, faults } = queues;
  const now = queues.now();
  const targets = new Set<Queue>();
  let { moved } = task;
  let failure: string | undefined;
  const found = store.visible(source.record, now, limit);
  store.write(() => {
    for (const stored of found) {
      const target = targetOf(queues, task, stored);
      if (typeof target === 'string') {
        failure = target;
        return;
      }
      const seq = store.nextSeq(now);
      const arriving = { seq, message: renewed(stored, seq, target, ids, now), flight: undefined };
      store.append(target.record, arriving);
      store.remove(source.record, stored);
      faults?.removed(queuedMessage(source.name, stored), 'deleted');
      faults?.stored(queuedMessage(target.name, arriving));
      targets.add(target);
      moved++;
    }
  });
  for (const target of targets) queues.wake(target);
  if (failure !== undefined) return { ...task, moved, status: 'FAILED', failure };
  return { ...task, moved, status: found.length === 0 ? 'COMPLETED' : 'RUNNING' };
}

/** Where a message goes, or the service's word for why that is not known. */
function targetOf(queues: Queues, { destinationArn }: MoveTask, { message }: StoredMessage): Queue | string {
  const arn = destinationArn ?? message.deadLetterSource;
  if (arn === undefined) return 'CouldNotDetermineMessageSource';
  return queues.find(nameOfArn(arn) ?? '') ?? 'AWS.SimpleQueueService.NonExistentQueue';
}

/** To the service a moved message is a new one: its id, its time and its number of receives begin anew. */
function renewed(
  { message: { deadLetterSource: _, ...message } }: StoredMessage,
  seq: number,
  target: Queue,
  ids: Ids,
  now: number,
): Message {
  return {
    ...message,
    id: ids.uuid(),
    sentAt: now,
    availableAt: now,
    ...(target.settings.fifo && { sequenceNumber: sequenceNumberOf(seq) }),
  };
}
