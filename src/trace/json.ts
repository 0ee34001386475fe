/** The shapes `--json` prints: stable, and with JSON texts (events, payloads) as JSON. */
import type { JsonValue } from '../model/emulator.ts';
import type { CallRecord, InvocationRecord, Outcome, Phases } from '../model/invocation.ts';
import { durationOf, type RecordStatus, statusOf } from './status.ts';
import type { Span, TraceTree } from './tree.ts';

/** One call; `input` and `output` are text where they were cut. */
export interface CallJson extends Omit<CallRecord, 'input' | 'output'> {
  readonly input?: JsonValue;
  readonly output?: JsonValue;
}

/** `payload` as JSON instead of JSON text. */
export type OutcomeJson =
  | Exclude<Outcome, { status: 'ok' }>
  | { readonly status: 'ok'; readonly payload: JsonValue };

/** A journal row as in `InvocationRecord`, with `status` and `durationMs` worked out. Times are epoch ms. */
export interface RecordJson extends Omit<InvocationRecord, 'event' | 'outcome' | 'calls' | 'interrupted'> {
  readonly status: RecordStatus;
  readonly durationMs?: number;
  readonly event: JsonValue;
  readonly outcome?: OutcomeJson;
  readonly calls: readonly CallJson[];
}

/** A span: `invocation` with its row's id, or `call`. Offsets are ms from the start of the trace. */
export type SpanJson = {
  readonly spanId: string;
  readonly offsetMs: number;
  readonly durationMs: number;
  readonly children: readonly SpanJson[];
} & (
  | {
      readonly kind: 'invocation';
      readonly id: string;
      readonly functionId: string;
      readonly status: RecordStatus;
      readonly waitMs: number;
      readonly linked: boolean;
      /** Of one that has begun to run. */
      readonly phases?: Phases;
    }
  | {
      readonly kind: 'call';
      readonly service: string;
      readonly operation: string;
      readonly target?: string;
      readonly status: 'ok' | 'error';
      readonly errorCode?: string;
    }
);

export interface TraceJson {
  readonly traceId: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly spans: readonly SpanJson[];
}

export function recordJson(record: InvocationRecord): RecordJson {
  const { event, outcome, calls, interrupted: _, ...rest } = record;
  const durationMs = durationOf(record);
  return {
    ...rest,
    status: statusOf(record),
    ...(durationMs === undefined ? {} : { durationMs }),
    event: parsed(event),
    ...(outcome === undefined ? {} : { outcome: outcomeJson(outcome) }),
    calls: calls.map(callJson),
  };
}

export function traceJson(tree: TraceTree): TraceJson {
  return {
    traceId: tree.traceId,
    startedAt: tree.startedAt,
    durationMs: tree.endedAt - tree.startedAt,
    spans: tree.roots.map((root) => spanJson(root, tree.startedAt)),
  };
}

function spanJson(span: Span, origin: number): SpanJson {
  const shared = {
    spanId: span.spanId,
    offsetMs: span.startedAt - origin,
    durationMs: span.endedAt - span.startedAt,
    children: span.children.map((child) => spanJson(child, origin)),
  };
  if (span.kind === 'invocation') {
    const { record, waitMs, linked } = span;
    const status = statusOf(record);
    return {
      kind: 'invocation',
      id: record.id,
      functionId: record.functionId,
      status,
      waitMs,
      linked,
      ...(record.phases === undefined ? {} : { phases: record.phases }),
      ...shared,
    };
  }
  const { service, operation, target, status, errorCode } = span.call;
  return {
    kind: 'call',
    service,
    operation,
    ...(target === undefined ? {} : { target }),
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...shared,
  };
}

function outcomeJson(outcome: Outcome): OutcomeJson {
  return outcome.status === 'ok' ? { status: 'ok', payload: parsed(outcome.payload) } : outcome;
}

function callJson({ input, output, ...facts }: CallRecord): CallJson {
  return {
    ...facts,
    ...(input === undefined ? {} : { input: parsed(input) }),
    ...(output === undefined ? {} : { output: parsed(output) }),
  };
}

/** Text that is not JSON (a cut payload) stays text. */
function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
