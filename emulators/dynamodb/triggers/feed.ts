/** A table's changes one by one, from a position on: its streams one after the other, each to its end. */
import type { Stream } from '../streams/stream.ts';
import type { StreamRecord } from '../streams/stream-log.ts';
import { nextStream, type Position, type ReadableStreams } from './position.ts';

export interface Upcoming {
  readonly stream: Stream;
  readonly streamArn: string;
  readonly record: StreamRecord;
}

export interface Feed {
  /** Behind what was taken. */
  readonly position: Position;
  /** The next record; undefined when there is none yet. */
  peek(): Upcoming | undefined;
  /** Goes on behind what `peek` showed. */
  take(): void;
}

/** Read ahead at once; enough that a batch of one record does not cost a read each. */
const READ_RECORDS = 500;
const READ_BYTES = 6 * 1024 * 1024;

export function openFeed(streams: ReadableStreams, tableName: string, from: Position): Feed {
  let position = from;
  let stream: Stream | undefined;
  let ahead: readonly StreamRecord[] = [];
  let at = 0;

  const fill = () => {
    for (;;) {
      stream = streams.find(streams.arnOf({ tableName, label: position.label }));
      at = 0;
      ahead = stream ? streams.read(streams.arnOf(stream), position.sequence, READ_RECORDS, READ_BYTES) : [];
      if (ahead.length > 0) return;
      // A stream that still grows is not left; one that is disabled or gone may have a successor.
      if (stream && stream.disabledAt === undefined) return;
      const next = nextStream(streams, tableName, position);
      if (!next) return;
      position = { label: next.label, sequence: 0 };
    }
  };

  return {
    get position() {
      return position;
    },
    peek() {
      if (at >= ahead.length) fill();
      const record = ahead[at];
      return stream && record && { stream, streamArn: streams.arnOf(stream), record };
    },
    take() {
      const record = ahead[at];
      if (!record) return;
      position = { label: position.label, sequence: record.sequence };
      at++;
    },
  };
}
