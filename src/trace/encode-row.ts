/** Writes an invocation record as a frame. This runs for every invocation: most rows cost no JSON at all. */
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
  /** Of the files. Asked after `reserve`, which may begin a new one. */
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

type HttpCause = Extract<Cause, { kind: 'http' }>;

/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Texts of so many UTF-16 units together are written at once; to join larger ones costs more than to write them one by one. */
const MOST_JOINED = 4096;

/** Writes the frame where `reserve` says and answers its length. Logs beyond the limit are cut, and say so; the rest is kept whole. */
export function encodeRow(record: InvocationRecord, context: RowContext): number {
  const { event, phases, outcome } = record;
  const payload = outcome?.status === 'ok' ? outcome.payload : undefined;
  const simplePhases = phases !== undefined && phases.startMs === undefined && phases.initMs === undefined;
  const rare = rareOf(record, simplePhases, context);
  const request = record.cause.kind === 'http' ? record.cause : undefined;
  const logs = cutLogs(record.logs, context.logLimitBytes);
  const text = textOf(record, rare, request, logs);
  const units = text.length + event.length + (payload?.length ?? 0);
  const tableBytes = TABLE_LINES_AT + logs.length * LINE_BYTES;
  const { bytes, view, at } = context.reserve(TEXTS_AT + units * BYTES_PER_UNIT + tableBytes);
  let end = at + TEXTS_AT;
  if (units <= MOST_JOINED) end += bytes.write(text + event + (payload ?? ''), end);
  else for (const part of [text, event, payload ?? '']) end += bytes.write(part, end);
  writeTable(view, end, record, request, logs);
  end += tableBytes;

  view.setUint32(at, end - at, true);
  view.setUint32(at + GENERATION_AT, context.generation(), true);
  view.setUint32(at + FLAGS_AT, flagsOf(record, simplePhases), true);
  view.setUint32(at + LINES_AT, logs.length, true);
  writeNumbers(view, at + NUMBERS_AT, record);
  writeLengths(view, at + LENGTHS_AT, record, rare, payload);
  return end - at;
}

/** All texts but the two that may be large. */
function textOf(
  record: InvocationRecord,
  rare: string,
  request: HttpCause | undefined,
  logs: readonly LogLine[],
): string {
  let text =
    record.id +
    record.requestId +
    record.traceId +
    record.spanId +
    (record.parentId ?? '') +
    record.functionId +
    record.functionName +
    (record.instanceId ?? '') +
    (record.artifactId ?? '') +
    rare;
  if (request) text += request.method + request.path + request.route;
  for (const line of logs) text += line.text;
  return text;
}

function writeTable(
  view: DataView,
  at: number,
  { memoryPeakBytes, cpuMs }: InvocationRecord,
  request: HttpCause | undefined,
  logs: readonly LogLine[],
): void {
  view.setFloat64(at, memoryPeakBytes ?? Number.NaN, true);
  view.setFloat64(at + 8, cpuMs ?? Number.NaN, true);
  view.setUint32(at + TABLE_LENGTHS_AT, request?.method.length ?? 0, true);
  view.setUint32(at + TABLE_LENGTHS_AT + 4, request?.path.length ?? 0, true);
  view.setUint32(at + TABLE_LENGTHS_AT + 8, request?.route.length ?? 0, true);
  let lineAt = at + TABLE_LINES_AT;
  for (const line of logs) {
    view.setFloat64(lineAt, line.at, true);
    view.setUint32(lineAt + 8, line.text.length, true);
    view.setUint32(lineAt + 12, kindOf(line), true);
    lineAt += LINE_BYTES;
  }
}

function writeNumbers(view: DataView, at: number, record: InvocationRecord): void {
  const { phases } = record;
  view.setFloat64(at, record.startedAt, true);
  view.setFloat64(at + 8, record.endedAt ?? Number.NaN, true);
  view.setFloat64(at + 16, phases?.queuedMs ?? Number.NaN, true);
  view.setFloat64(at + 24, phases?.handlerMs ?? Number.NaN, true);
  view.setFloat64(at + 32, record.attempt, true);
  view.setFloat64(at + 40, record.memoryMb, true);
}

function writeLengths(
  view: DataView,
  at: number,
  record: InvocationRecord,
  rare: string,
  payload: string | undefined,
): void {
  view.setUint32(at, record.id.length, true);
  view.setUint32(at + 4, record.requestId.length, true);
  view.setUint32(at + 8, record.traceId.length, true);
  view.setUint32(at + 12, record.spanId.length, true);
  view.setUint32(at + 16, record.parentId?.length ?? ABSENT, true);
  view.setUint32(at + 20, record.functionId.length, true);
  view.setUint32(at + 24, record.functionName.length, true);
  view.setUint32(at + 28, record.instanceId?.length ?? ABSENT, true);
  view.setUint32(at + 32, record.artifactId?.length ?? ABSENT, true);
  view.setUint32(at + 36, rare.length, true);
  view.setUint32(at + 40, record.event.length, true);
  view.setUint32(at + 44, payload?.length ?? ABSENT, true);
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
