/** The streams on disk: their definitions, and their records in order. Nothing else here touches storage. */
import type { Store } from '../../../src/model/platform.ts';
import { readRecord, recordedAt } from './record-text.ts';
import type { Stream } from './stream.ts';
import type { StreamRecord } from './stream-log.ts';

export interface StreamStore {
  /** In the order they were made. */
  list(): readonly Stream[];
  put(stream: Stream): void;
  /** Within the caller's transaction where there is one. `text` is a record's as `recordText` wrote it. */
  append(stream: Stream, sequence: number, text: string): void;
  /** Oldest first, from behind the sequence `after`; read as they are asked for. */
  read(stream: Stream, after: number, limit: number): Iterable<StreamRecord>;
  /** Sequence of the newest record there ever was. */
  newest(stream: Stream): number;
  /** Epoch ms of the oldest record. */
  oldestAt(stream: Stream): number | undefined;
  /** Removes up to `limit` records not younger than `until` (epoch ms). Returns the stream as it is then, and how many went. */
  trim(stream: Stream, until: number, limit: number): { readonly stream: Stream; readonly removed: number };
  /** Removes a stream, and whatever records it has. */
  remove(stream: Stream): void;
}

/** Not below the tables' own root: what is left of a table there goes with the table. */
const ROOT = 'dynamodb-streams';

export function openStreamStore(store: Store): StreamStore {
  const definitions = store.map<Stream>(ROOT);
  /** Keys are the stream's number and the record's sequence. */
  const records = store.map<string>(`${ROOT}/records`, { values: 'string' });

  const rangeOf = ({ number }: Stream, after = 0) => ({ from: [number, after + 1], to: [number + 1] });
  const sequenceOf = (key: unknown) => (key as readonly [number, number])[1];

  return {
    list: () => [...definitions.range()].map(({ value }) => value),
    put: (stream) => definitions.put(stream.number, stream),
    append: (stream, sequence, text) => records.put([stream.number, sequence], text),

    *read(stream, after, limit) {
      for (const { key, value } of records.range({ ...rangeOf(stream, after), limit }))
        yield readRecord(sequenceOf(key), value);
    },

    newest(stream) {
      for (const key of records.keys({ ...rangeOf(stream), reverse: true, limit: 1 })) return sequenceOf(key);
      return stream.trimmedTo;
    },

    oldestAt(stream) {
      for (const { value } of records.range({ ...rangeOf(stream), limit: 1 })) return recordedAt(value);
      return undefined;
    },

    trim(stream, until, limit) {
      const due: number[] = [];
      for (const { key, value } of records.range({ ...rangeOf(stream), limit })) {
        if (recordedAt(value) > until) break;
        due.push(sequenceOf(key));
      }
      const trimmedTo = due.at(-1);
      if (trimmedTo === undefined) return { stream, removed: 0 };
      const trimmed = { ...stream, trimmedTo };
      store.write(() => {
        for (const sequence of due) records.remove([stream.number, sequence]);
        definitions.put(stream.number, trimmed);
      });
      return { stream: trimmed, removed: due.length };
    },

    remove(stream) {
      const left = [...records.keys(rangeOf(stream))];
      store.write(() => {
        for (const key of left) records.remove(key);
        definitions.remove(stream.number);
      });
    },
  };
}
