/** When a schedule runs next: its expression within its dates, and the moment chosen of its flexible window. Pure. */
import { createHash } from 'node:crypto';
import { parseExpression } from '../../src/std/schedules/expression.ts';
import type { ScheduleRecord } from './schedule-store.ts';
import { isOnce, isRate } from './settings.ts';

export interface Occurrence {
  /** Epoch ms. */
  readonly dueAt: number;
  /** Within the flexible window; `dueAt` without one. */
  readonly runAt: number;
}

/**
 * The next occurrence that was not begun. Recurring ones that should have run before `from` are left out; a single one is made up
 * for, as long as its event is not too old.
 */
export function nextOccurrence(
  record: ScheduleRecord,
  from: number,
  maximumEventAgeMs: number,
): Occurrence | undefined {
  if (!record.enabled) return undefined;
  const { cursor, startAt, endAt } = record;
  const next = parseExpression(record.expression, record.timezone, record.since);
  const once = isOnce(record);
  const windowMs = record.windowMinutes * 60_000;
  const earliest = once ? from - maximumEventAgeMs : from;
  let after = Math.max(cursor, earliest - windowMs - 1);
  if (!once && startAt !== undefined) after = Math.max(after, startAt - 1);
  for (;;) {
    const dueAt = next(after);
    if (dueAt === undefined || (!once && endAt !== undefined && dueAt > endAt)) return undefined;
    const runAt = dueAt + chosen(record.arn, dueAt, windowMs);
    if (runAt >= earliest) return { dueAt, runAt };
    after = dueAt;
  }
}

/** What a rate counts from: its start date, else when it was made or changed. */
export function sinceOf(record: Pick<ScheduleRecord, 'startAt' | 'expression'>, madeAt: number): number {
  return isRate(record) ? (record.startAt ?? madeAt) : madeAt;
}

/** Whole seconds of the window, the same each time for the same schedule and occurrence. */
function chosen(arn: string, dueAt: number, windowMs: number): number {
  if (windowMs === 0) return 0;
  const number = createHash('sha256').update(`${arn} ${dueAt}`).digest().readUInt32BE(0);
  return (number % (windowMs / 1000)) * 1000;
}
