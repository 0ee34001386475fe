/** Writes every invocation and every call it makes into the journal, and tells who watches. */
import type { DevEvent } from '../model/events.ts';
import type { CallRecord, InvocationRecord, Invoked, InvokeLayer } from '../model/invocation.ts';
import type { Clock, Ids, Timer } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { CallTracer } from '../model/tracing.ts';
import { makeBriefMap } from '../std/brief-map.ts';
import { messageOf } from '../std/errors.ts';
import { type Caller, type CallSink, makeCallTracer } from './call-tracer.ts';
import type { Journal } from './journal.ts';
import { endedRecord, startedRecord } from './make-record.ts';
import { makeRecent } from './recent.ts';

export interface RecorderOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly functions: () => readonly FunctionSpec[];
  readonly emit: (event: DevEvent) => void;
  /** False: nothing is written and no call is kept; events are told and traces still connect. */
  readonly enabled: boolean;
  /** Span of the invocation under way in the instance that was given this access key id. */
  readonly spanOf?: (accessKeyId: string) => string | undefined;
  /** Longest call input and output kept; default 256 KB each. */
  readonly payloadLimitBytes?: number;
}

export interface Recorder {
  /** Around the door. */
  readonly layer: InvokeLayer;
  readonly calls: CallTracer;
}

/** An invocation this old gets its row before it ends, so that a kill leaves a trace of it. */
export const EARLY_ROW_MS = 100;
/** How often that row is brought up to date while calls come in. */
const UPDATE_ROW_MS = 250;
/** Ended invocations whose late calls find their row without a search. */
const RECENT = 4096;
/** What the payloads of one invocation's calls may take together; later calls keep only the facts. */
const CALL_PAYLOADS_BYTES = 4 * 1024 * 1024;

/** An invocation under way. */
interface Running {
  readonly started: InvocationRecord;
  readonly calls: CallRecord[];
  payloadBytes: number;
  /** Whether its row has been written before its end. */
  early: boolean;
  /** Of the next time after that. */
  timer: Timer | undefined;
}

export function makeRecorder(options: RecorderOptions): Recorder {
  const { journal, clock, ids, emit, enabled, payloadLimitBytes = 256 * 1024 } = options;
  const running = makeBriefMap<Running>();
  const recent = makeRecent<string>(RECENT);
  const specOf = makeLookup(options.functions);

  // One timer for all: what begins later is due later, so that it always waits for the oldest without a row.
  let watch: Timer | undefined;

  const watchUntil = (dueAt: number) => {
    watch = clock.after(dueAt - clock.now(), writeLasting);
  };

  const writeLasting = () => {
    watch = undefined;
    const before = clock.now() - EARLY_ROW_MS;
    for (const one of running.values()) {
      if (one.early) continue;
      if (one.started.startedAt > before) return watchUntil(one.started.startedAt + EARLY_ROW_MS);
      one.early = true;
      writeEarly(one);
    }
  };

  const writeEarly = (one: Running) => {
    one.timer = undefined;
    journal.put({ ...one.started, calls: [...one.calls] });
  };

  const finish = (one: Running, invoked: Invoked) => {
    const { started } = one;
    one.timer?.cancel();
    running.delete(started.spanId);
    recent.add(started.spanId, started.id);
    const record = endedRecord(started, invoked, one.calls, clock.now());
    if (enabled) journal.put(record);
    emit({ type: 'invocation', status: 'ended', id: record.id, record, invoked });
  };

  const layer: InvokeLayer = (next) => async (request) => {
    const started = startedRecord(request, specOf(request.functionId), clock.now());
    const one: Running = { started, calls: [], payloadBytes: 0, early: false, timer: undefined };
    running.set(request.spanId, one);
    if (enabled && !watch) watchUntil(started.startedAt + EARLY_ROW_MS);
    emit({ type: 'invocation', status: 'started', id: started.id, record: started });
    const invoked = await next(request).catch((failure: unknown) => {
      finish(one, brokenDoor(request.requestId, failure));
      throw failure;
    });
    // The caller has its answer; the row waits for the whole of it.
    if (invoked.settled) void invoked.settled.then((whole) => finish(one, whole));
    else finish(one, invoked);
    return invoked;
  };

  const addLate = (caller: Caller, call: CallRecord) => {
    const row = rowOf(journal, recent.get(caller.spanId), caller);
    if (row) journal.put({ ...row, calls: [...row.calls, { ...call, late: true }] });
  };

  const sink: CallSink = {
    knows: (spanId) => running.get(spanId) !== undefined || recent.get(spanId) !== undefined,
    traceOf: (spanId) => running.get(spanId)?.started.traceId,
    spanOf: options.spanOf ?? (() => undefined),
    add(caller, call) {
      if (!enabled) return;
      const one = running.get(caller.spanId);
      if (!one) return addLate(caller, call);
      one.payloadBytes += (call.input?.length ?? 0) + (call.output?.length ?? 0);
      one.calls.push(one.payloadBytes > CALL_PAYLOADS_BYTES ? withoutPayloads(call) : call);
      // An early row is brought up to date soon; before it there is nothing to do.
      if (one.early) one.timer ??= clock.after(UPDATE_ROW_MS, () => writeEarly(one));
    },
  };

  return { layer, calls: makeCallTracer(sink, { clock, ids, keepPayloads: enabled, payloadLimitBytes }) };
}

/** By id, remade when the project's functions are others. */
function makeLookup(functions: () => readonly FunctionSpec[]): (id: string) => FunctionSpec | undefined {
  let from: readonly FunctionSpec[] | undefined;
  let byId = new Map<string, FunctionSpec>();
  return (id) => {
    const current = functions();
    if (current !== from) {
      from = current;
      byId = new Map(current.map((fn) => [fn.id, fn]));
    }
    return byId.get(id);
  };
}

function rowOf(journal: Journal, recordId: string | undefined, caller: Caller): InvocationRecord | undefined {
  if (recordId !== undefined) return journal.get(recordId);
  return journal.byTrace(caller.traceId).find((row) => row.spanId === caller.spanId);
}

function withoutPayloads({ input: _, output: __, ...facts }: CallRecord): CallRecord {
  return facts;
}

/** The door never rejects; should it be broken, the row says so. */
function brokenDoor(requestId: string, failure: unknown): Invoked {
  return {
    requestId,
    outcome: { status: 'unavailable', code: 'internal', reason: messageOf(failure) },
    phases: { queuedMs: 0, handlerMs: 0 },
    coldStart: false,
    logs: [],
  };
}
