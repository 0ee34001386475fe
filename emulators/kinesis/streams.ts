/** All streams: what is stored of them, and what is remembered so that a record costs one write. */
import type { StreamFaults } from '../../src/model/faults.ts';
import type { TraceContext } from '../../src/model/invocation.ts';
import type { Clock } from '../../src/model/platform.ts';
import { streamNotFound } from './errors.ts';
import type { StreamRecord } from './record.ts';
import { sequenceNumber } from './sequence-number.ts';
import { type Keyed, type OpenRanges, openRangesOf, shardFor } from './shards/open-ranges.ts';
import { shardIdOf } from './shards/shard.ts';
import type { ShardKey, StreamStore } from './store.ts';
import { HOUR_MS, type StreamRow } from './stream.ts';
import { startTrimming } from './trimming.ts';

export interface NewRecord extends Keyed {
  readonly data: Buffer;
  readonly origin?: TraceContext;
}

export interface Placed {
  readonly shard: number;
  readonly sequence: string;
}

export interface Streams {
  find(name: string): StreamRow | undefined;
  /** Throws the service's ResourceNotFoundException. */
  get(name: string): StreamRow;
  /** In the order of their names. */
  list(): readonly StreamRow[];
  arnOf(name: string): string;
  /** Makes it, or changes its settings and shards. */
  save(row: StreamRow): void;
  remove(name: string): void;
  freshNumber(): number;
  /** To be run in a transaction of the store. Throws where there is no such stream. */
  append(name: string, records: readonly NewRecord[]): readonly Placed[];
  /** From the index on, what is not too old; no more than `maxBytes` of data and keys, though always one. */
  read(
    row: StreamRow,
    shard: number,
    from: number,
    limit: number,
    maxBytes?: number,
  ): readonly StreamRecord[];
  /** Index of the newest record a shard ever had; 0 when there was none. */
  newest(row: StreamRow, shard: number): number;
  /** Index of the first record that came at this time (epoch ms) or later; behind the newest when there is none. */
  indexAt(row: StreamRow, shard: number, at: number): number;
  /** Called after records were committed, and when a stream was made, changed or removed. Returns the way to stop it. */
  onChange(listener: (name: string) => void): () => void;
  /** The store's content was exchanged. */
  reload(): void;
  stop(): void;
}

export interface StreamsContext {
  readonly store: StreamStore;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Told of each record and its size in bytes as it is put. */
  readonly onPut?: (row: StreamRow, shard: number, bytes: number, at: number) => void;
  readonly faults?: StreamFaults | undefined;
}

interface OpenStream {
  row: StreamRow;
  ranges: OpenRanges;
  /** By shard. */
  readonly heads: Map<number, { newest: number; at: number }>;
}

