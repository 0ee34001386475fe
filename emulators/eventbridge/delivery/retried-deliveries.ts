/** Deliveries that may take several tries: stored until they have gone well or are given up, and tried again as the target's policy says. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RouteFault } from '../../../src/model/faults.ts';
import type { Clock, Store, Timer } from '../../../src/model/platform.ts';
import { settledWithin } from '../../../src/std/grace.ts';
import { isMap } from '../input.ts';
import type { Delivery, DeliveryFailure } from './deliver.ts';

export interface RetriedDeliveries {
  /** Stored when this returns. `fault`: what a simulator wants. */
  add(delivery: Delivery, body: string, fault?: Omit<RouteFault, 'copyAfterMs'>): void;
  /** Begins to deliver, what earlier sessions left included. */
  start(): void;
  reload(): void;
  close(graceMs: number): Promise<void>;
}

export interface RetriedDeliveriesOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Its jobs are stored under `events:<name>`. */
  readonly name: 'http' | 'late';
  /** Answers undefined when it went well. Never rejects. */
  readonly attempt: (job: Job, signal: AbortSignal) => Promise<Failed | undefined>;
  /** Told of each delivery that is given up. */
  readonly onGivenUp: (delivery: Delivery, failure: DeliveryFailure) => void;
}

export interface Job {
  readonly delivery: Delivery;
  readonly body: string;
  /** Failed attempts. */
  readonly failed: number;
  /** Those that a simulator wants. */
  readonly failures?: number;
}

type Key = readonly [dueAt: number, number: number];

export interface Failed {
  readonly code: string;
  readonly message: string;
  readonly isFinal?: true;
  readonly retryAfterMs?: number;
}

/** Calls at once. */
const AT_ONCE = 16;
/** Source: user guide, "How EventBridge retries delivering events". */
const MOST_RETRIES = 185;
const MOST_AGE_SECONDS = 24 * 3600;
/** So that 185 of them fill a day. */
const LONGEST_DELAY_MS = 480_000;

export function openRetriedDeliveries(options: RetriedDeliveriesOptions): RetriedDeliveries {
  const { store, clock, name, attempt, onGivenUp } = options;
  const jobs = store.map<Job>(`events:${name}`);
  const counts = store.map<number>('events:counts');
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

  const begin = (key: Key, job: Job) => {
    const abort = new AbortController();
    const mine = running;
    const done = attempt(job, abort.signal).then((failure) => {
      mine.delete(key[1]);
      // The store may be gone, or hold another state; the delivery is still in the one it was of.
      if (state === 'closed' || mine !== running || abort.signal.aborted) return;
      settle(key, job, failure);
      pump();
    });
    running.set(key[1], { abort, done });
  };

  const settle = (key: Key, job: Job, failure: Failed | undefined) => {
    store.write(() => {
      jobs.remove(key);
      if (!failure) return;
      const next = nextTry(job, failure, now());
      if ('dueAt' in next) jobs.put([next.dueAt, key[1]], { ...job, failed: job.failed + 1 });
      else onGivenUp(job.delivery, { ...failure, ...next, retries: job.failed });
    });
  };

  return {
    add(delivery, body, { delayMs = 0, failures } = {}) {
      store.write(() => {
        const number = (counts.get(name) ?? 0) + 1;
        counts.put(name, number);
        const job = { delivery, body, failed: 0, ...(failures !== undefined && { failures }) };
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

type NextTry =
  | { readonly dueAt: number }
  | { readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' };

/** Each wait is twice the one before. */
function nextTry({ delivery, failed }: Job, { isFinal, retryAfterMs = 0 }: Failed, now: number): NextTry {
  if (isFinal) return {};
  const { attempts, ageMs } = policyOf(delivery.target);
  if (failed >= attempts) return { exhausted: 'MaximumRetryAttempts' };
  const delayMs = Math.max(Math.min(1000 * 2 ** failed, LONGEST_DELAY_MS), retryAfterMs);
  const dueAt = now + delayMs;
  return dueAt > delivery.event.ingestedAt + ageMs ? { exhausted: 'MaximumEventAgeInSeconds' } : { dueAt };
}

function policyOf({ RetryPolicy: policy }: JsonObject) {
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = isMap(policy) ? policy : {};
  return {
    attempts: typeof attempts === 'number' ? attempts : MOST_RETRIES,
    ageMs: (typeof age === 'number' ? age : MOST_AGE_SECONDS) * 1000,
  };
}
