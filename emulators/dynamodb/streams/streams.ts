/** The streams of all tables: made and closed with the tables' definitions, written by their commits, read by whoever follows. */
import type { StreamFaults } from '../../../src/model/faults.ts';
import type { Clock, Ids, Store } from '../../../src/model/platform.ts';
import { LATEST_STREAM_LABEL } from '../../../src/model/resources.ts';
import type { ChangeListener, CommittedChange, TableStore } from '../table-store.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { isRecorded, keysOf, recordText, sizeOf } from './record-text.ts';
import { sequenceNumber } from './sequence-number.ts';
import { createdAt, firstDefinition, labelAt, parseStreamArn, type Stream } from './stream.ts';
import type { StreamLog, StreamRecord } from './stream-log.ts';
import { openStreamStore } from './stream-store.ts';
import { startTrimming } from './trimming.ts';

export interface Streams extends StreamLog {
  /** By ARN; the label loaders write stands for the latest of the table's streams. */
  find(streamArn: string): Stream | undefined;
  arnOf(stream: Pick<Stream, 'tableName' | 'label'>): string;
  /** Every stream that can be read, those of disabled streams and deleted tables included; by ARN. */
  list(): readonly Stream[];
  /** A label for a stream made now, which no stream of that table has. */
  freshLabel(tableName: string): string;
  /** Writes what commits change; runs within their transaction. */
  readonly record: ChangeListener;
  /** Takes over the tables' definitions as they are, and as they change from then on. */
  follow(tables: TableStore): void;
  /** The store holds other streams than before; to be called before the tables are read anew. */
  reload(): void;
  stop(): void;
}

export interface StreamsContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
  readonly faults?: StreamFaults | undefined;
}

interface OpenStream {
  stream: Stream;
  newest: number;
}

export function openStreams({ store, clock, ids, region, accountId, faults }: StreamsContext): Streams {
  const storage = openStreamStore(store);
  const open = new Map<number, OpenStream>();
  /** Those being recorded, by id of their table. */
  const recording = new Map<string, OpenStream>();
  const appended = new Set<OpenStream>();
  const listeners = new Set<(streamArn: string) => void>();
  const stops: (() => void)[] = [];

  const arnOf: Streams['arnOf'] = ({ tableName, label }) =>
    `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}/stream/${label}`;

  const remember = (stream: Stream) => {
    const state: OpenStream = { stream, newest: storage.newest(stream) };
    open.set(stream.number, state);
    if (stream.disabledAt === undefined) recording.set(stream.tableId, state);
  };

  const find = (tableName: string, label: string): OpenStream | undefined => {
    let latest: OpenStream | undefined;
    for (const state of open.values()) {
      const { stream } = state;
      if (stream.tableName !== tableName) continue;
      if (stream.label === label) return state;
      if (!latest || createdAt(stream) > createdAt(latest.stream)) latest = state;
    }
    return label === LATEST_STREAM_LABEL ? latest : undefined;
  };

  const byArn = (streamArn: string) => {
    const name = parseStreamArn(streamArn);
    return name && find(name.tableName, name.label);
  };

  const readDefinitions = () => {
    for (const stream of storage.list()) remember(stream);
  };
  readDefinitions();

  const trimming = startTrimming(
    {
      streams: () => [...open.values()].map(({ stream }) => stream),
      oldestAt: (stream) => storage.oldestAt(stream),
      trim(stream, until, limit) {
        const trimmed = storage.trim(stream, until, limit);
        const state = open.get(stream.number);
        if (state) state.stream = trimmed.stream;
        return trimmed.removed;
      },
      remove(stream) {
        storage.remove(stream);
        open.delete(stream.number);
      },
    },
    clock,
  );

  const append = (state: OpenStream, change: CommittedChange, cause: Parameters<ChangeListener>[1]) => {
    const { stream } = state;
    const sequence = state.newest + 1;
    const at = Math.floor(clock.now());
    const context = { sequence, at, eventId: ids.hex(16), region, view: stream.view, cause };
    storage.append(stream, sequence, recordText(change, context));
    faults?.stored({
      of: { kind: 'table-stream', name: stream.tableName },
      ...{ sequenceNumber: sequenceNumber(sequence), shardId: '' },
      key: JSON.stringify(keysOf(change.table, change)),
      ...(cause.kind === 'call' && { origin: cause.origin }),
    });
    // After an undone transaction a number is left out: none is ever used twice.
    state.newest = sequence;
    appended.add(state);
    trimming.noteRecord(at);
  };

  const announce = () => {
    if (appended.size === 0) return;
    const arns = [...appended].map(({ stream }) => arnOf(stream));
    appended.clear();
    for (const arn of arns) for (const listener of listeners) listener(arn);
  };

  const begin = (record: TableRecord) => {
    const stream = firstDefinition(record, Math.max(0, ...open.keys()) + 1);
    if (!stream) return;
    storage.put(stream);
    remember(stream);
  };

  const close = (state: OpenStream) => {
    state.stream = { ...state.stream, disabledAt: Math.floor(clock.now()) };
    recording.delete(state.stream.tableId);
    storage.put(state.stream);
  };

  /** Also mends what a kill left between a table's definition and its stream's. */
  const sync = (tables: TableStore) => {
    const wanted = new Map<string, TableRecord>();
    for (const name of tables.names()) {
      const record = tables.find(name)?.record;
      if (record?.stream) wanted.set(record.id, record);
    }
    for (const [tableId, state] of [...recording])
      if (wanted.get(tableId)?.stream?.label === state.stream.label) wanted.delete(tableId);
      else close(state);
    for (const record of wanted.values()) begin(record);
    trimming.arm();
  };

  return {
    arnOf,
    find: (streamArn) => byArn(streamArn)?.stream,
    list: () => [...open.values()].map(({ stream }) => stream).sort((a, b) => (arnOf(a) < arnOf(b) ? -1 : 1)),

    freshLabel(tableName) {
      let at = clock.now();
      while (labelAt(at) === LATEST_STREAM_LABEL || find(tableName, labelAt(at))) at++;
      return labelAt(at);
    },

    record(changes, cause) {
      for (const change of changes) {
        const { record } = change.table;
        if (record.stream === undefined) continue;
        const state = recording.get(record.id);
        if (state && isRecorded(change)) append(state, change, cause);
      }
    },

    follow(tables) {
      sync(tables);
      stops.push(
        tables.onDefinition(() => sync(tables)),
        tables.onChange(announce),
      );
    },

    reload() {
      open.clear();
      recording.clear();
      appended.clear();
      readDefinitions();
    },

    stop() {
      for (const stop of stops.splice(0)) stop();
      trimming.stop();
    },

    streamOf(tableName) {
      for (const { stream } of recording.values()) if (stream.tableName === tableName) return arnOf(stream);
      return undefined;
    },

    read(streamArn, after, limit, maxBytes = Number.POSITIVE_INFINITY) {
      const stream = byArn(streamArn)?.stream;
      return stream ? withinBytes(storage.read(stream, after, limit), maxBytes) : [];
    },

    newest: (streamArn) => byArn(streamArn)?.newest ?? 0,

    onAppend(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function withinBytes(records: Iterable<StreamRecord>, maxBytes: number): readonly StreamRecord[] {
  const taken: StreamRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    bytes += sizeOf(record);
    if (bytes > maxBytes && taken.length > 0) break;
    taken.push(record);
  }
  return taken;
}
