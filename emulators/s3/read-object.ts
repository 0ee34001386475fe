/** An object as another service reads it, whole: a function's code. */
import type { ObjectAddress, StoredObject } from '../../src/model/emulator.ts';
import { filesOf, sendSegments } from './body/send.ts';
import { noSuchBucket } from './errors.ts';
import { needVersion } from './find-object.ts';
import type { S3Service } from './service.ts';

/** Throws what GetObject would. */
export function findStoredObject(
  service: S3Service,
  { bucket: name, key, versionId }: ObjectAddress,
): StoredObject {
  const { files, store } = service;
  const bucket = store.bucket(name);
  if (!bucket) throw noSuchBucket(name);
  const { segments, sizeBytes } = needVersion(service, bucket, key, versionId);
  return {
    sizeBytes,
    async read() {
      const pieces: Buffer[] = [];
      const release = files.retain(filesOf(segments));
      try {
        await sendSegments(files, segments, (bytes) => void pieces.push(bytes));
      } finally {
        release();
      }
      return Buffer.concat(pieces, sizeBytes);
    },
  };
}
