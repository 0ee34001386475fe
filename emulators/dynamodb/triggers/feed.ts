/** A table's changes one by one, from a position on: its streams one after the other, each to its end. */
import type { Feed } from '../../_streams/source.ts';
import { sequenceNumber } from '../streams/sequence-number.ts';
import { type Stream, shardIdOf } from '../streams/stream.ts';
import type { StreamRecord } from '../streams/stream-log.ts';
import { recordInEvent } from './event.ts';
import { nextStream, type Position, type ReadableStreams } from './position.ts';

/** Read ahead at once; enough that a batch of one record does not cost a read each. */
const READ_RECORDS = 500;
const READ_BYTES = 6 * 1024 * 1024;

export function openFeed(streams: ReadableStreams, tableName: string, from: Position): Feed<Position> {
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
    // The table may get another stream at any time.
    ended: () => false,
    peek() {
      if (at >= ahead.length) fill();
      const record = ahead[at];
      if (!stream || !record) return undefined;
      const streamArn = streams.arnOf(stream);
      const inEvent = () => recordInEvent(record, streamArn);
      return {
        position: { label: position.label, sequence: record.sequence },
        sequenceNumber: sequenceNumber(record.sequence),
        at: record.at,
        shardId: shardIdOf(stream),
        streamArn,
        key: () => JSON.stringify((record.record.dynamodb as { Keys?: unknown }).Keys),
        inEvent,
        inFilter: inEvent,
        ...(record.origin && { origin: record.origin }),
      };
    },
    take() {
      const record = ahead[at];
      if (!record) return;
      position = { label: position.label, sequence: record.sequence };
      at++;
    },
  };
}
