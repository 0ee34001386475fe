/** Removes an object as its bucket's versioning has it: for good, or by a delete marker on top. */
import type { ApiCall } from '../../src/model/service-api.ts';
import { withIdentity } from './commit.ts';
import { s3Error } from './errors.ts';
import { type Bypass, checkRemoval } from './lock.ts';
import type { BucketRecord, ObjectVersion } from './model.ts';
import type { S3Service } from './service.ts';
import { putVersion, removeVersion } from './versions.ts';

export interface Removal {
  readonly key: string;
  /** Absent = the newest, by a delete marker where the bucket keeps versions. */
  readonly versionId?: string;
  readonly bypass: Bypass;
  /** Only what has this ETag; `*` = anything there is. */
  readonly ifMatch?: string;
  /** Absent = a lifecycle rule. */
  readonly call?: ApiCall;
  /** Default `ObjectRemoved`. */
  readonly cause?: 'ObjectRemoved' | 'LifecycleExpiration';
}

export interface Removed {
  /** Of the delete marker made, or of the version removed. */
  readonly versionId?: string;
  /** A delete marker was made, or removed. */
  readonly isMarker: boolean;
}

/** Removing what is not there is no error. Throws `AccessDenied` where an object lock forbids it. */
export function deleteObject(service: S3Service, bucket: BucketRecord, removal: Removal): Removed {
  checkMatch(service, bucket, removal);
  if (removal.versionId !== undefined) return removeOne(service, bucket, removal, removal.versionId);
  if (bucket.versioning === undefined)
    return { isMarker: removeOne(service, bucket, removal, 'null').isMarker };
  return addMarker(service, bucket, removal);
}

function checkMatch({ store }: S3Service, bucket: BucketRecord, { key, versionId, ifMatch }: Removal): void {
  if (ifMatch === undefined) return;
  const version =
    versionId === undefined ? store.current(bucket, key) : store.version(bucket, key, versionId);
  if (!version || version.deleteMarker) throw s3Error('NoSuchKey', { Key: key });
  if (ifMatch !== '*' && ifMatch.replace(/^"(.*)"$/, '$1') !== version.etag)
    throw s3Error('PreconditionFailed', { Condition: 'If-Match' });
}

function removeOne(service: S3Service, bucket: BucketRecord, removal: Removal, versionId: string): Removed {
  const { store } = service;
  const { key, bypass } = removal;
  const version = store.version(bucket, key, versionId);
  if (!version) return { versionId, isMarker: false };
  checkRemoval(service, version, bypass);
  store.change((files) => {
    removeVersion(store, files, bucket, key, versionId);
    publish(service, bucket, version, removal, 'Delete');
  });
  return { versionId, isMarker: version.deleteMarker === true };
}

function addMarker(service: S3Service, bucket: BucketRecord, removal: Removal): Removed {
  const { store } = service;
  const { key } = removal;
  const current = store.current(bucket, key);
  const marker = withIdentity(
    service,
    bucket,
    { deleteMarker: true, etag: '', sizeBytes: 0, segments: [], headers: {}, metadata: {} },
    current,
  );
  store.change((files) => {
    putVersion(store, files, bucket, key, marker);
    publish(service, bucket, marker, removal, 'DeleteMarkerCreated');
  });
  return { versionId: marker.versionId, isMarker: true };
}

function publish(
  { notifier, ids }: S3Service,
  bucket: BucketRecord,
  version: ObjectVersion,
  { key, call, cause = 'ObjectRemoved' }: Removal,
  what: 'Delete' | 'DeleteMarkerCreated',
): void {
  notifier.publish({
    ...{ name: `${cause}:${what}`, bucket, key, version },
    requestId: call?.requestId ?? ids.uuid(),
    ...(call && { origin: call.origin }),
  });
}
