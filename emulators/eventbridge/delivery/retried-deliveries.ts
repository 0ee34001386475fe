/** Deliveries that may take several tries: stored until they have gone well or are given up, and tried again as the target's policy says. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RouteFault } from '../../../src/model/faults.ts';
import { isObject } from '../../../src/model/json.ts';
import type { Clock, Store } from '../../../src/model/platform.ts';
import { openDueJobs } from '../../../src/std/due-jobs.ts';
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
  /** As `RouteFault.lost`. */
  readonly lost?: number;
}

export interface Failed {
  readonly code: string;
  readonly message: string;
  readonly isFinal?: true;
  readonly retryAfterMs?: number;
}

/** Source: user guide, "How EventBridge retries delivering events". */
const MOST_RETRIES = 185;
const MOST_AGE_SECONDS = 24 * 3600;
/** So that 185 of them fill a day. */
const LONGEST_DELAY_MS = 480_000;

export function openRetriedDeliveries(options: RetriedDeliveriesOptions): RetriedDeliveries {
  const { store, clock, name, attempt, onGivenUp } = options;
  const { add, start, reload, close } = openDueJobs<Job, Failed | undefined>({
    ...{ store, clock, area: 'events', name, attempt },
    settle(job, failure, now) {
      if (!failure) return undefined;
      const next = nextTry(job, failure, now);
      if ('delayMs' in next) return { job: { ...job, failed: job.failed + 1 }, delayMs: next.delayMs };
      onGivenUp(job.delivery, { ...failure, ...next, retries: job.failed });
      return undefined;
    },
  });
  return {
    add: (delivery, body, { delayMs, ...fault } = {}) =>
      add({ delivery, body, failed: 0, ...fault }, delayMs),
    ...{ start, reload, close },
  };
}

type NextTry =
  | { readonly delayMs: number }
  | { readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' };

/** Each wait is twice the one before. */
function nextTry({ delivery, failed }: Job, { isFinal, retryAfterMs = 0 }: Failed, now: number): NextTry {
  if (isFinal) return {};
  const { attempts, ageMs } = policyOf(delivery.target);
  if (failed >= attempts) return { exhausted: 'MaximumRetryAttempts' };
  const delayMs = Math.max(Math.min(1000 * 2 ** failed, LONGEST_DELAY_MS), retryAfterMs);
  const isTooOld = now + delayMs > delivery.event.ingestedAt + ageMs;
  return isTooOld ? { exhausted: 'MaximumEventAgeInSeconds' } : { delayMs };
}

function policyOf({ RetryPolicy: policy }: JsonObject) {
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = isObject(policy) ? policy : {};
  return {
    attempts: typeof attempts === 'number' ? attempts : MOST_RETRIES,
    ageMs: (typeof age === 'number' ? age : MOST_AGE_SECONDS) * 1000,
  };
}
