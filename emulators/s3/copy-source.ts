/** The `x-amz-copy-source` header: which object is to be copied. */
import { checkRead } from './conditions.ts';
import { invalidArgument, noSuchBucket } from './errors.ts';
import { type Found, needVersion } from './find-object.ts';
import type { S3Request, S3Service } from './service.ts';

export interface CopySource extends Found {
  readonly key: string;
}

/** Throws what the service answers where there is no such object, or its conditions do not hold. */
export function needCopySource(service: S3Service, { headers }: Pick<S3Request, 'headers'>): CopySource {
  const text = headers['x-amz-copy-source'] ?? '';
  const { bucketName, key, versionId } = parseCopySource(text);
  const bucket = service.store.bucket(bucketName);
  if (!bucket) throw noSuchBucket(bucketName);
  const version = needVersion(service, bucket, key, versionId);
  checkRead(headers, version, 'x-amz-copy-source-');
  return { bucket, version, key };
}

/** `/bucket/key?versionId=id`, percent-encoded; the first slash may be missing. */
export function parseCopySource(text: string): {
  readonly bucketName: string;
  readonly key: string;
  readonly versionId?: string;
} {
  const wrong = () =>
    invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      text,
    );
  const [, path = '', versionId] = /^([^?]*)(?:\?versionId=(.*))?$/s.exec(text) ?? [];
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path, wrong)) ?? [];
  if (!bucketName || !key) throw wrong();
  return { bucketName, key, ...(versionId && { versionId }) };
}

function decoded(text: string, wrong: () => Error): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong();
  }
}
