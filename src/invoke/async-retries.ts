/** Decides what becomes of an asynchronous event after an attempt: the service's retries, backoff and age limit. */
import type { AsyncEndCondition, Outcome } from '../model/invocation.ts';
import type { FunctionSpec } from '../model/project.ts';
import { unreachable } from '../std/errors.ts';
import { isRecursive } from './recursion.ts';

/** What has happened to an event so far. */
export interface Progress {
  /** The attempt just made: 1 for the first. */
  readonly attempt: number;
  /** How often it was put back because the function could not take it. */
  readonly postponed: number;
  /** Epoch ms. */
  readonly enqueuedAt: number;
}

/** The limits of one function. */
export interface RetryPolicy {
  readonly retries: number;
  readonly maxAgeMs: number;
  /** Its reserved concurrency is 0: nothing is waited for. */
  readonly off: boolean;
}

export type Decision =
  | { readonly next: 'done' }
  /** `counts` = the function ran and failed; otherwise the attempt is made again. */
  | { readonly next: 'retry'; readonly afterMs: number; readonly counts: boolean }
  | {
      readonly next: 'drop';
      readonly reason: string;
      readonly condition: Exclude<AsyncEndCondition, 'Success'>;
    };

/** Waits before the second and the third attempt (Lambda guide: "one minute … two minutes"). */
const RETRY_AFTER_MS = [60_000, 120_000] as const;
const MAX_AGE_MS = 6 * 3_600_000;
/** Throttled events go back to the queue for 1 second up to 5 minutes. */
const POSTPONE_FROM_MS = 1000;
const POSTPONE_UP_TO_MS = 300_000;

export function policyOf(fn: FunctionSpec | undefined): RetryPolicy {
  return {
    retries: fn?.asyncEvents?.maximumRetryAttempts ?? RETRY_AFTER_MS.length,
    maxAgeMs: fn?.asyncEvents?.maximumEventAgeMs ?? MAX_AGE_MS,
    off: fn?.reservedConcurrency === 0,
  };
}

export function decideAfter(
  outcome: Outcome,
  progress: Progress,
  now: number,
  policy: RetryPolicy,
): Decision {
  switch (outcome.status) {
    case 'ok':
      return { next: 'done' };
    case 'error':
    case 'timeout':
    case 'crash':
    case 'out-of-memory':
      return afterFailure(progress, now, policy);
    case 'throttled':
      // Lambda guide: with a reserved concurrency of zero events go to the dead-letter queue or destination without any retries.
      if (policy.off)
        return {
          next: 'drop',
          reason: 'its reserved concurrency is 0',
          condition: 'ZeroReservedConcurrency',
        };
      return postpone(outcome.reason, progress, now, policy);
    case 'unavailable':
      if (isRecursive(outcome))
        return { next: 'drop', reason: 'it is part of a recursive loop', condition: 'RetriesExhausted' };
      return postpone(outcome.reason, progress, now, policy);
    default:
      return unreachable(outcome);
  }
}

function afterFailure(progress: Progress, now: number, policy: RetryPolicy): Decision {
  const { attempt } = progress;
  const afterMs = attempt > policy.retries ? undefined : RETRY_AFTER_MS[attempt - 1];
  if (afterMs === undefined)
    return {
      next: 'drop',
      reason: attempt === 1 ? 'it failed' : `it failed ${attempt} times`,
      condition: 'RetriesExhausted',
    };
  return notTooOld({ next: 'retry', afterMs, counts: true }, progress, now, policy);
}

/** Also for a door that failed: its reason is kept in case the event grows too old. */
export function postpone(reason: string, progress: Progress, now: number, policy: RetryPolicy): Decision {
  const afterMs = Math.min(POSTPONE_FROM_MS * 2 ** progress.postponed, POSTPONE_UP_TO_MS);
  return notTooOld({ next: 'retry', afterMs, counts: false }, progress, now, policy, reason);
}

/** What would be too old at its next attempt is given up now. */
function notTooOld(
  decision: Extract<Decision, { next: 'retry' }>,
  { enqueuedAt }: Progress,
  now: number,
  { maxAgeMs }: RetryPolicy,
  reason?: string,
): Decision {
  if (now + decision.afterMs - enqueuedAt <= maxAgeMs) return decision;
  return {
    next: 'drop',
    reason: `it would be older than ${ageText(maxAgeMs)} at its next attempt${reason === undefined ? '' : ` (${reason})`}`,
    condition: 'EventAgeExceeded',
  };
}

function ageText(ageMs: number): string {
  const [amount, unit] =
    ageMs % 3_600_000 === 0
      ? [ageMs / 3_600_000, 'hour']
      : ageMs % 60_000 === 0
        ? [ageMs / 60_000, 'minute']
        : [ageMs / 1000, 'second'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
