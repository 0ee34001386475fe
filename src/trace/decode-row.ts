/** Reads an invocation record back from its frame. */
import type { Cause, InvocationRecord, LogLine } from '../model/invocation.ts';
import type { Rare } from './encode-row.ts';
import {
  ABSENT,
  apiOf,
  COLD_START,
  COLD_START_KNOWN,
  FLAGS_AT,
  LENGTHS_AT,
  LINE_BYTES,
  LINES_AT,
  lineOf,
  NUMBERS_AT,
  REQUEST,
  SIMPLE_PHASES,
  TABLE,
  TABLE_LENGTHS_AT,
  TABLE_LINES_AT,
  TEXTS_AT,
} from './row-layout.ts';

/** What is read of a frame. */
export interface Row {
  readonly record: InvocationRecord;
  /** Key of the session that wrote it; undefined once the invocation has ended. */
  readonly session: string | undefined;
}

type Draft = { -readonly [K in keyof InvocationRecord]: InvocationRecord[K] };

/** The JSON of rows that earlier builds wrote, which have no table. */
interface Stored extends Rare {
  readonly memoryPeakBytes?: number;
  readonly cpuMs?: number;
  readonly logs?: readonly LogLine[];
}

/** The record as it was put. */
export function decodeRow(frame: Uint8Array): Row {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const flags = view.getUint32(FLAGS_AT, true);
  const number = (index: number) => view.getFloat64(NUMBERS_AT + index * 8, true);
  const length = (index: number) => view.getUint32(LENGTHS_AT + index * 4, true);
  const next = cutter(frame);
  const text = (index: number) => (length(index) === ABSENT ? undefined : next(length(index)));
  const [id = '', requestId = '', traceId = '', spanId = '', parentId] = [0, 1, 2, 3, 4].map(text);
  const [functionId = '', functionName = '', instanceId, artifactId, rare] = [5, 6, 7, 8, 9].map(text);
  const { session, logs = [], calls = [], cause, ...rest } = parse(rare);
  const table = flags & TABLE ? readTable(frame, view, next) : undefined;
  const [event = '', payload] = [10, 11].map(text);
  const record: Draft = {
    id,
    requestId,
    attempt: number(4),
    traceId,
    spanId,
    functionId,
    functionName,
    cause: cause ?? requestOf(flags, table),
    event,
    startedAt: number(0),
    memoryMb: number(5),
    ...rest,
    logs: table?.logs ?? logs,
    calls,
  };
  if (!Number.isNaN(number(1))) record.endedAt = number(1);
  if (flags & SIMPLE_PHASES) record.phases = { queuedMs: number(2), handlerMs: number(3) };
  if (flags & COLD_START_KNOWN) record.coldStart = (flags & COLD_START) !== 0;
  if (parentId !== undefined) record.parentId = parentId;
  if (instanceId !== undefined) record.instanceId = instanceId;
  if (artifactId !== undefined) record.artifactId = artifactId;
  if (table?.memoryPeakBytes !== undefined) record.memoryPeakBytes = table.memoryPeakBytes;
  if (table?.cpuMs !== undefined) record.cpuMs = table.cpuMs;
  if (payload !== undefined) record.outcome = { status: 'ok', payload };
  return { record, session };
}

interface Table {
  readonly memoryPeakBytes: number | undefined;
  readonly cpuMs: number | undefined;
  /** Method, path and route. */
  readonly request: readonly [string, string, string];
  readonly logs: readonly LogLine[];
}

function readTable(frame: Uint8Array, view: DataView, next: (units: number) => string): Table {
  const lines = view.getUint32(LINES_AT, true);
  const at = frame.length - TABLE_LINES_AT - lines * LINE_BYTES;
  const part = (index: number) => next(view.getUint32(at + TABLE_LENGTHS_AT + index * 4, true));
  const request = [part(0), part(1), part(2)] as const;
  const logs: LogLine[] = [];
  for (let lineAt = at + TABLE_LINES_AT; lineAt < frame.length; lineAt += LINE_BYTES) {
    const text = next(view.getUint32(lineAt + 8, true));
    logs.push(lineOf(view.getFloat64(lineAt, true), view.getUint32(lineAt + 12, true), text));
  }
  return {
    memoryPeakBytes: known(view.getFloat64(at, true)),
    cpuMs: known(view.getFloat64(at + 8, true)),
    request,
    logs,
  };
}

function requestOf(flags: number, table: Table | undefined): Cause {
  const [method, path, route] = (flags & REQUEST && table?.request) || ['', '', ''];
  return { kind: 'http', api: apiOf(flags), method, path, route };
}

function parse(json: string | undefined): Stored {
  return json === undefined || json === '' ? {} : (JSON.parse(json) as Stored);
}

function known(number: number): number | undefined {
  return Number.isNaN(number) ? undefined : number;
}

/** Each call answers the next text of so many UTF-16 units. What follows the texts is never asked for. */
function cutter(frame: Uint8Array): (units: number) => string {
  const joined = Buffer.from(frame.buffer, frame.byteOffset + TEXTS_AT, frame.length - TEXTS_AT).toString();
  let at = 0;
  return (units) => {
    at += units;
    return joined.slice(at - units, at);
  };
}
