/** A stream as a source: a strand for each shard, children after their parents. */
import type { StreamTrigger } from '../../../src/model/project.ts';
import type { Source } from '../../_streams/source.ts';
import { shardIdOf } from '../shards/shard.ts';
import { HOUR_MS, type StreamRow, shownShards } from '../stream.ts';
import type { Streams } from '../streams.ts';
import type { Told } from './event.ts';
import { openFeed } from './feed.ts';
import type { Position } from './position.ts';

export interface SourceOptions {
  readonly streams: Streams;
  readonly name: string;
  readonly trigger: StreamTrigger;
  readonly now: () => number;
  readonly told: Pick<Told, 'region' | 'roleArn'>;
}

export function streamSource({ streams, name, trigger, now, told }: SourceOptions): Source<Position> {
  const streamArn = trigger.streamArn.includes('/consumer/') ? trigger.streamArn : streams.arnOf(name);
  return {
    kind: 'stream',
    name,
    batchInfo: 'KinesisBatchInfo',
    expiredAt: (time) => time - (streams.find(name)?.retentionHours ?? 0) * HOUR_MS,
    strands() {
      const row = streams.find(name);
      return row ? shownShards(row, now()).map(({ index, parents }) => strandOf(row, index, parents)) : [];
    },
    first(strandId, isNew) {
      const row = streams.find(name);
      const { shard } = parseStrand(strandId);
      return { next: row && isNew ? startOf(streams, row, shard, trigger) : 0 };
    },
    open: (strandId, from) =>
      openFeed({ streams, name, told: { ...told, streamArn }, ...parseStrand(strandId) }, from),
    earlier: (a, b) => (a.next <= b.next ? a : b),
    isSame: (a, b) => a.next === b.next,
    cause: (records, from) => ({ kind: 'stream', stream: name, records, from }),
    originOf: (_, strandId) => ({ streamArn, shardId: shardIdOf(parseStrand(strandId).shard) }),
  };
}

function startOf(streams: Streams, row: StreamRow, shard: number, trigger: StreamTrigger): number {
  switch (trigger.startingPosition) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return streams.newest(row, shard) + 1;
    case 'AT_TIMESTAMP':
      return streams.indexAt(row, shard, trigger.startingTimestampMs ?? 0);
  }
}

function strandOf(row: StreamRow, shard: number, parents: readonly number[]) {
  const id = (index: number) => `${row.name}#${row.number}/${index}`;
  return { id: id(shard), after: parents.map(id) };
}

/** `name#number/shard`. */
function parseStrand(id: string): { readonly number: number; readonly shard: number } {
  const [number = '', shard = ''] = id.slice(id.lastIndexOf('#') + 1).split('/');
  return { number: Number(number), shard: Number(shard) };
}
