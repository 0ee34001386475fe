/** A clock that can be moved ahead of the one it is based on, run faster, and be held. It stands still when that one does. */
import type { Clock, Timer } from '../model/platform.ts';
import { makeSleep } from './clock.ts';

export interface TravelClock extends Clock {
  /** How much it is ahead of its base, in ms. */
  readonly aheadMs: number;
  /** Its milliseconds to one of its base. */
  readonly scale: number;
  setScale(scale: number): void;
  /** From now on as much ahead of its base; may go back. */
  setAhead(ms: number): void;
  /** While held, time passes by `moveTo` alone. */
  hold(): void;
  release(): void;
  readonly held: boolean;
  /** When the next timer is due. */
  nextDueAt(): number | undefined;
  /** Of a held clock: makes it so late, unless it is later, and fires the timers due by then, in their order. */
  moveTo(at: number): void;
}

/** As fast as it may run. */
export const MAX_SCALE = 100_000;

interface Pending {
  readonly dueAt: number;
  readonly order: number;
  /** Taken away when the timer has ended: what it refers to may outlive it by far in the old memory of the set. */
  fire: (() => void) | undefined;
  handle: Timer | undefined;
}

export function makeTravelClock(base: Clock, { aheadMs = 0, scale = 1 } = {}): TravelClock {
  const pending = new Set<Pending>();
  let order = 0;
  let rate = scale;
  let held = false;
  /** It was `anchor` when its base was `baseAnchor`. */
  let baseAnchor = base.now();
  let anchor = baseAnchor + aheadMs;

  const at = (baseNow: number) => (held ? anchor : anchor + (baseNow - baseAnchor) * rate);
  const now = () => at(base.now());

  /** Nothing when it was cancelled. */
  const fireNow = (timer: Pending) => {
    const { fire } = timer;
    pending.delete(timer);
    timer.fire = undefined;
    fire?.();
  };

  const disarm = (timer: Pending) => {
    timer.handle?.cancel();
    timer.handle = undefined;
  };

  const arm = (timer: Pending) => {
    timer.handle = base.after(Math.max(0, (timer.dueAt - now()) / rate), () => {
      if (now() < timer.dueAt) return arm(timer);
      fireNow(timer);
    });
  };

  const inOrder = () => [...pending].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);

  const change = (apply: () => void) => {
    for (const timer of pending) disarm(timer);
    anchor = now();
    baseAnchor = base.now();
    apply();
    if (!held) for (const timer of inOrder()) arm(timer);
  };

  const after = (delayMs: number, fire: () => void): Timer => {
    const timer: Pending = { dueAt: now() + Math.max(0, delayMs), order: order++, fire, handle: undefined };
    pending.add(timer);
    if (!held) arm(timer);
    return {
      cancel() {
        pending.delete(timer);
        timer.fire = undefined;
        disarm(timer);
      },
    };
  };

  return {
    now,
    after,
    sleep: makeSleep(after),
    get aheadMs() {
      const baseNow = base.now();
      return at(baseNow) - baseNow;
    },
    get scale() {
      return rate;
    },
    get held() {
      return held;
    },
    setScale: (wanted) =>
      change(() => {
        rate = wanted;
      }),
    setAhead: (ms) =>
      change(() => {
        anchor = baseAnchor + ms;
      }),
    hold: () =>
      change(() => {
        held = true;
      }),
    release: () =>
      change(() => {
        held = false;
      }),
    nextDueAt() {
      let first: number | undefined;
      for (const { dueAt } of pending) if (first === undefined || dueAt < first) first = dueAt;
      return first;
    },
    moveTo(at) {
      anchor = Math.max(anchor, at);
      // What these start comes with a later call.
      for (const timer of inOrder()) {
        if (timer.dueAt > anchor) return;
        fireNow(timer);
      }
    },
  };
}
