/** What state a journal row is in, in one word. */
import type { InvocationRecord, Outcome } from '../model/invocation.ts';

export type RecordStatus = Outcome['status'] | 'running' | 'interrupted';

/** `interrupted`: the session that ran it was killed before it ended. */
export function statusOf(record: InvocationRecord): RecordStatus {
  if (record.outcome) return record.outcome.status;
  return record.interrupted ? 'interrupted' : 'running';
}

/** Ended, and not with 'ok'. */
export function isFailed(record: InvocationRecord): boolean {
  const status = statusOf(record);
  return status !== 'ok' && status !== 'running';
}

/** Milliseconds from start to end; undefined while it runs. */
export function durationOf(record: InvocationRecord): number | undefined {
  return record.endedAt === undefined ? undefined : Math.max(0, record.endedAt - record.startedAt);
}

/** The status code in an HTTP function's result, where it gives one (an HTTP API's plain result counts as 200). */
export function httpStatusOf(record: InvocationRecord): number | undefined {
  if (record.cause.kind !== 'http' || record.outcome?.status !== 'ok') return undefined;
  try {
    const result: unknown = JSON.parse(record.outcome.payload);
    if (typeof result !== 'object' || result === null || !('statusCode' in result)) return 200;
    const status = Number(result.statusCode);
    return Number.isInteger(status) ? status : undefined;
  } catch {
    return undefined;
  }
}
