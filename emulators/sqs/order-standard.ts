/** Standard queues: whatever is visible may be received, longest visible first. */
import type { Store } from '../../src/model/platform.ts';
import type { Order } from './order.ts';

export function openStandardOrder(store: Store): Order {
  /** Keys are [queue, visible at, number]. */
  const due = store.map<true>('sqs:due');

  return {
    add: (queueId, seq, _message, visibleAt) => due.put([queueId, visibleAt, seq], true),
    remove: (queueId, seq, _message, visibleAt) => due.remove([queueId, visibleAt, seq]),
    move(queueId, seq, _message, from, to) {
      if (from === to) return;
      due.remove([queueId, from, seq]);
      due.put([queueId, to, seq], true);
    },
    visible(queueId, now, limit) {
      const seqs: number[] = [];
      for (const key of due.keys({ from: [queueId], to: [queueId, now + 1], limit }))
        seqs.push((key as [number, number, number])[2]);
      return seqs;
    },
    nextDueAt(queueId, now) {
      for (const key of due.keys({ from: [queueId, now + 1], to: [queueId + 1], limit: 1 }))
        return (key as [number, number, number])[1];
      return undefined;
    },
  };
}
