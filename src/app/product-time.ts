/**
 * The time of the emulated services: visibility timeouts, schedules, windows, retries, expiry. It can be moved ahead and run
 * faster; what functions see of the time, and their timeouts, stays real.
 */
import type { Clock, Store } from '../model/platform.ts';
import { SlsError } from '../std/errors.ts';
import { MAX_SCALE, makeTravelClock } from '../std/travel-clock.ts';
import type { EventHub } from './event-hub.ts';
import { makeQuiet } from './quiet.ts';

export interface TimeStatus {
  /** Of the services, epoch ms. */
  readonly now: number;
  /** How much that is ahead of the machine's time. */
  readonly aheadMs: number;
  /** Milliseconds of the services to one real one. */
  readonly scale: number;
}

export interface ProductTime {
  readonly clock: Clock;
  status(): TimeStatus;
  /**
   * Lets so much time pass, in ms: everything that falls due happens in its order and at its moment, each before the functions it
   * starts have ended. Resolves when it is that late. Rejects with `SlsError` `bad-time` for time that has passed.
   */
  advance(ms: number): Promise<TimeStatus>;
  setScale(scale: number): Promise<TimeStatus>;
  /** Back to the machine's time, at its speed. */
  reset(): Promise<TimeStatus>;
  /** Time that is let pass waits for this. */
  waitFor<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

export interface ProductTimeOptions {
  readonly base: Clock;
  /** Remembers how much it is ahead over restarts: what is stored has the services' times. */
  readonly store: Store;
  readonly hub: EventHub;
  /** Absent = 1. */
  readonly scale?: number;
  readonly notice: (message: string) => void;
}

const KEY = 'ahead';
/** While the clock runs faster, a kill takes it back by no more than this, in real ms. */
const SAVE_MS = 1000;

export function openProductTime({ base, store, hub, scale = 1, notice }: ProductTimeOptions): ProductTime {
  const saved = store.map<number>('product-time');
  const aheadMs = saved.get(KEY) ?? 0;
  const clock = makeTravelClock(base, { aheadMs, scale });
  const quiet = makeQuiet(hub);
  let last: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  // Whole, and never minus zero.
  const ahead = () => Math.round(clock.aheadMs) || 0;
  const save = () => {
    const ms = ahead();
    if (ms !== (saved.get(KEY) ?? 0)) saved.put(KEY, ms);
  };
  const saveRegularly = () => {
    clearInterval(timer);
    timer = clock.scale === 1 ? undefined : setInterval(save, SAVE_MS).unref();
  };
  const status = (): TimeStatus => ({
    now: clock.now(),
    aheadMs: ahead(),
    scale: clock.scale,
  });
  /** One change after the other. */
  const inTurn = (work: () => Promise<void> | void): Promise<TimeStatus> => {
    const done = last.then(work).then(() => {
      save();
      return status();
    });
    last = done.catch(() => {});
    return done;
  };

  const travel = async (ms: number) => {
    clock.hold();
    try {
      const until = clock.now() + ms;
      await quiet.reached();
      for (let due = clock.nextDueAt(); due !== undefined && due <= until; due = clock.nextDueAt()) {
        clock.moveTo(due);
        await quiet.reached();
      }
      clock.moveTo(until);
    } finally {
      clock.release();
    }
  };

  if (aheadMs !== 0)
    notice(
      `the services' time is ${spanText(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} the machine's, as it was left (sls-local time reset)`,
    );
  saveRegularly();
  return {
    clock,
    status,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0)
        return Promise.reject(
          new SlsError('bad-time', 'time only goes forward', {
            hint: 'back to the present: sls-local time reset',
          }),
        );
      return inTurn(() => travel(ms));
    },
    setScale(wanted) {
      if (!(wanted > 0 && wanted <= MAX_SCALE))
        return Promise.reject(
          new SlsError(
            'bad-scale',
            `time cannot run ${wanted} times as fast: expected a number above 0, up to ${MAX_SCALE}`,
          ),
        );
      return inTurn(() => {
        clock.setScale(wanted);
        saveRegularly();
      });
    },
    reset: () =>
      inTurn(() => {
        clock.setScale(1);
        clock.setAhead(0);
        saveRegularly();
      }),
    waitFor: quiet.until,
    close() {
      clearInterval(timer);
      quiet.close();
      save();
    },
  };
}

/** `2 d 3 h`, `10 min`, `1.5 s`: the two largest units. */
export function spanText(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const parts: readonly [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  return parts
    .filter(([amount]) => amount > 0)
    .slice(0, 2)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}
