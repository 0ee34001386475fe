/** The changes of a table as a source: one strand, however many streams the table has had. */
import type { Source } from '../../_streams/source.ts';
import { shardIdOf } from '../streams/stream.ts';
import { RETENTION_MS } from '../streams/trimming.ts';
import { openFeed } from './feed.ts';
import { earlier, firstPosition, type Position, type ReadableStreams } from './position.ts';

export function tableSource(
  streams: ReadableStreams,
  tableName: string,
  startingPosition: 'LATEST' | 'TRIM_HORIZON',
): Source<Position> {
  return {
    kind: 'table-stream',
    name: tableName,
    batchInfo: 'DDBStreamBatchInfo',
    expiredAt: (now) => now - RETENTION_MS,
    strands: () => [{ id: tableName, after: [] }],
    first: () => firstPosition(streams, tableName, startingPosition),
    open: (_, from) => openFeed(streams, tableName, from),
    earlier,
    isSame: (a, b) => a.label === b.label && a.sequence === b.sequence,
    cause: (records, from) => ({ kind: 'table-stream', table: tableName, records, from }),
    originOf({ label }) {
      const streamArn = streams.arnOf({ tableName, label });
      const stream = streams.find(streamArn);
      return { streamArn, shardId: stream ? shardIdOf(stream) : '' };
    },
  };
}
