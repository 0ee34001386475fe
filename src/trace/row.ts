/**
 * How an invocation record lies in the journal: one frame of bytes, the same in the log file and in the store.
 * Little-endian: u32 length of the frame, u32 generation of the log, u32 flags, 6 float64 (NaN: absent), 12 u32 lengths
 * of texts in UTF-16 units (all ones: absent), then the texts, joined, in UTF-8. Event and payload are texts as they
 * are, never JSON within JSON; a record without logs and calls costs no serialising but that of its cause.
 */
import type {
  CallRecord,
  Cause,
  InvocationRecord,
  LogLine,
  Outcome,
  Phases,
  Streamed,
  TraceContext,
} from '../model/invocation.ts';
import { cutLogs } from './cut-logs.ts';
import { indexedTraces } from './trace-index.ts';

/** Where `encodeRow` may write: at least the bytes that were asked for, from `at` on. */
export interface Place {
  bytes: Buffer;
  view: DataView;
  at: number;
}

export interface RowContext {
  /** Key of the writing session; kept in rows without an end only. */
  readonly session: () => string;
  /** What of the logs is kept. */
  readonly logLimitBytes: number;
  /** Of the log. Asked after `reserve`, which may begin a new one. */
  readonly generation: () => number;
  readonly reserve: (bytes: number) => Place;
}

/** What is read of a frame. */
export interface Row {
  readonly record: InvocationRecord;
  /** Key of the session that wrote it; undefined once the invocation has ended. */
  readonly session: string | undefined;
}

type Draft = { -readonly [K in keyof InvocationRecord]: InvocationRecord[K] };

/** What most rows lack, as JSON; the cause is in every row. */
interface Rest {
  cause: Cause;
  session?: string;
  phases?: Phases;
  outcome?: Outcome;
  links?: readonly TraceContext[];
  clientContext?: string;
  memoryPeakBytes?: number;
  cpuMs?: number;
  streamed?: Streamed;
  logs?: readonly LogLine[];
  calls?: readonly CallRecord[];
}

const FLAGS_AT = 8;
const NUMBERS_AT = 16;
const LENGTHS_AT = NUMBERS_AT + 6 * 8;
const TEXTS_AT = LENGTHS_AT + 12 * 4;
const ABSENT = 0xffffffff;
/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

const COLD_START_KNOWN = 1;
const COLD_START = 2;
const INDEXED = 4;
const SIMPLE_PHASES = 8;

/** Writes the frame where `reserve` says and answers its length. Logs beyond the limit are cut, and say so; the rest is kept whole. */
export function encodeRow(record: InvocationRecord, context: RowContext): number {
  const { outcome, phases, parentId, instanceId, artifactId } = record;
  const payload = outcome?.status === 'ok' ? outcome.payload : undefined;
  const simple = phases !== undefined && phases.startMs === undefined && phases.initMs === undefined;
  const rest = JSON.stringify(restOf(record, simple, context));
  const text =
    record.id +
    record.requestId +
    record.traceId +
    record.spanId +
    (parentId ?? '') +
    record.functionId +
    record.functionName +
    (instanceId ?? '') +
    (artifactId ?? '') +
    rest;
  const units = text.length + record.event.length + (payload?.length ?? 0);
  const place = context.reserve(TEXTS_AT + units * BYTES_PER_UNIT);
  const { view, at } = place;
  // Written one by one: joining the large ones first would copy them.
  let length = TEXTS_AT + place.bytes.write(text, at + TEXTS_AT);
  length += place.bytes.write(record.event, at + length);
  if (payload !== undefined) length += place.bytes.write(payload, at + length);
  view.setUint32(at, length, true);
  view.setUint32(at + 4, context.generation(), true);
  view.setUint32(at + FLAGS_AT, flagsOf(record, simple), true);
  view.setUint32(at + 12, 0, true);

  const numbers = at + NUMBERS_AT;
  view.setFloat64(numbers, record.startedAt, true);
  view.setFloat64(numbers + 8, record.endedAt ?? Number.NaN, true);
  view.setFloat64(numbers + 16, phases?.queuedMs ?? Number.NaN, true);
  view.setFloat64(numbers + 24, phases?.handlerMs ?? Number.NaN, true);
  view.setFloat64(numbers + 32, record.attempt, true);
  view.setFloat64(numbers + 40, record.memoryMb, true);

  const lengths = at + LENGTHS_AT;
  view.setUint32(lengths, record.id.length, true);
  view.setUint32(lengths + 4, record.requestId.length, true);
  view.setUint32(lengths + 8, record.traceId.length, true);
  view.setUint32(lengths + 12, record.spanId.length, true);
  view.setUint32(lengths + 16, parentId?.length ?? ABSENT, true);
  view.setUint32(lengths + 20, record.functionId.length, true);
  view.setUint32(lengths + 24, record.functionName.length, true);
  view.setUint32(lengths + 28, instanceId?.length ?? ABSENT, true);
  view.setUint32(lengths + 32, artifactId?.length ?? ABSENT, true);
  view.setUint32(lengths + 36, rest.length, true);
  view.setUint32(lengths + 40, record.event.length, true);
  view.setUint32(lengths + 44, payload?.length ?? ABSENT, true);
  return length;
}

