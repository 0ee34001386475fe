/** Clocks: the real one, which a paused debugger can freeze, and a fake one that moves only by hand. */
import type { Clock, Timer } from '../model/platform.ts';

export interface FreezableClock extends Clock {
  /** Time stands still until as many `thaw` calls have come. */
  freeze(): void;
  thaw(): void;
  readonly frozen: boolean;
}

/** Milliseconds, from some beginning: for what must go on while the product's clock stands. */
export const realTime = (): number => performance.now();

/** Longest delay Node's timers take. */
const MAX_DELAY_MS = 2 ** 31 - 1;

interface Pending {
  readonly dueAt: number;
  /** Taken away when the timer has ended: what it refers to may outlive it by far in the old memory of the set. */
  fire: (() => void) | undefined;
}

/**
 * Wall-clock time from process start on, less the time it was frozen. Its timers do not keep the process alive. Most are
 * cancelled long before they are due, so that one timer of Node's serves all: it is set for the earliest, and looks for
 * the next one when it fires.
 */
export function makeSystemClock(): FreezableClock {
  const pending = new Set<Pending>();
  const base = performance.timeOrigin;
  let frozenDepth = 0;
  let frozenAt = 0;
  let lostMs = 0;
  let handle: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;

  const now = () => base + (frozenDepth > 0 ? frozenAt : performance.now()) - lostMs;

  const end = (timer: Pending) => {
    pending.delete(timer);
    timer.fire = undefined;
  };

  const wakeAt = (dueAt: number) => {
    clearTimeout(handle);
    wakesAt = dueAt;
    handle = undefined;
    if (dueAt === Number.POSITIVE_INFINITY) return;
    handle = setTimeout(wake, Math.min(Math.max(0, Math.ceil(dueAt - now())), MAX_DELAY_MS));
    handle.unref();
  };

  const earliest = () => {
    let first = Number.POSITIVE_INFINITY;
    for (const { dueAt } of pending) if (dueAt < first) first = dueAt;
    return first;
  };

  const wake = () => {
    const at = now();
    const due = [...pending].filter(({ dueAt }) => dueAt <= at).sort((a, b) => a.dueAt - b.dueAt);
    for (const timer of due) fireNow(timer);
    if (frozenDepth === 0) wakeAt(earliest());
  };

  /** Nothing when one before it has cancelled it; later if one before it has frozen the clock. What it throws keeps no other from firing. */
  const fireNow = (timer: Pending) => {
    const { fire } = timer;
    if (!fire || frozenDepth > 0) return;
    end(timer);
    try {
      fire();
    } catch (failure) {
      process.nextTick(() => {
        throw failure;
      });
    }
  };

  const after = (delayMs: number, fire: () => void): Timer => {
    const timer: Pending = { dueAt: now() + delayMs, fire };
    pending.add(timer);
    if (frozenDepth === 0 && timer.dueAt < wakesAt) wakeAt(timer.dueAt);
    return { cancel: () => end(timer) };
  };

  return {
    now,
    after,
    sleep: makeSleep(after),
    get frozen() {
      return frozenDepth > 0;
    },
    freeze() {
      if (frozenDepth++ > 0) return;
      frozenAt = performance.now();
      wakeAt(Number.POSITIVE_INFINITY);
    },
    thaw() {
      if (frozenDepth === 0 || --frozenDepth > 0) return;
      lostMs += performance.now() - frozenAt;
      wakeAt(earliest());
    },
  };
}

export interface FakeClock extends Clock {
  /** Moves time forward, firing what falls due in order, and lets promises settle between timers. */
  advance(byMs: number): Promise<void>;
  /** Number of timers that wait. */
  readonly waiting: number;
}

/** Starts at `startAt` (epoch ms) and stands still until `advance`. */
export function makeFakeClock(startAt = Date.UTC(2026, 0, 1)): FakeClock {
  const pending = new Set<{ dueAt: number; order: number; fire: () => void }>();
  let time = startAt;
  let order = 0;

  const after = (delayMs: number, fire: () => void): Timer => {
    const timer = { dueAt: time + Math.max(0, delayMs), order: order++, fire };
    pending.add(timer);
    return { cancel: () => void pending.delete(timer) };
  };

  const nextDue = (until: number) =>
    [...pending].filter((t) => t.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0];

  return {
    now: () => time,
    after,
    sleep: makeSleep(after),
    get waiting() {
      return pending.size;
    },
    async advance(byMs) {
      const until = time + byMs;
      await settle();
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        time = Math.max(time, timer.dueAt);
        pending.delete(timer);
        timer.fire();
        await settle();
      }
      time = until;
      await settle();
    },
  };
}

/** Lets everything that is already settled run its continuations. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** What `Clock.sleep` is, made of the clock's `after`. */
export function makeSleep(after: (delayMs: number, fire: () => void) => Timer): Clock['sleep'] {
  return (delayMs, signal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = after(delayMs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
}
