/** How many more messages of a queue may be in flight. */
import type { QueueRecord, QueueStore } from './store.ts';

/** Source: SQS developer guide, "Amazon SQS message quotas". FIFO queues had 20,000 until November 2024. */
export const MAX_IN_FLIGHT = 120_000;

export interface InFlightLimit {
  /** At least so many may be received now. `now` is epoch ms. */
  room(record: QueueRecord, now: number): number;
  received(record: QueueRecord, count: number): void;
  /** Whether the queue had no room when it was last asked for. */
  isFull(record: QueueRecord): boolean;
}

/** Messages in flight are counted only where so many were ever received, and then not again before there may be none left. */
export function makeInFlightLimit(
  store: Pick<QueueStore, 'everReceived' | 'counts'>,
  limit = MAX_IN_FLIGHT,
): InFlightLimit {
  const left = new Map<number, number>();
  return {
    room(record, now) {
      const bound = limit - store.everReceived(record);
      if (bound > 0) {
        left.delete(record.id);
        return bound;
      }
      const known = left.get(record.id) ?? 0;
      if (known > 0) return known;
      const room = Math.max(0, limit - store.counts(record, now).inFlight);
      left.set(record.id, room);
      return room;
    },
    received(record, count) {
      const known = left.get(record.id);
      if (known !== undefined) left.set(record.id, known - count);
    },
    isFull: (record) => left.get(record.id) === 0,
  };
}
