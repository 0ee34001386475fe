/** Rows of one trace → a tree of spans: invocations, the calls they made, and what those calls set off. */
import type { CallRecord, InvocationRecord } from '../model/invocation.ts';

export interface InvocationSpan {
  readonly kind: 'invocation';
  readonly spanId: string;
  readonly record: InvocationRecord;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Of what runs still, the end of the trace. */
  readonly endedAt: number;
  /** From the end of the call that caused it to its start: time in a queue, before a retry, on a schedule. */
  readonly waitMs: number;
  /** The row belongs to another trace and took a message of this one along in its batch. */
  readonly linked: boolean;
  readonly children: readonly Span[];
}

export interface CallSpan {
  readonly kind: 'call';
  readonly spanId: string;
  readonly call: CallRecord;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly children: readonly InvocationSpan[];
}

export type Span = InvocationSpan | CallSpan;

export interface TraceTree {
  readonly traceId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly invocations: number;
  readonly calls: number;
  /** Usually one; more when a part of the trace was pruned or begun elsewhere. */
  readonly roots: readonly InvocationSpan[];
}

interface Parents {
  readonly byParent: ReadonlyMap<string, readonly InvocationRecord[]>;
  readonly traceId: string;
  readonly traceEnd: number;
}

/** `rows` in any order; undefined when there are none. `now` (epoch ms) is how far bars of running invocations reach. */
export function makeTraceTree(
  rows: readonly InvocationRecord[],
  traceId: string,
  now?: number,
): TraceTree | undefined {
  if (rows.length === 0) return undefined;
  const sorted = [...rows].sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
  const spanIds = new Set(sorted.flatMap((row) => [row.spanId, ...row.calls.map((call) => call.spanId)]));
  const byParent = new Map<string, InvocationRecord[]>();
  const roots: InvocationRecord[] = [];
  for (const row of sorted) {
    const parent = parentIn(row, traceId, spanIds);
    const siblings = parent === undefined ? roots : (byParent.get(parent) ?? []);
    siblings.push(row);
    if (parent !== undefined) byParent.set(parent, siblings);
  }
  const lastSeen = sorted.reduce((latest, row) => Math.max(latest, lastMoment(row)), 0);
  const traceEnd = sorted.some(isRunning) ? Math.max(lastSeen, now ?? 0) : lastSeen;
  const parents: Parents = { byParent, traceId, traceEnd };
  return {
    traceId,
    startedAt: sorted[0]?.startedAt ?? 0,
    endedAt: traceEnd,
    invocations: sorted.length,
    calls: sorted.reduce((sum, row) => sum + row.calls.length, 0),
    roots: roots.map((row) => invocationSpan(row, undefined, parents)),
  };
}

function isRunning(row: InvocationRecord): boolean {
  return row.endedAt === undefined && row.interrupted === undefined;
}

/** A row of this trace hangs below its parent; one of another trace below the span its link names. */
function parentIn(row: InvocationRecord, traceId: string, known: ReadonlySet<string>): string | undefined {
  const parentId =
    row.traceId === traceId ? row.parentId : row.links?.find((link) => link.traceId === traceId)?.parentId;
  return parentId !== undefined && parentId !== row.spanId && known.has(parentId) ? parentId : undefined;
}

function lastMoment(row: InvocationRecord): number {
  return row.calls.reduce(
    (latest, call) => Math.max(latest, call.startedAt + call.durationMs),
    row.endedAt ?? row.startedAt,
  );
}

function invocationSpan(
  record: InvocationRecord,
  cause: CallRecord | undefined,
  parents: Parents,
): InvocationSpan {
  const { startedAt } = record;
  const direct = (parents.byParent.get(record.spanId) ?? []).map((row) =>
    invocationSpan(row, undefined, parents),
  );
  const calls = record.calls.map((call) => callSpan(call, parents));
  return {
    kind: 'invocation',
    spanId: record.spanId,
    record,
    startedAt,
    endedAt: record.endedAt ?? (record.interrupted ? lastMoment(record) : parents.traceEnd),
    waitMs: cause ? Math.max(0, startedAt - (cause.startedAt + cause.durationMs)) : 0,
    linked: record.traceId !== parents.traceId,
    children: [...calls, ...direct].sort((a, b) => a.startedAt - b.startedAt),
  };
}

function callSpan(call: CallRecord, parents: Parents): CallSpan {
  const children = parents.byParent.get(call.spanId) ?? [];
  return {
    kind: 'call',
    spanId: call.spanId,
    call,
    startedAt: call.startedAt,
    endedAt: call.startedAt + call.durationMs,
    children: children.map((row) => invocationSpan(row, call, parents)),
  };
}