/** The record as it was put. */
export function decodeRow(frame: Uint8Array): Row {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const number = (index: number) => view.getFloat64(NUMBERS_AT + index * 8, true);
  const next = textsOf(frame, view);
  const [id = '', requestId = '', traceId = '', spanId = '', parentId] = [
    next(),
    next(),
    next(),
    next(),
    next(),
  ];
  const [functionId = '', functionName = '', instanceId, artifactId] = [next(), next(), next(), next()];
  const { session, logs = [], calls = [], ...rest } = JSON.parse(next() ?? '') as Rest;
  const event = next() ?? '';
  const payload = next();
  const record: Draft = {
    id,
    requestId,
    attempt: number(4),
    traceId,
    spanId,
    functionId,
    functionName,
    event,
    startedAt: number(0),
    memoryMb: number(5),
    ...rest,
    logs,
    calls,
  };
  const flags = view.getUint32(FLAGS_AT, true);
  if (!Number.isNaN(number(1))) record.endedAt = number(1);
  if (flags & SIMPLE_PHASES) record.phases = { queuedMs: number(2), handlerMs: number(3) };
  if (flags & COLD_START_KNOWN) record.coldStart = (flags & COLD_START) !== 0;
  if (parentId !== undefined) record.parentId = parentId;
  if (instanceId !== undefined) record.instanceId = instanceId;
  if (artifactId !== undefined) record.artifactId = artifactId;
  if (payload !== undefined) record.outcome = { status: 'ok', payload };
  return { record, session };
}

/** Of the record, without decoding the rest. */
export function idOf(frame: Uint8Array): string {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  return bytes.toString('latin1', TEXTS_AT, TEXTS_AT + bytes.readUInt32LE(LENGTHS_AT));
}

/** Whether the row whose frame begins at `at` has index entries; most have none. */
export function isIndexed(bytes: Uint8Array, at = 0): boolean {
  return ((bytes[at + FLAGS_AT] ?? 0) & INDEXED) !== 0;
}

/** Traces the row has an index entry for. */
export function indexedTracesOf(frame: Uint8Array): readonly string[] {
  return isIndexed(frame) ? indexedTraces(decodeRow(frame).record) : [];
}

/** The frames that lie one behind the other from the beginning on. A torn last one is left out. */
export function* framesIn(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + TEXTS_AT <= bytes.length; ) {
    const length = view.getUint32(at, true);
    if (length < TEXTS_AT || at + length > bytes.length) return;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** The frames of one generation at the beginning of the log; what lies behind them is older. */
export function* framesOfOneGeneration(log: Uint8Array): Generator<Uint8Array> {
  let generation: number | undefined;
  for (const frame of framesIn(log)) {
    const own = new DataView(frame.buffer, frame.byteOffset).getUint32(4, true);
    generation ??= own;
    if (own !== generation) return;
    yield frame;
  }
}

function flagsOf(record: InvocationRecord, simplePhases: boolean): number {
  let flags = simplePhases ? SIMPLE_PHASES : 0;
  if (record.coldStart !== undefined) flags |= COLD_START_KNOWN;
  if (record.coldStart) flags |= COLD_START;
  if (indexedTraces(record).length > 0) flags |= INDEXED;
  return flags;
}

function restOf(record: InvocationRecord, simplePhases: boolean, context: RowContext): Rest {
  const rest: Rest = { cause: record.cause };
  if (record.endedAt === undefined) rest.session = context.session();
  if (record.phases !== undefined && !simplePhases) rest.phases = record.phases;
  if (record.outcome !== undefined && record.outcome.status !== 'ok') rest.outcome = record.outcome;
  if (record.links !== undefined) rest.links = record.links;
  if (record.clientContext !== undefined) rest.clientContext = record.clientContext;
  if (record.memoryPeakBytes !== undefined) rest.memoryPeakBytes = record.memoryPeakBytes;
  if (record.cpuMs !== undefined) rest.cpuMs = record.cpuMs;
  if (record.streamed !== undefined) rest.streamed = record.streamed;
  if (record.logs.length > 0) rest.logs = cutLogs(record.logs, context.logLimitBytes);
  if (record.calls.length > 0) rest.calls = record.calls;
  return rest;
}

/** Each call answers the next text. */
function textsOf(frame: Uint8Array, view: DataView): () => string | undefined {
  const joined = Buffer.from(frame.buffer, frame.byteOffset + TEXTS_AT, frame.length - TEXTS_AT).toString();
  let at = 0;
  let lengthAt = LENGTHS_AT;
  return () => {
    const length = view.getUint32(lengthAt, true);
    lengthAt += 4;
    if (length === ABSENT) return undefined;
    at += length;
    return joined.slice(at - length, at);
  };
}
