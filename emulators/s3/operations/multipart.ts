/** Uploads in parts: CreateMultipartUpload, UploadPart, AbortMultipartUpload. */
import { asAlgorithm, checksumHeader, uploadChecksumType } from '../body/checksums.ts';
import { receiveBody } from '../body/receive.ts';
import { invalidArgument, invalidRequest, s3Error } from '../errors.ts';
import { readFacts } from '../facts.ts';
import { checkKey } from '../key.ts';
import type { BucketRecord, PartRecord, UploadRecord } from '../model.ts';
import {
  emptyReply,
  needBucket,
  nowOf,
  type S3Operation,
  type S3Request,
  type S3Service,
  xmlReply,
} from '../service.ts';
import { document, tag } from '../xml/write.ts';
import { MAX_PUT_BYTES } from './put-object.ts';

export const createMultipartUpload: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const { headers, key } = request;
  checkKey(key);
  const asked = headers['x-amz-checksum-algorithm'];
  const algorithm = asAlgorithm(asked);
  if (asked !== undefined && !algorithm)
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  const type = algorithm && uploadChecksumType(algorithm, headers['x-amz-checksum-type']);
  const upload: UploadRecord = {
    // Ids sort by when uploads began, which is how those of one key are listed.
    id: `${service.store.nextSeq(nowOf(service)).toString(16).padStart(14, '0')}${service.ids.hex(17)}`,
    bucketId: bucket.id,
    key,
    startedAt: nowOf(service),
    facts: readFacts(service, bucket, headers),
    ...(algorithm && type && { checksum: { algorithm, type } }),
  };
  service.store.uploads.save(upload);
  return xmlReply(
    document(
      'InitiateMultipartUploadResult',
      tag('Bucket', bucket.name),
      tag('Key', key),
      tag('UploadId', upload.id),
    ),
    {
      ...upload.facts.encryption,
      ...(algorithm && type && { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': type }),
    },
  );
};

/** Throws `NoSuchUpload`. */
export function needUpload(
  { store }: S3Service,
  bucket: BucketRecord,
  { key, query }: S3Request,
): UploadRecord {
  const id = query.get('uploadId') ?? '';
  const upload = store.uploads.get(bucket, key, id);
  if (!upload) throw s3Error('NoSuchUpload', { UploadId: id });
  return upload;
}

export const uploadPart: S3Operation = async (service, request) => {
  const upload = needUpload(service, needBucket(service, request), request);
  const number = readPartNumber(request);
  const received = await receiveBody(service.files, request, {
    maxBytes: MAX_PUT_BYTES,
    ...(upload.checksum && { algorithm: upload.checksum.algorithm }),
  });
  const { segments, sizeBytes, md5: etag, checksum } = received;
  try {
    savePart(service, request, {
      ...{ number, etag, sizeBytes, segments, modifiedAt: nowOf(service) },
      ...(checksum && { checksum }),
    });
  } catch (failure) {
    await received.abandon();
    throw failure;
  }
  return emptyReply(200, {
    etag: `"${etag}"`,
    ...upload.facts.encryption,
    ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
  });
};

export function readPartNumber({ query }: S3Request): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 10_000)
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      text,
    );
  return number;
}

/** Synchronous: an upload that ended while the part came in takes none. */
export function savePart(service: S3Service, request: S3Request, part: PartRecord): void {
  const upload = needUpload(service, needBucket(service, request), request);
  const { uploads } = service.store;
  service.store.change((files) => {
    const before = uploads.part(upload, part.number);
    if (before) files.drop(before.segments);
    files.add(part.segments);
    uploads.savePart(upload, part);
  });
}

export const abortMultipartUpload: S3Operation = (service, request) => {
  abortUpload(service, needUpload(service, needBucket(service, request), request));
  return emptyReply(204);
};

export function abortUpload({ store }: S3Service, upload: UploadRecord): void {
  store.change((files) => {
    for (const part of store.uploads.parts(upload)) files.drop(part.segments);
    store.uploads.remove(upload);
  });
}
