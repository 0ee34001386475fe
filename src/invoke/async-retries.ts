/** Decides what becomes of an asynchronous event after an attempt: the service's retries, backoff and age limit. */
import type { Outcome } from '../model/invocation.ts';
import { unreachable } from '../std/errors.ts';

/** What has happened to an event so far. */
export interface Progress {
  /** The attempt just made: 1 for the first. */
  readonly attempt: number;
  /** How often it was put back because the function could not take it. */
  readonly postponed: number;
  /** Epoch ms. */
  readonly enqueuedAt: number;
}

export type Decision =
  | { readonly next: 'done' }
  /** `counts` = the function ran and failed; otherwise the attempt is made again. */
  | { readonly next: 'retry'; readonly afterMs: number; readonly counts: boolean }
  | { readonly next: 'drop'; readonly reason: string };

/** Waits before the second and the third attempt (Lambda guide: "one minute … two minutes"). */
const RETRY_AFTER_MS = [60_000, 120_000] as const;
const MAX_AGE_MS = 6 * 3_600_000;
/** Throttled events go back to the queue for 1 second up to 5 minutes. */
const POSTPONE_FROM_MS = 1000;
const POSTPONE_UP_TO_MS = 300_000;

export function decideAfter(outcome: Outcome, progress: Progress, now: number): Decision {
  switch (outcome.status) {
    case 'ok':
      return { next: 'done' };
    case 'error':
    case 'timeout':
    case 'crash':
    case 'out-of-memory':
      return afterFailure(progress, now);
    case 'throttled':
    case 'unavailable':
      return postpone(outcome.reason, progress, now);
    default:
      return unreachable(outcome);
  }
}

function afterFailure(progress: Progress, now: number): Decision {
  const afterMs = RETRY_AFTER_MS[progress.attempt - 1];
  if (afterMs === undefined) return { next: 'drop', reason: `it failed ${progress.attempt} times` };
  return notTooOld({ next: 'retry', afterMs, counts: true }, progress, now);
}

/** Also for a door that failed: its reason is kept in case the event grows too old. */
export function postpone(reason: string, progress: Progress, now: number): Decision {
  const afterMs = Math.min(POSTPONE_FROM_MS * 2 ** progress.postponed, POSTPONE_UP_TO_MS);
  return notTooOld({ next: 'retry', afterMs, counts: false }, progress, now, reason);
}

function notTooOld(
  decision: Extract<Decision, { next: 'retry' }>,
  { enqueuedAt }: Progress,
  now: number,
  reason?: string,
): Decision {
  if (now + decision.afterMs - enqueuedAt <= MAX_AGE_MS) return decision;
  return { next: 'drop', reason: `it is older than 6 hours${reason === undefined ? '' : ` (${reason})`}` };
}
