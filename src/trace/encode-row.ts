/** Writes an invocation record as a frame. This runs for every invocation: most rows cost no JSON at all. */
import type {
  CallRecord,
  Cause,
  InvocationRecord,
  Outcome,
  Phases,
  Streamed,
  TraceContext,
} from '../model/invocation.ts';
import { cutLogs } from './cut-logs.ts';
import {
  ABSENT,
  COLD_START,
  COLD_START_KNOWN,
  FLAGS_AT,
  GENERATION_AT,
  INDEXED,
  kindOf,
  LENGTHS_AT,
  LINE_BYTES,
  LINES_AT,
  NUMBERS_AT,
  requestFlags,
  SIMPLE_PHASES,
  TABLE,
  TABLE_LENGTHS_AT,
  TABLE_LINES_AT,
  TEXTS_AT,
} from './row-layout.ts';
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

/** What most rows lack, as JSON. */
export interface Rare {
  cause?: Cause;
  session?: string;
  phases?: Phases;
  outcome?: Outcome;
  links?: readonly TraceContext[];
  clientContext?: string;
  streamed?: Streamed;
  calls?: readonly CallRecord[];
}

/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Writes the frame where `reserve` says and answers its length. Logs beyond the limit are cut, and say so; the rest is kept whole. */
export function encodeRow(record: InvocationRecord, context: RowContext): number {
  const { cause, outcome, phases, parentId, instanceId, artifactId } = record;
  const payload = outcome?.status === 'ok' ? outcome.payload : undefined;
  const simple = phases !== undefined && phases.startMs === undefined && phases.initMs === undefined;
  const rare = rareOf(record, simple, context);
  const logs = cutLogs(record.logs, context.logLimitBytes);
  const request = cause.kind === 'http' ? cause : undefined;
  let text =
    record.id +
    record.requestId +
    record.traceId +
    record.spanId +
    (parentId ?? '') +
    record.functionId +
    record.functionName +
    (instanceId ?? '') +
    (artifactId ?? '') +
    rare;
  if (request) text += request.method + request.path + request.route;
  for (const line of logs) text += line.text;
  const units = text.length + record.event.length + (payload?.length ?? 0);
  const tableBytes = TABLE_LINES_AT + logs.length * LINE_BYTES;
  const place = context.reserve(TEXTS_AT + units * BYTES_PER_UNIT + tableBytes);
  const { view, at } = place;
  // Written one by one: joining the large ones first would copy them.
  let length = TEXTS_AT + place.bytes.write(text, at + TEXTS_AT);
  length += place.bytes.write(record.event, at + length);
  if (payload !== undefined) length += place.bytes.write(payload, at + length);

  const table = at + length;
  view.setFloat64(table, record.memoryPeakBytes ?? Number.NaN, true);
  view.setFloat64(table + 8, record.cpuMs ?? Number.NaN, true);
  view.setUint32(table + TABLE_LENGTHS_AT, request?.method.length ?? 0, true);
  view.setUint32(table + TABLE_LENGTHS_AT + 4, request?.path.length ?? 0, true);
  view.setUint32(table + TABLE_LENGTHS_AT + 8, request?.route.length ?? 0, true);
  let lineAt = table + TABLE_LINES_AT;
  for (const line of logs) {
    view.setFloat64(lineAt, line.at, true);
    view.setUint32(lineAt + 8, line.text.length, true);
    view.setUint32(lineAt + 12, kindOf(line), true);
    lineAt += LINE_BYTES;
  }
  length += tableBytes;

  view.setUint32(at, length, true);
  view.setUint32(at + GENERATION_AT, context.generation(), true);
  view.setUint32(at + FLAGS_AT, flagsOf(record, simple), true);
  view.setUint32(at + LINES_AT, logs.length, true);

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
  view.setUint32(lengths + 36, rare.length, true);
  view.setUint32(lengths + 40, record.event.length, true);
  view.setUint32(lengths + 44, payload?.length ?? ABSENT, true);
  return length;
}

function flagsOf(record: InvocationRecord, simplePhases: boolean): number {
  let flags = simplePhases ? TABLE | SIMPLE_PHASES : TABLE;
  if (record.cause.kind === 'http') flags |= requestFlags(record.cause.api);
  if (record.coldStart !== undefined) flags |= COLD_START_KNOWN;
  if (record.coldStart) flags |= COLD_START;
  if (indexedTraces(record).length > 0) flags |= INDEXED;
  return flags;
}

/** As JSON; empty where there is nothing of it. */
function rareOf(record: InvocationRecord, simplePhases: boolean, context: RowContext): string {
  const { cause, outcome, links, clientContext, streamed, calls } = record;
  const ended = record.endedAt !== undefined;
  const usual =
    cause.kind === 'http' &&
    ended &&
    simplePhases &&
    outcome?.status === 'ok' &&
    calls.length === 0 &&
    links === undefined &&
    clientContext === undefined &&
    streamed === undefined;
  if (usual) return '';
  const rare: Rare = {};
  if (cause.kind !== 'http') rare.cause = cause;
  if (!ended) rare.session = context.session();
  if (record.phases !== undefined && !simplePhases) rare.phases = record.phases;
  if (outcome !== undefined && outcome.status !== 'ok') rare.outcome = outcome;
  if (links !== undefined) rare.links = links;
  if (clientContext !== undefined) rare.clientContext = clientContext;
  if (streamed !== undefined) rare.streamed = streamed;
  if (calls.length > 0) rare.calls = calls;
  return JSON.stringify(rare);
}
