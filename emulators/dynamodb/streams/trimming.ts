/** Removes records, and streams that no longer grow, when they are 24 hours old. */
import type { Clock, Timer } from '../../../src/model/platform.ts';
import type { Stream } from './stream.ts';

export const RETENTION_MS = 24 * 60 * 60 * 1000;

/** Records removed in one transaction; the event loop turns in between. */
const BATCH_SIZE = 500;

export interface Trimmable {
  streams(): readonly Stream[];
  /** Epoch ms. */
  oldestAt(stream: Stream): number | undefined;
  /** Answers how many records went. */
  trim(stream: Stream, until: number, limit: number): number;
  remove(stream: Stream): void;
}

export interface Trimming {
  /** A record was written at that time (epoch ms). */
  noteRecord(at: number): void;
  /** Removes what is due and waits for the next; to be called when streams have come or been disabled. */
  arm(): void;
  stop(): void;
}

export function startTrimming(trimmable: Trimmable, clock: Clock): Trimming {
  let timer: Timer | undefined;
  let dueAt = Number.POSITIVE_INFINITY;

  /** True when there may be more to remove at once. */
  const sweep = (): boolean => {
    const until = clock.now() - RETENTION_MS;
    let full = false;
    for (const stream of trimmable.streams()) {
      const removed = trimmable.trim(stream, until, BATCH_SIZE);
      if (removed === BATCH_SIZE) full = true;
      // All its records are older than its end, so none is left.
      else if (stream.disabledAt !== undefined && stream.disabledAt <= until) trimmable.remove(stream);
    }
    return full;
  };

  const nextDue = (): number => {
    let first = Number.POSITIVE_INFINITY;
    for (const stream of trimmable.streams()) {
      const oldest = trimmable.oldestAt(stream) ?? Number.POSITIVE_INFINITY;
      first = Math.min(first, oldest, stream.disabledAt ?? Number.POSITIVE_INFINITY);
    }
    return first + RETENTION_MS;
  };

  const wakeAt = (at: number) => {
    if (at >= dueAt) return;
    timer?.cancel();
    dueAt = at;
    timer = clock.after(Math.max(0, at - clock.now()), () => {
      dueAt = Number.POSITIVE_INFINITY;
      arm();
    });
  };

  const arm = () => wakeAt(sweep() ? clock.now() : nextDue());

  return {
    noteRecord(at) {
      if (dueAt === Number.POSITIVE_INFINITY) wakeAt(at + RETENTION_MS);
    },
    arm,
    stop: () => timer?.cancel(),
  };
}
