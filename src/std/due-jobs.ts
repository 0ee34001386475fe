/** Jobs that are due at a time: stored until they are done, so many under way at once, and gone on with in the next session. */
import type { Clock, Store, Timer } from '../model/platform.ts';
import { settledWithin } from './grace.ts';

export interface DueJobs<J> {
  /** Stored when this returns. */
  add(job: J, delayMs?: number): void;
  /** Begins with what is due, what earlier sessions left included. */
  start(): void;
  /** The store's content was exchanged. */
  reload(): void;
  /** Begins nothing more; what is under way after `graceMs` is aborted, and begun again by the next session. */
  close(graceMs: number): Promise<void>;
}

export interface DueJobsOptions<J, R> {
  readonly store: Store;
  readonly clock: Clock;
  /** Jobs are stored under `<area>:<name>`, what they are numbered by under `<area>:counts`. */
  readonly area: string;
  readonly name: string;
  /** Never rejects. */
  readonly attempt: (job: J, signal: AbortSignal) => Promise<R>;
  /** In the transaction that takes the job out of the store. Answers what is to be done then, and in how many ms. */
  readonly settle: (
    job: J,
    result: R,
    now: number,
  ) => { readonly job: J; readonly delayMs: number } | undefined;
}

type Key = readonly [dueAt: number, number: number];

const AT_ONCE = 16;

export function openDueJobs<J, R>(options: DueJobsOptions<J, R>): DueJobs<J> {
  const { store, clock, area, name, attempt, settle } = options;
  const jobs = store.map<J>(`${area}:${name}`);
  const counts = store.map<number>(`${area}:counts`);
  let running = new Map<number, { readonly abort: AbortController; readonly done: Promise<void> }>();
  let timer: Timer | undefined;
  let state: 'waiting' | 'started' | 'closed' = 'waiting';
  const now = () => Math.floor(clock.now());

  const pump = () => {
    if (state !== 'started') return;
    timer?.cancel();
    for (const { key, value } of [...jobs.range({ limit: AT_ONCE + running.size + 1 })]) {
      const [dueAt, number] = key as Key;
      if (running.has(number)) continue;
      if (running.size >= AT_ONCE) return;
      if (dueAt > now()) {
        timer = clock.after(dueAt - clock.now(), pump);
        return;
      }
      begin([dueAt, number], value);
    }
  };

  const begin = (key: Key, job: J) => {
    const abort = new AbortController();
    const mine = running;
    const done = attempt(job, abort.signal).then((result) => {
      mine.delete(key[1]);
      // The store may be gone, or hold another state; the job is still in the one it was of.
      if (state === 'closed' || mine !== running || abort.signal.aborted) return;
      store.write(() => {
        jobs.remove(key);
        const next = settle(job, result, now());
        if (next) jobs.put([now() + Math.round(next.delayMs), key[1]], next.job);
      });
      pump();
    });
    running.set(key[1], { abort, done });
  };

  return {
    add(job, delayMs = 0) {
      store.write(() => {
        const number = (counts.get(name) ?? 0) + 1;
        counts.put(name, number);
        jobs.put([now() + delayMs, number], job);
      });
      queueMicrotask(pump);
    },
    start() {
      if (state !== 'waiting') return;
      state = 'started';
      pump();
    },
    reload() {
      running = new Map();
      pump();
    },
    async close(graceMs) {
      timer?.cancel();
      state = 'waiting';
      const under = [...running.values()];
      await settledWithin(
        graceMs,
        under.map(({ done }) => done),
      );
      state = 'closed';
      for (const { abort } of under) abort.abort();
    },
  };
}
