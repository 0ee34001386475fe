/** Attributes each call to an emulated service to the invocation that made it. */
import type { CallRecord, TraceContext } from '../model/invocation.ts';
import type { Clock, Ids } from '../model/platform.ts';
import type { CallEnd, CallStart, CallTracer, OpenCall } from '../model/tracing.ts';
import { makeSpanId, makeTraceId } from '../std/ids.ts';
import { parseTraceHeader, parseTraceparent } from '../std/trace-header.ts';

/** Whose call it is. */
export interface Caller {
  readonly traceId: string;
  readonly spanId: string;
}

/** Where finished calls go. */
export interface CallSink {
  /** Whether this is the span of an invocation under way or lately ended. */
  knows(spanId: string): boolean;
  /** Trace of the invocation under way whose span this is. */
  traceOf(spanId: string): string | undefined;
  /** Span of the invocation under way in the instance that was given this access key id. */
  spanOf(accessKeyId: string): string | undefined;
  add(caller: Caller, call: CallRecord): void;
}

export interface CallTracerOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether requests and answers are kept at all. */
  readonly keepPayloads: boolean;
  readonly payloadLimitBytes: number;
}

/**
 * The trace header names the invocation exactly, also one that has ended; the credentials name the instance, whose
 * single invocation under way is then the caller. What neither names begins a trace of its own and is kept nowhere.
 */
export function makeCallTracer(sink: CallSink, options: CallTracerOptions): CallTracer {
  const { clock, ids, keepPayloads, payloadLimitBytes } = options;

  const keep = (text: () => string): string | undefined => {
    if (!keepPayloads) return undefined;
    const full = text();
    return full.length <= payloadLimitBytes ? full : full.slice(0, payloadLimitBytes);
  };

  const record = (call: CallStart, spanId: string, startedAt: number, result: CallEnd): CallRecord => {
    const input = keep(call.input);
    const output = keep(result.output);
    return {
      spanId,
      service: call.service,
      operation: call.operation,
      ...(call.target === undefined ? undefined : { target: call.target }),
      startedAt,
      durationMs: clock.now() - startedAt,
      status: result.status,
      ...(result.status === 'error' ? { errorCode: result.errorCode } : undefined),
      ...(input === undefined ? undefined : { input }),
      ...(output === undefined ? undefined : { output }),
    };
  };

  return {
    begin(call): OpenCall {
      const caller = callerOf(call, sink);
      const spanId = makeSpanId(ids);
      const startedAt = clock.now();
      const traceId = caller?.traceId ?? makeTraceId(clock, ids);
      return {
        origin: { traceId, parentId: spanId, ...lineageOf(caller) },
        end(result) {
          const parentId = caller?.parentId;
          if (parentId === undefined) return;
          sink.add({ traceId, spanId: parentId }, record(call, spanId, startedAt, result));
        },
      };
    },
  };
}

function callerOf(call: CallStart, sink: CallSink): TraceContext | undefined {
  const named =
    (call.traceHeader === undefined ? undefined : parseTraceHeader(call.traceHeader)) ??
    (call.traceparent === undefined ? undefined : parseTraceparent(call.traceparent));
  if (named?.parentId !== undefined && sink.knows(named.parentId)) return named;
  // A tracing library in the function puts a span of its own in our span's place; the credentials still tell.
  const spanId = call.accessKeyId === undefined ? undefined : sink.spanOf(call.accessKeyId);
  const traceId = spanId === undefined ? undefined : sink.traceOf(spanId);
  if (spanId === undefined || traceId === undefined) return named;
  return named === undefined || named.traceId === traceId
    ? { traceId, parentId: spanId, ...lineageOf(named) }
    : named;
}

/** What runs because of the call is of the same line. */
function lineageOf(caller: TraceContext | undefined): Pick<TraceContext, 'lineage'> {
  return caller?.lineage === undefined ? {} : { lineage: caller.lineage };
}
