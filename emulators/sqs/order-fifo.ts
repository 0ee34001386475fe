/** FIFO queues: within a group a message may be received only when all before it were deleted or are received with it. */
import type { Store } from '../../src/model/platform.ts';
import type { Message } from './message.ts';
import type { Order } from './order.ts';

/** Where a group stands in the order: when its first message is visible, and that message's number. */
type Head = readonly [visibleAt: number, seq: number];

/**
 * `visibleAtOf` answers when a stored message is visible, undefined when there is none. A group is entered under
 * its first message alone: while that one is invisible, so is all behind it.
 */
export function openFifoOrder(
  store: Store,
  visibleAtOf: (queueId: number, seq: number) => number | undefined,
): Order {
  /** [queue, group, number]. */
  const members = store.map<true>('sqs:fifo:members');
  /** [queue, group]. */
  const heads = store.map<Head>('sqs:fifo:heads');
  /** [queue, visible at, number of the first message] to its group. */
  const due = store.map<string>('sqs:fifo:due');

  const inGroup = function* (queueId: number, group: string): Iterable<number> {
    const range = { from: [queueId, group], to: [queueId, group, Number.MAX_SAFE_INTEGER] };
    for (const key of members.keys(range)) yield (key as [number, string, number])[2];
  };

  const first = (queueId: number, group: string): Head | undefined => {
    for (const seq of inGroup(queueId, group)) return [visibleAtOf(queueId, seq) ?? 0, seq];
    return undefined;
  };

  const refresh = (queueId: number, group: string) => {
    const before = heads.get([queueId, group]);
    const after = first(queueId, group);
    if (before && after && before[0] === after[0] && before[1] === after[1]) return;
    if (before) due.remove([queueId, ...before]);
    if (!after) return heads.remove([queueId, group]);
    heads.put([queueId, group], after);
    due.put([queueId, ...after], group);
  };

  const groupOf = (message: Message) => message.groupId ?? '';

  return {
    add(queueId, seq, message) {
      const group = groupOf(message);
      members.put([queueId, group, seq], true);
      if (!heads.has([queueId, group])) refresh(queueId, group);
    },
    remove(queueId, seq, message) {
      members.remove([queueId, groupOf(message), seq]);
      refresh(queueId, groupOf(message));
    },
    move: (queueId, _seq, message) => refresh(queueId, groupOf(message)),
    visible(queueId, now, limit) {
      const seqs: number[] = [];
      for (const { value: group } of due.range({ from: [queueId], to: [queueId, now + 1], limit }))
        for (const seq of inGroup(queueId, group)) {
          if ((visibleAtOf(queueId, seq) ?? 0) > now) break;
          if (seqs.push(seq) === limit) return seqs;
        }
      return seqs;
    },
    nextDueAt(queueId, now) {
      for (const key of due.keys({ from: [queueId, now + 1], to: [queueId + 1], limit: 1 }))
        return (key as [number, number, number])[1];
      return undefined;
    },
  };
}
