/** Between which times a table can be brought back. */

/** A table's wish to recover to points in time. */
export interface Recovery {
  /** Epoch ms. */
  readonly enabledAt: number;
  readonly periodDays: number;
}

export const DEFAULT_PERIOD_DAYS = 35;
export const DAY_MS = 24 * 60 * 60 * 1000;
/** What a restore under way still reads must not be trimmed from under it. */
const SLACK_MS = 60 * 60 * 1000;

/** Epoch ms, both ends included. The service lags five minutes behind; here the latest time is now. */
export function recoveryWindow({ enabledAt, periodDays }: Recovery, now: number) {
  const latest = Math.floor(now);
  return { earliest: Math.max(enabledAt, latest - periodDays * DAY_MS), latest };
}

/** Changes before this time (epoch ms) serve no restore any more. */
export function oldestNeeded(recovery: Recovery, now: number): number {
  return now - recovery.periodDays * DAY_MS - SLACK_MS;
}
