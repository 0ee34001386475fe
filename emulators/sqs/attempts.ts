/** Receives that are asked for again under their attempt id, because the first answer was lost. */
import { DEDUPLICATION_WINDOW_MS } from './deduplication.ts';
import type { Received } from './message.ts';
import type { Queue, Queues } from './queues.ts';

export interface Attempts {
  /** What the receive of this id got, unless any of it was touched since; it is invisible for `visibilityMs` from now. */
  again(queue: Queue, id: string, visibilityMs: number): readonly Received[] | undefined;
  remember(queue: Queue, id: string, received: readonly Received[]): void;
}

interface Attempt {
  /** Epoch ms. */
  readonly at: number;
  readonly received: readonly Received[];
}

/** Not kept over a restart. */
export function makeAttempts(queues: Queues): Attempts {
  const attempts = new Map<string, Attempt>();
  const keyOf = ({ record }: Queue, id: string) => `${record.id} ${id}`;

  const forgetOld = (now: number) => {
    for (const [key, { at }] of attempts) {
      if (at > now - DEDUPLICATION_WINDOW_MS) return;
      attempts.delete(key);
    }
  };

  const isUntouched = (queue: Queue, { seq, flight }: Received, now: number) => {
    const found = queues.store.get(queue.record, seq)?.flight;
    return found?.receipt === flight.receipt && found.visibleAt === flight.visibleAt && found.visibleAt > now;
  };

  return {
    again(queue, id, visibilityMs) {
      const now = queues.now();
      forgetOld(now);
      const key = keyOf(queue, id);
      const attempt = attempts.get(key);
      if (!attempt?.received.every((one) => isUntouched(queue, one, now))) return undefined;
      for (const { seq } of attempt.received) {
        const stored = queues.store.get(queue.record, seq);
        if (stored) queues.setVisibility(queue, stored, visibilityMs);
      }
      const received = attempt.received.map((one) => ({
        ...one,
        flight: { ...one.flight, visibleAt: now + visibilityMs },
      }));
      attempts.set(key, { ...attempt, received });
      return received;
    },
    remember(queue, id, received) {
      if (received.length === 0) return;
      const key = keyOf(queue, id);
      attempts.delete(key);
      attempts.set(key, { at: queues.now(), received });
    },
  };
}
