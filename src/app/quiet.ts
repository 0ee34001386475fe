/** Tells when no function runs, no server elsewhere is called, and nothing that was just caused is about to start one. */
import type { EventHub } from './event-hub.ts';

export interface Quiet {
  /** Resolves when it is quiet, or after a while all the same: a function may wait for time to pass. */
  reached(): Promise<void>;
  /** Waits for this too. */
  until<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

/** Turns of the event loop in which what was caused gets under way. */
const TURNS = 6;
const LONGEST_MS = 10_000;

export function makeQuiet(hub: EventHub, longestMs = LONGEST_MS): Quiet {
  let running = 0;
  let onEnd: (() => void) | undefined;
  const stop = hub.on((event) => {
    if (event.type !== 'invocation') return;
    count(event.status === 'started' ? 1 : -1);
  });
  const count = (change: 1 | -1) => {
    running += change;
    if (running === 0) onEnd?.();
  };

  const turns = async () => {
    for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const ended = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        onEnd = undefined;
        resolve();
      }
      onEnd = done;
    });

  return {
    async reached() {
      const until = performance.now() + longestMs;
      await turns();
      while (running > 0 && performance.now() < until) {
        await ended(until - performance.now());
        await turns();
      }
    },
    until(work) {
      count(1);
      return work.finally(() => count(-1));
    },
    close: stop,
  };
}
