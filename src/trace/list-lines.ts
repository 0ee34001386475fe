/** One line per invocation, for lists. */
import type { InvocationRecord } from '../model/invocation.ts';
import { type Palette, plain } from './palette.ts';
import { durationOf } from './status.ts';
import { causeText, clockText, durationText, endPaint, endText, toWidth } from './words.ts';

export interface ListLineOptions {
  readonly palette?: Palette;
  /** Columns; default 100. */
  readonly width?: number;
  readonly offsetMinutes?: number;
}

const ID_WIDTH = 8;
const TIME_WIDTH = 12;
const END_WIDTH = 14;
const DURATION_WIDTH = 10;
const FUNCTION_WIDTH = 18;

/** The end of an id tells rows apart; it is enough to name one. */
export function shortIdOf(record: InvocationRecord): string {
  return record.id.slice(-ID_WIDTH);
}

/** `9f3a01c2  12:03:04.056  create  201  84 ms  POST /orders  cold`. */
export function listLine(record: InvocationRecord, options: ListLineOptions = {}): string {
  const { palette = plain, width = 100, offsetMinutes } = options;
  const ms = durationOf(record);
  const fixed = ID_WIDTH + TIME_WIDTH + FUNCTION_WIDTH + END_WIDTH + DURATION_WIDTH + 10;
  const notes = notesOf(record);
  const causeWidth = Math.max(8, width - fixed - (notes === '' ? 0 : notes.length + 2));
  return [
    palette.bold(shortIdOf(record)),
    palette.dim(clockText(record.startedAt, offsetMinutes)),
    toWidth(record.functionId, FUNCTION_WIDTH),
    endPaint(record, palette)(toWidth(endText(record), END_WIDTH)),
    (ms === undefined ? '' : durationText(ms)).padStart(DURATION_WIDTH),
    toWidth(causeText(record.cause), causeWidth).trimEnd(),
    ...(notes === '' ? [] : [palette.yellow(notes)]),
  ]
    .join('  ')
    .trimEnd();
}

/** The same columns named. */
export function listHeader(options: ListLineOptions = {}): string {
  const { palette = plain } = options;
  return palette.dim(
    [
      'id'.padEnd(ID_WIDTH),
      'time'.padEnd(TIME_WIDTH),
      'function'.padEnd(FUNCTION_WIDTH),
      'end'.padEnd(END_WIDTH),
      'duration'.padStart(DURATION_WIDTH),
      'cause',
    ].join('  '),
  );
}

function notesOf(record: InvocationRecord): string {
  return [
    ...(record.coldStart ? ['cold'] : []),
    ...(record.attempt > 1 ? [`attempt ${record.attempt}`] : []),
    ...(record.calls.some((call) => call.status === 'error') ? ['call failed'] : []),
  ].join(', ');
}
