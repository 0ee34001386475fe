/** Remembers the deduplication ids of FIFO queues for the service's five minutes. */
import type { Store } from '../../src/model/platform.ts';

/** The message an id was first used for. */
export interface Duplicate {
  /** Epoch ms. */
  readonly at: number;
  readonly messageId: string;
  readonly sequenceNumber: string;
}

export interface Deduplication {
  /** The first use of `key` within the window, if there was one. */
  find(queueId: number, key: string, now: number): Duplicate | undefined;
  remember(queueId: number, key: string, first: Duplicate): void;
  /** To be called within a transaction. */
  forgetAll(queueId: number): void;
}

export const DEDUPLICATION_WINDOW_MS = 5 * 60_000;
/** Old entries removed with each new one, so that the memory stays as long as the window. */
const FORGET_STEP = 4;

/** `write` runs its work as one transaction, or within the one there is. */
export function openDeduplication(store: Store, write: <T>(work: () => T) => T): Deduplication {
  const seen = store.map<Duplicate>('sqs:dedup');
  /** [queue, first seen, key]. */
  const byTime = store.map<true>('sqs:dedup:time');

  const forget = (queueId: number, before: number) => {
    const old = [...byTime.keys({ from: [queueId], to: [queueId, before], limit: FORGET_STEP })];
    for (const entry of old) {
      const [, at, key] = entry as [number, number, string];
      byTime.remove(entry);
      if (seen.get([queueId, key])?.at === at) seen.remove([queueId, key]);
    }
  };

  return {
    find(queueId, key, now) {
      const found = seen.get([queueId, key]);
      return found && found.at > now - DEDUPLICATION_WINDOW_MS ? found : undefined;
    },
    forgetAll(queueId) {
      for (const entry of [...byTime.keys({ from: [queueId], to: [queueId + 1] })]) {
        const [, , key] = entry as [number, number, string];
        byTime.remove(entry);
        seen.remove([queueId, key]);
      }
    },
    remember: (queueId, key, first) =>
      write(() => {
        forget(queueId, first.at - DEDUPLICATION_WINDOW_MS);
        seen.put([queueId, key], first);
        byTime.put([queueId, first.at, key], true);
      }),
  };
}
