/** Those who wait for messages of one queue, served in turn when something becomes visible. */
import type { Clock, Timer } from '../../src/model/platform.ts';
import type { Received } from './message.ts';

/** Answers what one receive gets now; empty = nothing is visible. */
export type Attempt = () => readonly Received[];

export interface WaitingRoom {
  /**
   * Tries `attempt` now and whenever something may have become visible, until it gets something or `waitMs`
   * (of the clock; may be Infinity) is over, which answers nothing. An aborted signal answers nothing too.
   */
  wait(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<readonly Received[]>;
  /** Something may have become visible. */
  wake(): void;
  /** Ends every wait with `reason`. */
  end(reason: Error): void;
}

interface Waiter {
  readonly attempt: Attempt;
  settle(received: readonly Received[]): void;
  fail(reason: unknown): void;
}

/** `nextDueAt` answers when the next invisible message becomes visible, epoch ms. */
export function makeWaitingRoom(clock: Clock, nextDueAt: () => number | undefined): WaitingRoom {
  const waiters = new Set<Waiter>();
  let timer: Timer | undefined;

  const wake = () => {
    for (const waiter of waiters) {
      try {
        const received = waiter.attempt();
        if (received.length === 0) break;
        waiter.settle(received);
      } catch (failure) {
        waiter.fail(failure);
      }
    }
    arm();
  };

  /** One timer, and only while someone waits. */
  const arm = () => {
    timer?.cancel();
    timer = undefined;
    if (waiters.size === 0) return;
    const dueAt = nextDueAt();
    if (dueAt !== undefined) timer = clock.after(Math.max(0, dueAt - clock.now()), wake);
  };

  return {
    wake,
    wait(attempt, waitMs, signal) {
      if (signal?.aborted) return Promise.resolve([]);
      if (waitMs <= 0) return Promise.resolve(attempt());
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiters.delete(waiter);
          deadline?.cancel();
          signal?.removeEventListener('abort', giveUp);
        };
        const waiter: Waiter = {
          attempt,
          settle(received) {
            leave();
            resolve(received);
          },
          fail(reason) {
            leave();
            reject(reason);
          },
        };
        const giveUp = () => {
          waiter.settle([]);
          wake();
        };
        const deadline = Number.isFinite(waitMs) ? clock.after(waitMs, giveUp) : undefined;
        signal?.addEventListener('abort', giveUp, { once: true });
        waiters.add(waiter);
        wake();
      });
    },
    end(reason) {
      for (const waiter of waiters) waiter.fail(reason);
      arm();
    },
  };
}
