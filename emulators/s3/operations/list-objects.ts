/** ListObjects and ListObjectsV2. */
import { invalidArgument } from '../errors.ts';
import { commonPrefixes, type ListOptions, readListOptions } from '../listing/options.ts';
import { type Page, walkKeys } from '../listing/walk.ts';
import type { BucketRecord } from '../model.ts';
import { OWNER_NAME, ownerId } from '../owner.ts';
import { needBucket, type S3Operation, type S3Service, xmlReply } from '../service.ts';
import type { KeyedVersion } from '../store.ts';
import { document, group, isoTime, tag } from '../xml/write.ts';

export const listObjects: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const options = readListOptions(request, 'max-keys');
  const marker = request.query.get('marker') ?? '';
  const page = pageOf(service, bucket, options, marker);
  const { prefix, delimiter, limit, name, encodingType } = options;
  const next = page.isTruncated && delimiter !== '' ? page.last : undefined;
  return xmlReply(
    document(
      'ListBucketResult',
      tag('Name', bucket.name),
      tag('Prefix', name(prefix)),
      tag('Marker', name(marker)),
      next === undefined ? '' : tag('NextMarker', name(next)),
      tag('MaxKeys', limit),
      delimiter === '' ? '' : tag('Delimiter', name(delimiter)),
      tag('EncodingType', encodingType),
      tag('IsTruncated', page.isTruncated),
      ...page.items.map((item) => contents(item, name, ownerOf(service))),
      commonPrefixes(page.prefixes, name),
    ),
  );
};

export const listObjectsV2: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const { query } = request;
  const options = readListOptions(request, 'max-keys');
  const token = query.get('continuation-token') ?? undefined;
  const startAfter = query.get('start-after') ?? undefined;
  const page = pageOf(service, bucket, options, token === undefined ? startAfter : readToken(token));
  const { prefix, delimiter, limit, name, encodingType } = options;
  const owner = query.get('fetch-owner') === 'true' ? ownerOf(service) : '';
  return xmlReply(
    document(
      'ListBucketResult',
      tag('Name', bucket.name),
      tag('Prefix', name(prefix)),
      startAfter === undefined ? '' : tag('StartAfter', name(startAfter)),
      tag('ContinuationToken', token),
      page.isTruncated ? tag('NextContinuationToken', writeToken(page.last ?? '')) : '',
      tag('KeyCount', page.items.length + page.prefixes.length),
      tag('MaxKeys', limit),
      delimiter === '' ? '' : tag('Delimiter', name(delimiter)),
      tag('EncodingType', encodingType),
      tag('IsTruncated', page.isTruncated),
      ...page.items.map((item) => contents(item, name, owner)),
      commonPrefixes(page.prefixes, name),
    ),
  );
};

function pageOf(
  { store }: S3Service,
  bucket: BucketRecord,
  { prefix, delimiter, limit }: ListOptions,
  after: string | undefined,
): Page<KeyedVersion> {
  function* read(from: string) {
    for (const keyed of store.currents(bucket, { prefix, from }))
      if (!keyed.version.deleteMarker) yield { key: keyed.key, item: keyed };
  }
  return walkKeys(read, { prefix, delimiter, limit, after: after || undefined });
}

function contents({ key, version }: KeyedVersion, name: (text: string) => string, owner: string): string {
  const { modifiedAt, etag, sizeBytes, storageClass = 'STANDARD', checksum } = version;
  return group(
    'Contents',
    tag('Key', name(key)),
    tag('LastModified', isoTime(modifiedAt)),
    tag('ETag', `"${etag}"`),
    checksum ? tag('ChecksumAlgorithm', checksum.algorithm) + tag('ChecksumType', checksum.type) : '',
    tag('Size', sizeBytes),
    owner,
    tag('StorageClass', storageClass),
  );
}

export const ownerOf = ({ accountId }: Pick<S3Service, 'accountId'>) =>
  group('Owner', tag('ID', ownerId(accountId)), tag('DisplayName', OWNER_NAME));

const writeToken = (key: string) => Buffer.from(key, 'utf8').toString('base64url');

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  if (writeToken(key) !== token)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  return key;
}
