/** Storage of uploads in parts that are under way. */
import type { Store, StoreKey } from '../../src/model/platform.ts';
import type { BucketRecord, PartRecord, UploadRecord } from './model.ts';

export interface UploadStore {
  get(bucket: BucketRecord, key: string, uploadId: string): UploadRecord | undefined;
  /** By key, then by when they began; read lazily. */
  of(bucket: BucketRecord): Iterable<UploadRecord>;
  save(upload: UploadRecord): void;
  /** With its parts. */
  remove(upload: UploadRecord): void;
  part(upload: UploadRecord, number: number): PartRecord | undefined;
  /** Ascending; read lazily. */
  parts(upload: UploadRecord, after?: number): Iterable<PartRecord>;
  savePart(upload: UploadRecord, part: PartRecord): void;
  allParts(): Iterable<{ key: StoreKey; value: PartRecord }>;
}

export function openUploadStore(store: Store): UploadStore {
  const uploads = store.map<UploadRecord>('s3:uploads');
  const parts = store.map<PartRecord>('s3:parts');
  const within = (id: string, after = 0) => ({ from: [id, after + 1], to: [id, 1_000_000] });

  return {
    get: (bucket, key, uploadId) => uploads.get([bucket.id, key, uploadId]),
    *of({ id }) {
      for (const { value } of uploads.range({ from: [id], to: [id + 1] })) yield value;
    },
    save: (upload) => uploads.put([upload.bucketId, upload.key, upload.id], upload),
    remove(upload) {
      uploads.remove([upload.bucketId, upload.key, upload.id]);
      for (const key of [...parts.keys(within(upload.id))]) parts.remove(key);
    },
    part: (upload, number) => parts.get([upload.id, number]),
    *parts(upload, after) {
      for (const { value } of parts.range(within(upload.id, after))) yield value;
    },
    savePart: (upload, part) => parts.put([upload.id, part.number], part),
    allParts: () => parts.range(),
  };
}
