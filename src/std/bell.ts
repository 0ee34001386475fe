/** Wakes the one who waits: something happened, or the time is over. */
import type { Clock } from '../model/platform.ts';

export interface Bell {
  ring(): void;
  /** Resolves at the next ring, after `waitMs` of the clock, or when `signal` is aborted. Never rejects. */
  wait(signal: AbortSignal, waitMs?: number): Promise<void>;
}

export function makeBell(clock: Clock): Bell {
  const waiting = new Set<() => void>();
  return {
    ring() {
      for (const wake of waiting) wake();
    },
    wait(signal, waitMs) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          timer?.cancel();
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = waitMs === undefined ? undefined : clock.after(waitMs, wake);
        signal.addEventListener('abort', wake);
        waiting.add(wake);
      });
    },
  };
}
