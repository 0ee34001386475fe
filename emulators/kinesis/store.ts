/** Streams, their records and their consumers on disk. */
import type { Store, StoreMap } from '../../src/model/platform.ts';
import { arrivedAt, decodeRecord, encodeRecord, type StreamRecord } from './record.ts';
import type { StreamRow } from './stream.ts';

export interface ConsumerRow {
  readonly name: string;
  readonly arn: string;
  readonly streamName: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Names one shard's records. */
export interface ShardKey {
  readonly stream: number;
  readonly shard: number;
}

export interface StreamStore {
  readonly streams: StoreMap<StreamRow>;
  /** By stream name and consumer name. */
  readonly consumers: StoreMap<ConsumerRow>;
  put(shard: ShardKey, record: StreamRecord): void;
  /** From this index on, oldest first; read lazily. */
  read(shard: ShardKey, from: number): Iterable<StreamRecord>;
  /** Of all its records, oldest first; read lazily. */
  indexes(shard: ShardKey): Iterable<number>;
  /** Index and time of the first record from this index on. */
  first(shard: ShardKey, from: number): { readonly index: number; readonly at: number } | undefined;
  /** Index of the last record; 0 when there is none. */
  last(shard: ShardKey): number;
  /** Removes up to `limit` of the oldest that came at `until` or before; answers how many went. */
  trim(shard: ShardKey, until: number, limit: number): number;
  /** All records of a stream. */
  removeRecords(stream: number): void;
  /** A number no stream has, nor had. */
  freshNumber(): number;
  /** The index of the newest record a shard ever had, kept when its records are trimmed. */
  keptIndex(shard: ShardKey): number;
  write<T>(work: () => T): T;
}

export function openStreamStore(store: Store): StreamStore {
  const streams = store.map<StreamRow>('kinesis-streams');
  const consumers = store.map<ConsumerRow>('kinesis-consumers');
  const records = store.map<Uint8Array>('kinesis-records', { keys: 'bytes', values: 'bytes' });
  const counters = store.map<number>('kinesis-counters');

  const last = ({ stream, shard }: ShardKey) => {
    const range = { from: keyOf({ stream, shard }, 0), to: keyOf({ stream, shard: shard + 1 }, 0) };
    for (const key of records.keys({ ...range, reverse: true, limit: 1 })) return indexOf(key);
    return 0;
  };

  return {
    streams,
    consumers,
    last,
    write: (work) => store.write(work),
    put: (shard, record) => records.put(keyOf(shard, record.index), encodeRecord(record)),
    *read(shard, from) {
      const to = keyOf({ ...shard, shard: shard.shard + 1 }, 0);
      for (const { key, value } of records.range({ from: keyOf(shard, from), to }))
        yield decodeRecord(indexOf(key), value);
    },
    *indexes(shard) {
      const to = keyOf({ ...shard, shard: shard.shard + 1 }, 0);
      for (const key of records.keys({ from: keyOf(shard, 0), to })) yield indexOf(key);
    },
    first(shard, from) {
      const to = keyOf({ ...shard, shard: shard.shard + 1 }, 0);
      for (const { key, value } of records.range({ from: keyOf(shard, from), to, limit: 1 }))
        return { index: indexOf(key), at: arrivedAt(value) };
      return undefined;
    },
    trim(shard, until, limit) {
      const to = keyOf({ ...shard, shard: shard.shard + 1 }, 0);
      const gone: Uint8Array[] = [];
      for (const { key, value } of records.range({ from: keyOf(shard, 0), to, limit })) {
        if (arrivedAt(value) > until) break;
        gone.push(key as Uint8Array);
      }
      const newest = gone.at(-1);
      if (!newest) return 0;
      store.write(() => {
        for (const key of gone) records.remove(key);
        counters.put([shard.stream, shard.shard], indexOf(newest));
      });
      return gone.length;
    },
    removeRecords(stream) {
      const all = { from: keyOf({ stream, shard: 0 }, 0), to: keyOf({ stream: stream + 1, shard: 0 }, 0) };
      store.write(() => {
        for (const key of [...records.keys(all)]) records.remove(key);
        for (const key of [...counters.keys({ from: [stream], to: [stream + 1] })]) counters.remove(key);
      });
    },
    freshNumber() {
      const number = (counters.get('streams') ?? 0) + 1;
      counters.put('streams', number);
      return number;
    },
    keptIndex: ({ stream, shard }) => counters.get([stream, shard]) ?? 0,
  };
}

/** u32 stream, u32 shard, u48 index. */
function keyOf({ stream, shard }: ShardKey, index: number): Buffer {
  const key = Buffer.allocUnsafe(14);
  key.writeUInt32BE(stream, 0);
  key.writeUInt32BE(shard, 4);
  key.writeUIntBE(Math.min(index, 0xffff_ffff_ffff), 8, 6);
  return key;
}

function indexOf(key: unknown): number {
  const bytes = key as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUIntBE(8, 6);
}
