/** Storage of buckets and what is in them; with `upload-store` the only file that touches the store. */
import type { BodyFiles, Store } from '../../src/model/platform.ts';
import { afterPrefix } from './listing/after-prefix.ts';
import type { BucketRecord, ObjectVersion, Segment } from './model.ts';
import { openUploadStore, type UploadStore } from './upload-store.ts';

export interface KeyedVersion {
  readonly key: string;
  readonly version: ObjectVersion;
}

export interface Span {
  /** Keys begin with it. */
  readonly prefix: string;
  /** Inclusive. */
  readonly from?: string;
}

export interface ObjectStore {
  /** By name. */
  buckets(): readonly BucketRecord[];
  bucket(name: string): BucketRecord | undefined;
  saveBucket(record: BucketRecord): void;
  forgetBucket(record: BucketRecord): void;
  nextBucketId(): number;
  /** A number greater than all before it. `now` is epoch ms. */
  nextSeq(now: number): number;
  /** The newest version, delete markers among them. */
  current(bucket: BucketRecord, key: string): ObjectVersion | undefined;
  version(bucket: BucketRecord, key: string, versionId: string): ObjectVersion | undefined;
  /** Versions that are not the newest, newest first. */
  older(bucket: BucketRecord, key: string): ObjectVersion[];
  /** Newest versions by key, ascending; read lazily. */
  currents(bucket: BucketRecord, span: Span): Iterable<KeyedVersion>;
  /** The versions that are not the newest, by key, of each the newest first; read lazily. */
  olders(bucket: BucketRecord, span: Span): Iterable<KeyedVersion>;
  putCurrent(bucket: BucketRecord, key: string, version: ObjectVersion): void;
  putOlder(bucket: BucketRecord, key: string, version: ObjectVersion): void;
  removeCurrent(bucket: BucketRecord, key: string): void;
  removeOlder(bucket: BucketRecord, key: string, version: ObjectVersion): void;
  readonly uploads: UploadStore;
  /**
   * Runs `work` as one transaction. Files it names in `added` are kept and files it lists as `dropped` go when it is done:
   * in the same turn, so that a kill leaves the one state or the other.
   */
  change<T>(work: (files: FileChanges) => T): T;
  /** Files the store names; lets others run in between. */
  files(): AsyncIterable<string>;
  /** The store holds another content than before. */
  reload(): void;
}

export interface FileChanges {
  add(segments: readonly Segment[]): void;
  drop(segments: readonly Segment[]): void;
}

/** Records read before others get their turn. */
const STEP = 2000;

export function openObjectStore(store: Store, bodies: BodyFiles | undefined): ObjectStore {
  const records = store.map<BucketRecord>('s3:buckets');
  const currents = store.map<ObjectVersion>('s3:objects');
  const olders = store.map<ObjectVersion>('s3:versions');
  const numbers = store.map<number>('s3:numbers');
  const uploads = openUploadStore(store);
  const known = new Map<string, BucketRecord>();
  let lastSeq = 0;

  const load = () => {
    known.clear();
    for (const { value } of records.range()) known.set(value.name, value);
  };
  load();

  const rangeOf = ({ id }: BucketRecord, { prefix, from = prefix }: Span) => {
    const start = from > prefix || from.startsWith(prefix) ? from : prefix;
    const end = afterPrefix(prefix);
    return { from: [id, start], to: end === undefined ? [id + 1] : [id, end] };
  };

  const change = <T>(work: (files: FileChanges) => T): T => {
    const added: string[] = [];
    const dropped: string[] = [];
    const note = (list: string[]) => (segments: readonly Segment[]) => {
      for (const { file } of segments) list.push(file);
    };
    const result = store.write(() => work({ add: note(added), drop: note(dropped) }));
    bodies?.keep(added);
    bodies?.discard(dropped);
    return result;
  };

  const older = ({ id }: BucketRecord, key: string) =>
    [...olders.range({ from: [id, key], to: [id, `${key}\0`] })]
      .filter((entry) => keyOf(entry.key) === key)
      .map(({ value }) => value);

  return {
    buckets: () => [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    bucket: (name) => known.get(name),
    saveBucket(record) {
      records.put(record.name, record);
      known.set(record.name, record);
    },
    forgetBucket(record) {
      records.remove(record.name);
      known.delete(record.name);
    },
    nextBucketId: () =>
      store.write(() => {
        const id = (numbers.get('bucket') ?? 0) + 1;
        numbers.put('bucket', id);
        return id;
      }),
    // Microseconds of the clock: greater than all before after a restart too.
    nextSeq(now) {
      lastSeq = Math.max(lastSeq + 1, Math.floor(now) * 1000);
      return lastSeq;
    },
    current: ({ id }, key) => currents.get([id, key]),
    older,
    version(bucket, key, versionId) {
      const current = currents.get([bucket.id, key]);
      if (current?.versionId === versionId) return current;
      return older(bucket, key).find((version) => version.versionId === versionId);
    },
    *currents(bucket, span) {
      for (const { key, value } of currents.range(rangeOf(bucket, span)))
        yield { key: keyOf(key), version: value };
    },
    *olders(bucket, span) {
      for (const { key, value } of olders.range(rangeOf(bucket, span)))
        yield { key: keyOf(key), version: value };
    },
    putCurrent: ({ id }, key, version) => currents.put([id, key], version),
    putOlder: ({ id }, key, version) => olders.put([id, key, -version.seq], version),
    removeCurrent: ({ id }, key) => currents.remove([id, key]),
    removeOlder: ({ id }, key, version) => olders.remove([id, key, -version.seq]),
    uploads,
    change,
    async *files() {
      let read = 0;
      for (const segments of allSegments([currents.range(), olders.range(), uploads.allParts()])) {
        if (++read % STEP === 0) await new Promise<void>((resolve) => setImmediate(resolve));
        for (const { file } of segments) yield file;
      }
    },
    reload: load,
  };
}

function* allSegments(
  maps: readonly Iterable<{ value: { readonly segments: readonly Segment[] } }>[],
): Generator<readonly Segment[]> {
  for (const map of maps) for (const { value } of map) yield value.segments;
}

function keyOf(key: unknown): string {
  return Array.isArray(key) ? String(key[1]) : '';
}
