/** Log lines of invocations as text for a terminal. */
import type { InvocationRecord, LogLine } from '../model/invocation.ts';
import { type Palette, plain } from './palette.ts';
import { readableLog } from './readable-log.ts';
import { clockText } from './words.ts';

export interface LogLineOptions {
  readonly palette?: Palette;
  /** Put in front, for lines of several functions. */
  readonly functionId?: string;
  /** Of the reader's zone, minutes east of UTC. */
  readonly offsetMinutes?: number;
}

/** `12:03:04.056 create  text`; a text of several lines stays together, indented. */
export function logLine(written: LogLine, options: LogLineOptions = {}): string {
  const line = readableLog(written);
  const { palette = plain, functionId, offsetMinutes } = options;
  const head = `${clockText(line.at, offsetMinutes)} ${functionId === undefined ? '' : `${functionId} `}`;
  const [first = '', ...rest] = line.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  const paint = paintOf(line, palette);
  const indent = ' '.repeat(head.length);
  return [`${palette.dim(head)}${paint(first)}`, ...rest.map((text) => `${indent}${paint(text)}`)].join('\n');
}

/** Lines of several rows in the order they were printed. */
export function logLines(records: readonly InvocationRecord[], options: LogLineOptions = {}): string[] {
  const several = new Set(records.map((record) => record.functionId)).size > 1;
  return records
    .flatMap((record) => record.logs.map((line) => ({ line, record })))
    .sort((a, b) => a.line.at - b.line.at)
    .map(({ line, record }) =>
      logLine(line, several ? { ...options, functionId: record.functionId } : options),
    );
}

function paintOf(line: LogLine, palette: Palette): (text: string) => string {
  if (line.stream === 'platform') return palette.dim;
  if (line.level === 'ERROR' || line.level === 'FATAL') return palette.red;
  if (line.level === 'WARN') return palette.yellow;
  return line.level === undefined && line.stream === 'stderr' ? palette.yellow : (text) => text;
}
