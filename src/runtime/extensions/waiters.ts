/** Waits for a condition over state that says when it changes. */

export interface Waiters {
  /** Settles when it holds: now, or after one of the next changes. */
  until(holds: () => boolean): Promise<void>;
  changed(): void;
}

export function makeWaiters(): Waiters {
  const waiting = new Set<{ readonly holds: () => boolean; readonly resolve: () => void }>();
  return {
    until(holds) {
      if (holds()) return Promise.resolve();
      return new Promise((resolve) => waiting.add({ holds, resolve }));
    },
    changed() {
      for (const waiter of waiting) {
        if (!waiter.holds()) continue;
        waiting.delete(waiter);
        waiter.resolve();
      }
    },
  };
}

/** Settles with the promise or after so long by the wall: what is ended must end also while a debugger holds the clock. */
export async function atMost(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms));
  });
  await Promise.race([promise, enough]);
  clearTimeout(timer);
}
