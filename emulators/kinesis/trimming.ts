/** Removes records when they are older than their stream's retention; one timer for all, none while there is nothing to wait for. */
import type { Clock, Timer } from '../../src/model/platform.ts';

/** Records removed in one transaction; the event loop turns in between. */
const BATCH_SIZE = 500;
/** Records that come one after the other go together, at most so long after they are due. */
const SLACK_MS = 1000;

export interface Trimmable {
  /** Removes what is too old at `now`, up to `limit` records of each shard; true when there may be more. */
  sweep(now: number, limit: number): boolean;
  /** Epoch ms at which the next record becomes too old; undefined when there is none. */
  nextDue(): number | undefined;
}

export interface Trimming {
  /** A record was written that becomes too old then (epoch ms). */
  noteDue(at: number): void;
  /** Removes what is due and waits for the next; to be called when retention has changed. */
  arm(): void;
  stop(): void;
}

export function startTrimming(trimmable: Trimmable, clock: Clock): Trimming {
  let timer: Timer | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let stopped = false;

  const wakeAt = (at: number) => {
    if (stopped || at >= dueAt) return;
    timer?.cancel();
    dueAt = at;
    timer = clock.after(Math.max(0, at - clock.now()), () => {
      dueAt = Number.POSITIVE_INFINITY;
      arm();
    });
  };

  const arm = () => {
    if (trimmable.sweep(clock.now(), BATCH_SIZE)) return wakeAt(clock.now());
    const next = trimmable.nextDue();
    if (next !== undefined) wakeAt(next + SLACK_MS);
  };

  return {
    noteDue(at) {
      if (dueAt === Number.POSITIVE_INFINITY) wakeAt(at + SLACK_MS);
    },
    arm,
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
