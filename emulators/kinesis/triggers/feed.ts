/** A shard's records one by one, to its end. */
import type { Feed } from '../../_streams/source.ts';
import { numberOf } from '../reading.ts';
import type { StreamRecord } from '../record.ts';
import { shardIdOf } from '../shards/shard.ts';
import type { Streams } from '../streams.ts';
import { recordInEvent, recordInFilter, type Told } from './event.ts';
import type { Position } from './position.ts';

export interface FeedOptions {
  readonly streams: Pick<Streams, 'find' | 'read' | 'newest'>;
  readonly name: string;
  /** Of the stream: another one of the same name is another stream. */
  readonly number: number;
  readonly shard: number;
  readonly told: Pick<Told, 'streamArn' | 'region' | 'roleArn'>;
}

/** Read ahead at once; enough that a batch of one record does not cost a read each. */
const READ_RECORDS = 500;
const READ_BYTES = 6 * 1024 * 1024;

export function openFeed(
  { streams, name, number, shard, told }: FeedOptions,
  from: Position,
): Feed<Position> {
  const shardId = shardIdOf(shard);
  let position = from;
  let ahead: readonly StreamRecord[] = [];
  let at = 0;

  const rowNow = () => {
    const row = streams.find(name);
    return row?.number === number ? row : undefined;
  };

  return {
    get position() {
      return position;
    },
    ended() {
      const row = rowNow();
      const closed = row?.shards[shard];
      if (!row || !closed) return true;
      return (
        closed.closedAt !== undefined && at >= ahead.length && position.next > streams.newest(row, shard)
      );
    },
    peek() {
      const row = rowNow();
      const of = row?.shards[shard];
      if (!row || !of) return undefined;
      if (at >= ahead.length) {
        at = 0;
        ahead = streams.read(row, shard, position.next, READ_RECORDS, READ_BYTES);
      }
      const record = ahead[at];
      if (!record) return undefined;
      const sequenceNumber = numberOf(of, record);
      const facts: Told = { ...told, record, shardId, sequenceNumber };
      return {
        position: { next: record.index + 1 },
        ...{ sequenceNumber, shardId, at: record.at, streamArn: told.streamArn },
        key: () => record.partitionKey,
        inEvent: () => recordInEvent(facts),
        inFilter: () => recordInFilter(facts),
        ...(record.origin && { origin: record.origin }),
      };
    },
    take() {
      const record = ahead[at];
      if (!record) return;
      position = { next: record.index + 1 };
      at++;
    },
  };
}
