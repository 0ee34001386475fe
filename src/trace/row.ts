/** How an invocation record lies in the journal: the row itself, and what is too large for it apart. */
import type { InvocationRecord, LogLine, Outcome } from '../model/invocation.ts';

/** Stored value of one row. */
export interface Row {
  /** Without the spilled texts. */
  readonly record: InvocationRecord;
  /** Key of the session that wrote it. */
  readonly session: string;
  /** Estimate of what it takes in the store, spilled texts included. */
  readonly sizeBytes: number;
  /** Texts kept apart under `[id, name]`. */
  readonly spilled?: readonly Spill[];
}

export type Spill = 'event' | 'payload';

export interface SplitRow {
  readonly row: Row;
  readonly texts: readonly (readonly [name: Spill, text: string])[];
}

export interface RowLimits {
  /** A longer event or payload is kept apart. UTF-16 units, close enough to bytes. */
  readonly payloadLimitBytes: number;
  /** What of the logs is kept: the beginning and the end. */
  readonly logLimitBytes: number;
}

/** Takes a record apart for storing. Nothing of event and payload is lost; logs beyond the limit are, and say so. */
export function splitRow(record: InvocationRecord, session: string, limits: RowLimits): SplitRow {
  const texts: (readonly [Spill, string])[] = [];
  let kept: InvocationRecord = record;
  if (record.event.length > limits.payloadLimitBytes) {
    texts.push(['event', record.event]);
    kept = { ...kept, event: '' };
  }
  const { outcome } = record;
  if (outcome?.status === 'ok' && outcome.payload.length > limits.payloadLimitBytes) {
    texts.push(['payload', outcome.payload]);
    kept = { ...kept, outcome: { ...outcome, payload: '' } };
  }
  const logs = cutLogs(record.logs, limits.logLimitBytes);
  if (logs !== record.logs) kept = { ...kept, logs };
  const sizeBytes = sizeOf(kept) + texts.reduce((sum, [, text]) => sum + text.length, 0);
  const row = { record: kept, session, sizeBytes };
  return { row: texts.length === 0 ? row : { ...row, spilled: texts.map(([name]) => name) }, texts };
}

/** The record as it was put. */
export function joinRow(row: Row, read: (name: Spill) => string | undefined): InvocationRecord {
  let { record } = row;
  for (const name of row.spilled ?? []) {
    const text = read(name) ?? '';
    record =
      name === 'event'
        ? { ...record, event: text }
        : { ...record, outcome: { status: 'ok', payload: text } satisfies Outcome };
  }
  return record;
}

const ROW_OVERHEAD_BYTES = 600;
const LINE_OVERHEAD_BYTES = 40;
const CALL_OVERHEAD_BYTES = 200;

function sizeOf(record: InvocationRecord): number {
  let size = ROW_OVERHEAD_BYTES + record.event.length;
  if (record.outcome?.status === 'ok') size += record.outcome.payload.length;
  for (const line of record.logs) size += LINE_OVERHEAD_BYTES + line.text.length;
  for (const call of record.calls)
    size += CALL_OVERHEAD_BYTES + (call.input?.length ?? 0) + (call.output?.length ?? 0);
  return size;
}

function cutLogs(logs: readonly LogLine[], limitBytes: number): readonly LogLine[] {
  let total = 0;
  for (const line of logs) total += line.text.length;
  if (total <= limitBytes) return logs;
  const head = takeWhileBelow(logs, limitBytes / 2);
  const tail = takeWhileBelow(logs.slice(head.length).reverse(), limitBytes / 2).reverse();
  const dropped = logs.slice(head.length, logs.length - tail.length);
  const [first] = dropped;
  if (!first) return logs;
  const text = `… ${dropped.length} lines (${dropped.reduce((sum, line) => sum + line.text.length, 0)} bytes) not kept in the journal`;
  return [...head, { at: first.at, stream: 'platform', text }, ...tail];
}

function takeWhileBelow(logs: readonly LogLine[], limitBytes: number): LogLine[] {
  let total = 0;
  const end = logs.findIndex((line) => {
    total += line.text.length;
    return total > limitBytes;
  });
  return logs.slice(0, end < 0 ? logs.length : end);
}
