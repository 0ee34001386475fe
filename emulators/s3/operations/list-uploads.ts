/** ListMultipartUploads and ListParts. */
import { commonPrefixes, readLimit, readListOptions } from '../listing/options.ts';
import { walkKeys } from '../listing/walk.ts';
import type { PartRecord, UploadRecord } from '../model.ts';
import { OWNER_NAME, ownerId } from '../owner.ts';
import { needBucket, type S3Operation, type S3Service, xmlReply } from '../service.ts';
import { document, group, isoTime, tag } from '../xml/write.ts';
import { ownerOf } from './list-objects.ts';
import { needUpload } from './multipart.ts';

export const listMultipartUploads: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const { query } = request;
  const { prefix, delimiter, limit, name, encodingType } = readListOptions(request, 'max-uploads');
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = keyMarker === '' ? '' : (query.get('upload-id-marker') ?? '');
  const uploads = [...service.store.uploads.of(bucket)].filter(
    ({ key, id }) =>
      key.startsWith(prefix) && (key > keyMarker || (idMarker !== '' && key === keyMarker && id > idMarker)),
  );
  const read = (from: string) =>
    uploads.filter(({ key }) => key >= from).map((upload) => ({ key: upload.key, item: upload }));
  const page = walkKeys(read, { prefix, delimiter, limit });
  const last = page.items.at(-1);
  return xmlReply(
    document(
      'ListMultipartUploadsResult',
      tag('Bucket', bucket.name),
      tag('KeyMarker', name(keyMarker)),
      tag('UploadIdMarker', idMarker),
      page.isTruncated
        ? tag('NextKeyMarker', name(page.last ?? '')) +
            tag('NextUploadIdMarker', last?.key === page.last ? last?.id : '')
        : '',
      tag('Prefix', name(prefix)),
      delimiter === '' ? '' : tag('Delimiter', name(delimiter)),
      tag('EncodingType', encodingType),
      tag('MaxUploads', limit),
      tag('IsTruncated', page.isTruncated),
      ...page.items.map((upload) => uploadEntry(upload, name, service)),
      commonPrefixes(page.prefixes, name),
    ),
  );
};

const initiatorOf = ({ accountId }: S3Service) =>
  group('Initiator', tag('ID', ownerId(accountId)), tag('DisplayName', OWNER_NAME));

function uploadEntry(upload: UploadRecord, name: (text: string) => string, service: S3Service): string {
  const { checksum, facts } = upload;
  return group(
    'Upload',
    tag('Key', name(upload.key)),
    tag('UploadId', upload.id),
    initiatorOf(service),
    ownerOf(service),
    tag('StorageClass', facts.storageClass ?? 'STANDARD'),
    tag('Initiated', isoTime(upload.startedAt)),
    checksum ? tag('ChecksumAlgorithm', checksum.algorithm) + tag('ChecksumType', checksum.type) : '',
  );
}

export const listParts: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const upload = needUpload(service, bucket, request);
  const { query } = request;
  const limit = readLimit(query.get('max-parts'), 'max-parts');
  const after = readLimit(query.get('part-number-marker') ?? '0', 'part-number-marker', 10_000);
  const found: PartRecord[] = [];
  for (const part of service.store.uploads.parts(upload, after)) {
    found.push(part);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  const { checksum, facts } = upload;
  return xmlReply(
    document(
      'ListPartsResult',
      tag('Bucket', bucket.name),
      tag('Key', upload.key),
      tag('UploadId', upload.id),
      initiatorOf(service),
      ownerOf(service),
      tag('StorageClass', facts.storageClass ?? 'STANDARD'),
      tag('PartNumberMarker', after),
      tag('NextPartNumberMarker', page.at(-1)?.number ?? 0),
      tag('MaxParts', limit),
      tag('IsTruncated', found.length > limit),
      checksum ? tag('ChecksumAlgorithm', checksum.algorithm) + tag('ChecksumType', checksum.type) : '',
      ...page.map(partEntry),
    ),
  );
};

function partEntry({ number, modifiedAt, etag, sizeBytes, checksum }: PartRecord): string {
  return group(
    'Part',
    tag('PartNumber', number),
    tag('LastModified', isoTime(modifiedAt)),
    tag('ETag', `"${etag}"`),
    tag('Size', sizeBytes),
    checksum ? tag(`Checksum${checksum.algorithm}`, checksum.value) : '',
  );
}
