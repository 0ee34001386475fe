/** The streams in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import { shardIdOf } from './shards/shard.ts';
import { openStreamStore } from './store.ts';

export interface SavedStream {
  readonly name: string;
  /** Another stream of the same name has another number. */
  readonly number: number;
  /** In the order they were made, closed ones included. */
  readonly shards: readonly SavedShard[];
  /** What may differ besides. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface SavedShard {
  readonly id: string;
  /** Of its records, ascending; a record keeps its index. */
  indexes(): Iterable<number>;
}

/** Sorted by name. */
export function readSavedStreams(store: Store): SavedStream[] {
  const kinesis = openStreamStore(store);
  return [...kinesis.streams.range()].map(({ value: row }) => ({
    name: row.name,
    number: row.number,
    shards: row.shards.map(({ index: shard }) => ({
      id: shardIdOf(shard),
      indexes: () => kinesis.indexes({ stream: row.number, shard }),
    })),
    facts: {
      mode: row.mode,
      retention: `${row.retentionHours} h`,
      shards: String(row.shards.filter(({ closedAt }) => closedAt === undefined).length),
      ...(row.kmsKeyId !== undefined && { encryption: row.kmsKeyId }),
    },
  }));
}
