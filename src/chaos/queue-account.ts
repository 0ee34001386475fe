/** Follows every message of every queue from the moment it is stored until it is gone, and checks that it went rightly. */
import type { QueuedMessage, QueueFaults } from '../model/faults.ts';
import type { Outcome } from '../model/invocation.ts';
import type { Follower } from './followers.ts';
import type { Names } from './names.ts';
import { type Accounts, failedItems, type Report } from './violation.ts';

export interface QueueAccount
  extends Accounts,
    Pick<QueueFaults, 'stored' | 'received' | 'uncounted' | 'removed'> {
  nameOf(message: QueuedMessage): string;
  /** Messages of an event in its order. */
  batch(event: string): readonly Entry[];
  /** The function gets them now. */
  begin(functionId: string, batch: readonly Entry[]): void;
  end(functionId: string, batch: readonly Entry[], outcome: Outcome): void;
  /** How many messages of a queue are still there. */
  left(queue: string): number;
  queues(): readonly string[];
  readonly deadLettered: number;
}

export interface Entry {
  readonly message: QueuedMessage;
  readonly name: string;
  receives: number;
  deliveries: number;
  isHandled: boolean;
  isGone: boolean;
  /** Of its queue, as of its last receive. */
  maxReceives: number | undefined;
}

export function makeQueueAccount(
  names: Names,
  followers: () => readonly Follower[],
  report: Report,
): QueueAccount {
  const entries = new Map<string, Entry>();
  /** Which receive of which message: copies of one message have the same id. */
  const byHandle = new Map<string, Entry>();
  let deadLettered = 0;

  const keyOf = ({ queue, seq }: QueuedMessage) => `${queue} ${seq}`;
  const all = () => [...entries.values()];
  const followersOfQueue = (queue: string) =>
    followers().filter(({ source }) => source.kind === 'queue' && source.name === queue);

  /** Messages from before the run have no entry yet. */
  const entryOf = (message: QueuedMessage): Entry => {
    const known = entries.get(keyOf(message));
    if (known) return known;
    const name = names.next(message.origin, message.queue);
    const counts = { receives: 0, deliveries: 0, maxReceives: undefined };
    const entry = { message, name, ...counts, isHandled: false, isGone: false };
    entries.set(keyOf(message), entry);
    return entry;
  };

  const checkOrder = (batch: readonly Entry[]) => {
    for (const [at, entry] of batch.entries()) {
      const { queue, groupId, seq } = entry.message;
      const ahead = all().find(
        (other) =>
          !other.isGone &&
          other.message.queue === queue &&
          other.message.groupId === groupId &&
          other.message.seq < seq &&
          !batch.slice(0, at).includes(other),
      );
      if (ahead)
        report({
          invariant: 'order',
          message: `${entry.name} was delivered before ${ahead.name} of the same group (${groupId}) was done`,
        });
    }
  };

  return {
    nameOf: (message) => entryOf(message).name,
    stored: (message) => void entryOf(message),
    received(message, receiptHandle, maxReceiveCount) {
      const entry = entryOf(message);
      byHandle.set(receiptHandle, entry);
      entry.receives++;
      if (maxReceiveCount !== undefined && entry.receives > maxReceiveCount)
        report({
          invariant: 'dead-letter',
          message: `${entry.name} was received ${entry.receives} times; its queue allows ${maxReceiveCount}`,
        });
      entry.maxReceives = maxReceiveCount;
    },
    uncounted(message) {
      entryOf(message).receives--;
    },
    removed(message, why) {
      const entry = entryOf(message);
      entry.isGone = true;
      const limit = entry.maxReceives;
      if (why === 'dead-letter') {
        deadLettered++;
        if (limit !== undefined && entry.receives < limit)
          report({
            invariant: 'dead-letter',
            message: `${entry.name} went to the dead-letter queue after ${entry.receives} receives; it is due after ${limit}`,
          });
      }
      if (why === 'expired')
        report({
          invariant: 'nothing-lost',
          message: `${entry.name} was not handled before its queue dropped it for its age`,
        });
      if (why === 'handled' && entry.deliveries > 0 && !entry.isHandled)
        report({ invariant: 'nothing-lost', message: `${entry.name} was deleted though nobody handled it` });
    },
    batch: (event) => {
      const { Records: records = [] } = JSON.parse(event) as { Records?: { receiptHandle?: string }[] };
      return records.flatMap(({ receiptHandle = '' }) => byHandle.get(receiptHandle) ?? []);
    },
    begin(_functionId, batch) {
      for (const entry of batch) entry.deliveries++;
      if (batch[0]?.message.queue.endsWith('.fifo')) checkOrder(batch);
    },
    end(functionId, batch, outcome) {
      if (outcome.status !== 'ok') return;
      const [first] = batch;
      const reportsItems = followersOfQueue(first?.message.queue ?? '').some(
        (one) => one.id === functionId && one.reportsItems,
      );
      const failed = reportsItems ? failedItems(outcome.payload) : undefined;
      const isUnderstood = [...(failed ?? [])].every((id) => batch.some(({ message }) => message.id === id));
      if (!isUnderstood) return;
      for (const entry of batch) if (!failed?.has(entry.message.id)) entry.isHandled = true;
    },
    pending: () =>
      all()
        .filter(({ isGone, message }) => !isGone && followersOfQueue(message.queue).length > 0)
        .map(({ name }) => name),
    finish() {},
    left: (queue) => all().filter(({ isGone, message }) => !isGone && message.queue === queue).length,
    queues: () => [...new Set(all().map(({ message }) => message.queue))],
    get deadLettered() {
      return deadLettered;
    },
  };
}
