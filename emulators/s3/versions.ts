/** What a write or a delete does to the versions of a key. Every function here runs inside a transaction of the store. */
import type { BucketRecord, ObjectVersion } from './model.ts';
import type { FileChanges, ObjectStore } from './store.ts';

/** Makes `version` the newest. In a bucket that never had versions it takes the place of the one there was. */
export function putVersion(
  store: ObjectStore,
  files: FileChanges,
  bucket: BucketRecord,
  key: string,
  version: ObjectVersion,
): void {
  if (version.versionId === 'null') removeVersion(store, files, bucket, key, 'null');
  const current = store.current(bucket, key);
  if (current) store.putOlder(bucket, key, current);
  store.putCurrent(bucket, key, version);
}

/** Removes one version for good; the next older one is then the newest. Answers what was removed. */
export function removeVersion(
  store: ObjectStore,
  files: FileChanges,
  bucket: BucketRecord,
  key: string,
  versionId: string,
): ObjectVersion | undefined {
  const current = store.current(bucket, key);
  if (!current) return undefined;
  if (current.versionId === versionId) {
    removeCurrent(store, bucket, key);
    files.drop(current.segments);
    return current;
  }
  if (bucket.versioning === undefined) return undefined;
  const version = store.version(bucket, key, versionId);
  if (!version) return undefined;
  store.removeOlder(bucket, key, version);
  files.drop(version.segments);
  return version;
}

function removeCurrent(store: ObjectStore, bucket: BucketRecord, key: string): void {
  const [next] = bucket.versioning === undefined ? [] : store.older(bucket, key);
  if (!next) {
    store.removeCurrent(bucket, key);
    return;
  }
  store.removeOlder(bucket, key, next);
  store.putCurrent(bucket, key, next);
}

/** Writes a version again whose facts changed. */
export function replaceVersion(
  store: ObjectStore,
  bucket: BucketRecord,
  key: string,
  version: ObjectVersion,
): void {
  if (store.current(bucket, key)?.versionId === version.versionId) store.putCurrent(bucket, key, version);
  else store.putOlder(bucket, key, version);
}
