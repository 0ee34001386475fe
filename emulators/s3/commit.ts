/** Makes what was uploaded an object: the one place where a key gets a new version. */
import type { TraceContext } from '../../src/model/invocation.ts';
import { checkWrite } from './conditions.ts';
import { noSuchBucket } from './errors.ts';
import type { BucketRecord, ObjectVersion } from './model.ts';
import { nowOf, type S3Service } from './service.ts';
import type { FileChanges } from './store.ts';
import { putVersion } from './versions.ts';

export type NewObject = Omit<ObjectVersion, 'versionId' | 'seq' | 'modifiedAt'>;

export interface CommitOptions {
  /** Of the request: conditions on what the key holds. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `ObjectCreated:Put`. */
  readonly event: string;
  readonly call: { readonly requestId: string; readonly origin?: TraceContext };
  /** What belongs into the same transaction. */
  readonly alongside?: (files: FileChanges) => void;
  /** Its files are those of something stored already. */
  readonly areKept?: true;
}

/** Synchronous: between the condition and the write nobody else writes. Throws what the service answers; then nothing is stored. */
export function commitObject(
  service: S3Service,
  bucketName: string,
  key: string,
  object: NewObject,
  { headers, event, call, alongside, areKept }: CommitOptions,
): ObjectVersion {
  const { store } = service;
  const bucket = store.bucket(bucketName);
  if (!bucket) throw noSuchBucket(bucketName);
  const current = store.current(bucket, key);
  checkWrite(headers, key, current?.deleteMarker ? undefined : current);
  const version = withIdentity(service, bucket, object, current);
  store.change((files) => {
    alongside?.(files);
    if (!areKept) files.add(version.segments);
    putVersion(store, files, bucket, key, version);
    service.notifier.publish({
      ...{ name: event, bucket, key, version },
      requestId: call.requestId,
      ...(call.origin && { origin: call.origin }),
    });
  });
  return version;
}

/** A version needs an id of its own only where the bucket keeps several. */
export function withIdentity(
  service: S3Service,
  bucket: BucketRecord,
  object: NewObject,
  current: ObjectVersion | undefined,
): ObjectVersion {
  const now = nowOf(service);
  const seq = Math.max(service.store.nextSeq(now), (current?.seq ?? 0) + 1);
  const versionId =
    bucket.versioning === 'Enabled'
      ? Buffer.from(`${seq.toString(16).padStart(14, '0')}${service.ids.hex(9)}`, 'hex')
          .toString('base64url')
          .slice(0, 32)
      : 'null';
  return { ...object, versionId, seq, modifiedAt: now };
}
