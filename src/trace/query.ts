/** Which rows of the journal somebody wants to see. */
import type { Cause, InvocationRecord } from '../model/invocation.ts';
import { durationOf, isFailed, type RecordStatus, statusOf } from './status.ts';

export interface JournalQuery {
  readonly functionId?: string;
  /** `failed`: ended with anything but 'ok', or interrupted. */
  readonly status?: RecordStatus | 'failed';
  readonly cause?: Cause['kind'];
  /** Epoch ms of the start, inclusive. */
  readonly since?: number;
  /** Epoch ms of the start, exclusive. */
  readonly until?: number;
  readonly minDurationMs?: number;
  /** Text to be found in the event, the outcome, the logs, the calls, the cause or the ids; letters' case does not matter. */
  readonly search?: string;
  /** Default: no limit. */
  readonly limit?: number;
}

/** Compiles the query, time and limit excepted. */
export function matcherOf(query: JournalQuery): (record: InvocationRecord) => boolean {
  const wanted = query.search?.toLowerCase();
  return (record) => {
    if (query.functionId !== undefined && record.functionId !== query.functionId) return false;
    if (query.cause !== undefined && record.cause.kind !== query.cause) return false;
    if (query.status === 'failed' ? !isFailed(record) : query.status && statusOf(record) !== query.status)
      return false;
    if (query.minDurationMs !== undefined && (durationOf(record) ?? 0) < query.minDurationMs) return false;
    return wanted === undefined || textsOf(record).some((text) => text.toLowerCase().includes(wanted));
  };
}

function textsOf(record: InvocationRecord): string[] {
  return [
    record.event,
    JSON.stringify(record.outcome ?? ''),
    JSON.stringify(record.cause),
    `${record.id} ${record.requestId} ${record.traceId} ${record.functionId} ${record.functionName}`,
    ...record.logs.map((line) => line.text),
    ...record.calls.map(
      (call) => `${call.service} ${call.operation} ${call.target ?? ''} ${call.errorCode ?? ''}`,
    ),
    ...record.calls.flatMap((call) => [call.input ?? '', call.output ?? '']),
  ];
}
