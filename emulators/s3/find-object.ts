/** Finds the version of an object a request asks for. */
import { noSuchKey, s3Error } from './errors.ts';
import type { BucketRecord, ObjectVersion } from './model.ts';
import { needBucket, type S3Request, type S3Service } from './service.ts';

export interface Found {
  readonly bucket: BucketRecord;
  readonly version: ObjectVersion;
}

/** Throws `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, and `MethodNotAllowed` for a delete marker asked for by its id. */
export function needObject(service: S3Service, request: S3Request): Found {
  const bucket = needBucket(service, request);
  const versionId = request.query.get('versionId') ?? undefined;
  return { bucket, version: needVersion(service, bucket, request.key, versionId) };
}

export function needVersion(
  service: S3Service,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
): ObjectVersion {
  const version = findVersion(service, bucket, key, versionId);
  if (!version)
    throw versionId === undefined
      ? noSuchKey(key)
      : s3Error('NoSuchVersion', { Key: key, VersionId: versionId });
  if (!version.deleteMarker) return version;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (versionId === undefined) throw s3Error('NoSuchKey', { Key: key }, undefined, headers);
  throw s3Error('MethodNotAllowed', { Method: 'GET', ResourceType: 'DeleteMarker' }, undefined, {
    ...headers,
    'last-modified': new Date(version.modifiedAt).toUTCString(),
    allow: 'DELETE',
  });
}

export function findVersion(
  { store }: S3Service,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
): ObjectVersion | undefined {
  return versionId === undefined ? store.current(bucket, key) : store.version(bucket, key, versionId);
}