export function openStreams({ store, clock, region, accountId, onPut, faults }: StreamsContext): Streams {
  const open = new Map<string, OpenStream>();
  const listeners = new Set<(name: string) => void>();
  const touched = new Set<string>();

  const remember = (row: StreamRow) => {
    const known = open.get(row.name);
    if (known?.row.number === row.number) Object.assign(known, { row, ranges: openRangesOf(row) });
    else open.set(row.name, { row, ranges: openRangesOf(row), heads: new Map() });
  };
  const readRows = () => {
    for (const { value } of store.streams.range()) remember(value);
  };
  readRows();

  const headOf = ({ row, heads }: OpenStream, shard: number) => {
    const known = heads.get(shard);
    if (known) return known;
    const key = { stream: row.number, shard };
    const last = store.last(key);
    const at = last > 0 ? (store.first(key, last)?.at ?? 0) : 0;
    const head = { newest: Math.max(last, store.keptIndex(key)), at };
    heads.set(shard, head);
    return head;
  };

  const announce = () => {
    const names = [...touched];
    touched.clear();
    for (const name of names) for (const listener of listeners) listener(name);
  };
  /** The transaction there may be is committed in this turn of the event loop. */
  const touch = (name: string) => {
    if (touched.size === 0) setImmediate(announce);
    touched.add(name);
  };

  const retentionMs = (row: StreamRow) => row.retentionHours * HOUR_MS;

  const trimming = startTrimming(
    {
      sweep(now, limit) {
        let more = false;
        for (const { row } of open.values())
          for (const { index } of row.shards) {
            const key = { stream: row.number, shard: index };
            if (store.trim(key, now - retentionMs(row), limit) === limit) more = true;
          }
        return more;
      },
      nextDue() {
        let next: number | undefined;
        for (const { row } of open.values())
          for (const { index } of row.shards) {
            const oldest = store.first({ stream: row.number, shard: index }, 0);
            if (oldest) next = Math.min(next ?? Number.POSITIVE_INFINITY, oldest.at + retentionMs(row));
          }
        return next;
      },
    },
    clock,
  );
  trimming.arm();

  const get = (name: string): OpenStream => {
    const found = open.get(name);
    if (found) return found;
    throw streamNotFound(name, accountId);
  };

  const put = (stream: OpenStream, record: NewRecord): Placed => {
    const { row, ranges } = stream;
    const shard = shardFor(ranges, record);
    const head = headOf(stream, shard);
    // Nothing arrives before what arrived before it, wherever the clock was set to.
    const at = Math.max(Math.floor(clock.now()), head.at);
    const index = head.newest + 1;
    const { data, partitionKey, origin } = record;
    const encrypted = row.kmsKeyId !== undefined;
    store.put(
      { stream: row.number, shard },
      { index, at, partitionKey, data, encrypted, ...(origin && { origin }) },
    );
    // After an undone transaction a number is left out: none is ever used twice.
    head.newest = index;
    head.at = at;
    onPut?.(row, shard, data.length + partitionKey.length, at);
    trimming.noteDue(at + retentionMs(row));
    const sequence = sequenceNumber({ index, at, shard, shardMadeAt: madeAtOf(row, shard) });
    faults?.stored({
      of: { kind: 'stream', name: row.name },
      ...{ sequenceNumber: sequence, shardId: shardIdOf(shard), key: partitionKey, origin },
    });
    return { shard, sequence };
  };

  /** First index in the shard, from `low` on, whose record came at `at` or later. */
  const search = (key: ShardKey, low: number, high: number, at: number): number => {
    let from = low;
    let to = high + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const found = store.first(key, middle);
      if (found && found.at < at) from = found.index + 1;
      else to = middle;
    }
    return from;
  };

  const indexAt: Streams['indexAt'] = (row, shard, at) => {
    const key = { stream: row.number, shard };
    const stream = open.get(row.name);
    const newest = stream ? headOf(stream, shard).newest : 0;
    const first = store.first(key, 0);
    if (!first) return newest + 1;
    return first.at >= at ? first.index : search(key, first.index, newest, at);
  };

  return {
    find: (name) => open.get(name)?.row,
    get: (name) => get(name).row,
    list: () => [...open.values()].map(({ row }) => row).sort((a, b) => (a.name < b.name ? -1 : 1)),
    arnOf: (name) => `arn:aws:kinesis:${region}:${accountId}:stream/${name}`,
    save(row) {
      store.streams.put(row.name, row);
      remember(row);
      trimming.arm();
      touch(row.name);
    },
    remove(name) {
      const { row } = get(name);
      store.write(() => {
        store.streams.remove(name);
        store.removeRecords(row.number);
        for (const key of [...store.consumers.keys({ from: [name], to: [`${name}\0`] })])
          store.consumers.remove(key);
      });
      open.delete(name);
      touch(name);
    },
    freshNumber: () => store.freshNumber(),
    append(name, records) {
      const stream = get(name);
      const placed = records.map((record) => put(stream, record));
      touch(name);
      return placed;
    },
    read(row, shard, from, limit, maxBytes = Number.POSITIVE_INFINITY) {
      const key = { stream: row.number, shard };
      const oldest = clock.now() - retentionMs(row);
      const first = store.first(key, from);
      if (!first) return [];
      const start = first.at > oldest ? first.index : Math.max(from, indexAt(row, shard, oldest + 1));
      const taken: StreamRecord[] = [];
      let bytes = 0;
      for (const record of store.read(key, start)) {
        bytes += record.data.length + record.partitionKey.length;
        if (taken.length >= limit || (bytes > maxBytes && taken.length > 0)) break;
        taken.push(record);
      }
      return taken;
    },
    newest(row, shard) {
      const stream = open.get(row.name);
      return stream ? headOf(stream, shard).newest : 0;
    },
    indexAt,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reload() {
      open.clear();
      readRows();
      trimming.arm();
    },
    stop: () => trimming.stop(),
  };
}

export function madeAtOf({ shards }: StreamRow, shard: number): number {
  return shards[shard]?.madeAt ?? 0;
}
