/** ListObjectVersions: every version and delete marker, by key, of each the newest first. */
import { invalidArgument } from '../errors.ts';
import { commonPrefixes, readListOptions } from '../listing/options.ts';
import { walkKeys } from '../listing/walk.ts';
import type { BucketRecord, ObjectVersion } from '../model.ts';
import { needBucket, type S3Operation, type S3Service, xmlReply } from '../service.ts';
import type { KeyedVersion } from '../store.ts';
import { document, group, isoTime, tag } from '../xml/write.ts';
import { ownerOf } from './list-objects.ts';

interface Listed extends KeyedVersion {
  readonly isLatest: boolean;
}

export const listObjectVersions: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const { prefix, delimiter, limit, name, encodingType } = readListOptions(request, 'max-keys');
  const keyMarker = request.query.get('key-marker') ?? '';
  const idMarker = request.query.get('version-id-marker') ?? '';
  if (idMarker !== '' && keyMarker === '')
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      idMarker,
    );
  const isBehind = makeTest(service, bucket, keyMarker, idMarker);
  function* read(from: string) {
    for (const listed of versions(service, bucket, prefix, from))
      if (isBehind(listed)) yield { key: listed.key, item: listed };
  }
  const after = idMarker === '' ? keyMarker || undefined : undefined;
  const page = walkKeys(read, { prefix, delimiter, limit, after });
  const last = page.items.at(-1);
  const lastId = last?.key === page.last ? last?.version.versionId : undefined;
  return xmlReply(
    document(
      'ListVersionsResult',
      tag('Name', bucket.name),
      tag('Prefix', name(prefix)),
      tag('KeyMarker', name(keyMarker)),
      tag('VersionIdMarker', idMarker),
      page.isTruncated
        ? tag('NextKeyMarker', name(page.last ?? '')) + tag('NextVersionIdMarker', lastId)
        : '',
      tag('MaxKeys', limit),
      delimiter === '' ? '' : tag('Delimiter', name(delimiter)),
      tag('EncodingType', encodingType),
      tag('IsTruncated', page.isTruncated),
      ...page.items.map((item) => entry(item, name, ownerOf(service))),
      commonPrefixes(page.prefixes, name),
    ),
  );
};

/** Of the marker's own key, only versions older than the one named. */
function makeTest({ store }: S3Service, bucket: BucketRecord, keyMarker: string, idMarker: string) {
  if (idMarker === '') return () => true;
  const marked = store.version(bucket, keyMarker, idMarker);
  return ({ key, version }: Listed) =>
    key === keyMarker
      ? version.seq < (marked?.seq ?? 0)
      : Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0;
}

/** The two lists merged: both are by key, and a key's newest version comes first. */
function* versions(
  { store }: S3Service,
  bucket: BucketRecord,
  prefix: string,
  from: string,
): Generator<Listed> {
  if (bucket.versioning === undefined) {
    for (const keyed of store.currents(bucket, { prefix, from })) yield { ...keyed, isLatest: true };
    return;
  }
  const older = store.olders(bucket, { prefix, from })[Symbol.iterator]();
  let next = older.next();
  for (const keyed of store.currents(bucket, { prefix, from })) {
    yield { ...keyed, isLatest: true };
    while (!next.done && next.value.key === keyed.key) {
      yield { ...next.value, isLatest: false };
      next = older.next();
    }
  }
}

function entry({ key, version, isLatest }: Listed, name: (text: string) => string, owner: string): string {
  const head = [
    tag('Key', name(key)),
    tag('VersionId', version.versionId),
    tag('IsLatest', isLatest),
    tag('LastModified', isoTime(version.modifiedAt)),
  ];
  if (version.deleteMarker) return group('DeleteMarker', ...head, owner);
  return group('Version', ...head, ...contentOf(version), owner);
}

function contentOf({ etag, sizeBytes, storageClass = 'STANDARD', checksum }: ObjectVersion): string[] {
  return [
    tag('ETag', `"${etag}"`),
    checksum ? tag('ChecksumAlgorithm', checksum.algorithm) + tag('ChecksumType', checksum.type) : '',
    tag('Size', sizeBytes),
    tag('StorageClass', storageClass),
  ];
}
