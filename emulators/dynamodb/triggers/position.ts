/** How far a function is in the changes of a table. */
import type { Stream } from '../streams/stream.ts';
import type { Streams } from '../streams/streams.ts';

/** Behind this record of this one of the table's streams; an empty label is before its first stream. */
export interface Position {
  readonly label: string;
  readonly sequence: number;
}

/** Labels are times: they order as texts. */
export function earlier(a: Position, b: Position): Position {
  if (a.label !== b.label) return a.label < b.label ? a : b;
  return a.sequence <= b.sequence ? a : b;
}

export type ReadableStreams = Pick<Streams, 'list' | 'find' | 'arnOf' | 'read' | 'newest'>;

/** Oldest first. */
function streamsOf(streams: ReadableStreams, tableName: string): Stream[] {
  return streams
    .list()
    .filter((stream) => stream.tableName === tableName)
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** `LATEST`: what comes from now on. `TRIM_HORIZON`: all the table's newest stream still has. */
export function firstPosition(
  streams: ReadableStreams,
  tableName: string,
  starting: 'LATEST' | 'TRIM_HORIZON',
): Position {
  const newest = streamsOf(streams, tableName).at(-1);
  if (!newest) return { label: '', sequence: 0 };
  const sequence = starting === 'LATEST' ? streams.newest(streams.arnOf(newest)) : 0;
  return { label: newest.label, sequence };
}

/** The stream that comes behind that of the position. */
export function nextStream(
  streams: ReadableStreams,
  tableName: string,
  { label }: Position,
): Stream | undefined {
  return streamsOf(streams, tableName).find((stream) => stream.label > label);
}
