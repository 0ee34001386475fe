/**
 * How an invocation record lies in the journal: one frame of bytes, the same in the row files and in the store.
 * Little-endian: u32 length of the frame, u32 generation of the file, u32 flags, u32 number of log lines in the table,
 * 6 float64 (NaN: absent), 12 u32 lengths of texts in UTF-16 units (all ones: absent), then the texts, joined, in UTF-8,
 * then the table, if there is one. Event and payload are texts as they are, never JSON within JSON. What most rows have
 * lies in the table: float64 peak memory and CPU time, u32 lengths of method, path and route, and for each log line
 * float64 time, u32 length, u32 what it is. The texts of these stand before that of the event. What is rare is JSON.
 */
import type { LogLine } from '../model/invocation.ts';

export const GENERATION_AT = 4;
export const FLAGS_AT = 8;
export const LINES_AT = 12;
export const NUMBERS_AT = 16;
export const LENGTHS_AT = NUMBERS_AT + 6 * 8;
export const TEXTS_AT = LENGTHS_AT + 12 * 4;
export const ABSENT = 0xffffffff;

export const COLD_START_KNOWN = 1;
export const COLD_START = 2;
export const INDEXED = 4;
export const SIMPLE_PHASES = 8;
export const TABLE = 16;
/** The cause is a request, of which the table has the parts; with the two bits above, which API's. */
export const REQUEST = 32;
const API_SHIFT = 6;

const APIS = ['http-api', 'rest-api', 'function-url'] as const;
const STREAMS = ['stdout', 'stderr', 'platform'] as const;
const LEVELS = [undefined, 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

export const TABLE_LENGTHS_AT = 2 * 8;
export const TABLE_LINES_AT = TABLE_LENGTHS_AT + 3 * 4;
export const LINE_BYTES = 16;

export type Api = (typeof APIS)[number];

export function requestFlags(api: Api): number {
  return REQUEST | (APIS.indexOf(api) << API_SHIFT);
}

export function apiOf(flags: number): Api {
  return APIS[(flags >> API_SHIFT) & 3] ?? 'http-api';
}

/** Stream and level of a line as one number. */
export function kindOf(line: LogLine): number {
  return STREAMS.indexOf(line.stream) | (LEVELS.indexOf(line.level) << 2);
}

export function lineOf(at: number, kind: number, text: string): LogLine {
  const stream = STREAMS[kind & 3] ?? 'stdout';
  const level = LEVELS[kind >> 2];
  return level === undefined ? { at, stream, text } : { at, stream, level, text };
}
