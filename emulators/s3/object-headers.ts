/** The headers that say what an object is. */
import { checksumHeader } from './body/checksums.ts';
import { metadataHeaders } from './facts.ts';
import { expirationHeader } from './lifecycle/expiration-header.ts';
import type { BucketRecord, ObjectVersion } from './model.ts';
import type { S3Request } from './service.ts';

/** What the query of a GET may put in place of a stored header. */
const OVERRIDES: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

export function objectHeaders(
  bucket: BucketRecord,
  version: ObjectVersion,
  { headers: asked, query, key }: Pick<S3Request, 'headers' | 'query' | 'key'>,
): Record<string, string> {
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    'last-modified': new Date(version.modifiedAt).toUTCString(),
    etag: `"${version.etag}"`,
    ...version.headers,
    ...metadataHeaders(version.metadata),
    ...version.encryption,
    ...versionHeader(bucket, version),
  };
  for (const [name, header] of Object.entries(OVERRIDES)) {
    const value = query.get(name);
    if (value !== null) headers[header] = value;
  }
  addLockHeaders(headers, version);
  const tags = Object.keys(version.tags ?? {}).length;
  if (tags > 0) headers['x-amz-tagging-count'] = String(tags);
  if (version.storageClass !== undefined) headers['x-amz-storage-class'] = version.storageClass;
  if (version.websiteRedirect !== undefined)
    headers['x-amz-website-redirect-location'] = version.websiteRedirect;
  if (asked['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED')
    Object.assign(headers, checksumHeaders(version));
  const expires = expirationHeader(bucket, key, version);
  if (expires !== undefined) headers['x-amz-expiration'] = expires;
  return headers;
}

export function checksumHeaders({ checksum }: Pick<ObjectVersion, 'checksum'>): Record<string, string> {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** Of an answer to a write: nothing where the version has no id of its own. */
export function newVersionHeader({ versionId }: Pick<ObjectVersion, 'versionId'>): Record<string, string> {
  return versionId === 'null' ? {} : { 'x-amz-version-id': versionId };
}

/** Nothing where the bucket never had versions. */
export function versionHeader(
  { versioning }: BucketRecord,
  { versionId }: Pick<ObjectVersion, 'versionId'>,
): Record<string, string> {
  return versioning === undefined ? {} : { 'x-amz-version-id': versionId };
}

function addLockHeaders(headers: Record<string, string>, { retention, legalHold }: ObjectVersion): void {
  if (retention) {
    headers['x-amz-object-lock-mode'] = retention.mode;
    headers['x-amz-object-lock-retain-until-date'] = new Date(retention.until).toISOString();
  }
  if (legalHold) headers['x-amz-object-lock-legal-hold'] = 'ON';
}
