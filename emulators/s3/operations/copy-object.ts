/** CopyObject and UploadPartCopy. */

import { createHash } from 'node:crypto';
import type { RestReply } from '../../../src/model/service-api.ts';
import { asAlgorithm, startChecksum } from '../body/checksums.ts';
import { duplicateSegments } from '../body/duplicate.ts';
import { filesOf, sendSegments, sliceSegments } from '../body/send.ts';
import { commitObject } from '../commit.ts';
import { type CopySource, needCopySource } from '../copy-source.ts';
import { invalidArgument, invalidRequest, s3Error } from '../errors.ts';
import { needCustomerKey, readFacts } from '../facts.ts';
import { checkKey } from '../key.ts';
import type { Checksum, ObjectFacts, PartRecord, Segment } from '../model.ts';
import { newVersionHeader, versionHeader } from '../object-headers.ts';
import { needBucket, nowOf, type S3Operation, type S3Request, type S3Service, xmlReply } from '../service.ts';
import { document, isoTime, tag } from '../xml/write.ts';
import { needUpload, readPartNumber, savePart } from './multipart.ts';
import { MAX_PUT_BYTES } from './put-object.ts';

export const copyObject: S3Operation = async (service, request, call) => {
  needBucket(service, request);
  const { headers, key, bucketName } = request;
  checkKey(key);
  const source = needCopySource(service, request);
  needSourceKey(source, headers);
  const facts = copiedFacts(service, request, source);
  const { sizeBytes } = source.version;
  if (sizeBytes > MAX_PUT_BYTES)
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_PUT_BYTES}`,
    );
  const release = service.files.retain(filesOf(source.version.segments));
  try {
    const { etag, checksum } = await digestsOf(service, headers, source);
    const version = withDuplicate(service, source.version.segments, (segments) =>
      commitObject(
        service,
        bucketName,
        key,
        { ...facts, etag, sizeBytes, segments, ...(checksum && { checksum }) },
        { headers, event: 'ObjectCreated:Copy', call },
      ),
    );
    const sourceId = versionHeader(source.bucket, source.version)['x-amz-version-id'];
    return copyReply('CopyObjectResult', etag, version.modifiedAt, checksum, {
      ...newVersionHeader(version),
      ...version.encryption,
      ...(sourceId !== undefined && { 'x-amz-copy-source-version-id': sourceId }),
    });
  } finally {
    release();
  }
};

/** The copy goes where it cannot be stored. */
function withDuplicate<T>(
  { files }: S3Service,
  segments: readonly Segment[],
  store: (segments: readonly Segment[]) => T,
): T {
  const copies = duplicateSegments(files, segments);
  try {
    return store(copies);
  } catch (failure) {
    files.discard(filesOf(copies));
    throw failure;
  }
}

function copyReply(
  name: string,
  etag: string,
  modifiedAt: number,
  checksum: (Pick<Checksum, 'algorithm' | 'value'> & Partial<Checksum>) | undefined,
  headers: Record<string, string>,
): RestReply {
  const sums = checksum
    ? tag(`Checksum${checksum.algorithm}`, checksum.value) + tag('ChecksumType', checksum.type)
    : '';
  return xmlReply(
    document(name, tag('LastModified', isoTime(modifiedAt)), tag('ETag', `"${etag}"`), sums),
    headers,
  );
}

/** Facts of the source, unless the headers say to replace them. Encryption, lock and class are never copied. */
function copiedFacts(
  service: S3Service,
  request: S3Request,
  { bucket: from, key, version }: CopySource,
): ObjectFacts {
  const { headers, bucketName } = request;
  const bucket = needBucket(service, request);
  const given = readFacts(service, bucket, headers);
  const replacesFacts = readDirective(headers, 'x-amz-metadata-directive');
  const replacesTags = readDirective(headers, 'x-amz-tagging-directive');
  const changesElse =
    given.storageClass !== version.storageClass || given.encryption || given.websiteRedirect !== undefined;
  const isItself = from.name === bucketName && key === request.key && from.versioning === undefined;
  if (isItself && !replacesFacts && !changesElse)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const { tags: _, ...others } = given;
  const tags = replacesTags ? given.tags : version.tags;
  return {
    ...others,
    ...(replacesFacts ? {} : { headers: version.headers, metadata: version.metadata }),
    ...(tags && { tags }),
  };
}

function readDirective(headers: S3Request['headers'], name: string): boolean {
  const value = headers[name];
  if (value === undefined || value === 'COPY') return false;
  if (value === 'REPLACE') return true;
  throw invalidArgument(
    `Unknown ${name.includes('tagging') ? 'tagging' : 'metadata'} directive.`,
    name,
    value,
  );
}

function needSourceKey({ version }: CopySource, headers: S3Request['headers']): void {
  const prefix = 'x-amz-copy-source-server-side-encryption-customer-';
  needCustomerKey(version, {
    'x-amz-server-side-encryption-customer-key-md5': headers[`${prefix}key-md5`],
  });
}

/** A copy is one piece: that of an upload in parts gets the digest of its bytes. */
async function digestsOf(
  service: S3Service,
  headers: S3Request['headers'],
  { version }: CopySource,
): Promise<{ readonly etag: string; readonly checksum?: Checksum }> {
  const { etag, checksum, segments } = version;
  const asked = asAlgorithm(headers['x-amz-checksum-algorithm']);
  const algorithm = asked ?? checksum?.algorithm;
  const isKnown = checksum?.type === 'FULL_OBJECT' && checksum.algorithm === algorithm;
  if (!etag.includes('-') && (algorithm === undefined || isKnown))
    return { etag, ...(checksum && { checksum }) };
  const { md5, value } = await digestSegments(service, segments, algorithm);
  return {
    etag: md5,
    ...(algorithm && value !== undefined && { checksum: { algorithm, type: 'FULL_OBJECT', value } }),
  };
}

async function digestSegments(
  { files }: S3Service,
  segments: readonly Segment[],
  algorithm: Checksum['algorithm'] | undefined,
): Promise<{ readonly md5: string; readonly value: string | undefined }> {
  const hash = createHash('md5');
  const sum = algorithm && startChecksum(algorithm);
  await sendSegments(files, segments, (bytes) => {
    hash.update(bytes);
    sum?.update(bytes);
  });
  return { md5: hash.digest('hex'), value: sum?.value() };
}

export const uploadPartCopy: S3Operation = async (service, request) => {
  const bucket = needBucket(service, request);
  const number = readPartNumber(request);
  const source = needCopySource(service, request);
  const upload = needUpload(service, bucket, request);
  needSourceKey(source, request.headers);
  const { segments: all, sizeBytes: whole } = source.version;
  const range = readCopyRange(request.headers['x-amz-copy-source-range'], whole);
  const wanted = range ? sliceSegments(all, range.start, range.length) : all;
  const release = service.files.retain(filesOf(wanted));
  try {
    const algorithm = upload.checksum?.algorithm;
    const { md5: etag, value } = await digestSegments(service, wanted, algorithm);
    const part: Omit<PartRecord, 'segments'> = {
      ...{ number, etag, modifiedAt: nowOf(service), sizeBytes: range?.length ?? whole },
      ...(algorithm && value !== undefined && { checksum: { algorithm, value } }),
    };
    withDuplicate(service, wanted, (segments) => savePart(service, request, { ...part, segments }));
    const sourceId = versionHeader(source.bucket, source.version)['x-amz-version-id'];
    return copyReply('CopyPartResult', etag, part.modifiedAt, part.checksum, {
      ...(sourceId !== undefined && { 'x-amz-copy-source-version-id': sourceId }),
    });
  } finally {
    release();
  }
};

function readCopyRange(text: string | undefined, sizeBytes: number) {
  if (text === undefined) return undefined;
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(to) < Number(from))
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      text,
    );
  if (Number(to) >= sizeBytes)
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: text },
      `Range specified is not valid for source object of size: ${sizeBytes}`,
    );
  return { start: Number(from), length: Number(to) - Number(from) + 1 };
}
