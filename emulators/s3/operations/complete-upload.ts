/** CompleteMultipartUpload: the parts named become one object; their files stay as they are. */
import { createHash } from 'node:crypto';
import { ALGORITHMS, checksumHeader, checksumOfParts, uploadChecksumType } from '../body/checksums.ts';
import { readDocument } from '../body/receive.ts';
import { readChecksum } from '../body/terms.ts';
import { commitObject } from '../commit.ts';
import { checkWrite } from '../conditions.ts';
import { invalidRequest, malformedXml, s3Error } from '../errors.ts';
import type { Checksum, ChecksumAlgorithm, PartRecord, UploadRecord } from '../model.ts';
import { newVersionHeader } from '../object-headers.ts';
import { needBucket, type S3Operation, type S3Request, type S3Service, xmlReply } from '../service.ts';
import { childrenOf, parseXml, textOf, type XmlElement } from '../xml/parse.ts';
import { document, tag } from '../xml/write.ts';
import { needUpload } from './multipart.ts';

const MIN_PART_BYTES = 5 * 1024 * 1024;

export const completeMultipartUpload: S3Operation = async (service, request, call) => {
  needBucket(service, request);
  const wanted = readParts((await readDocument(aboutBody(request))).toString('utf8'));
  const bucket = needBucket(service, request);
  const { key, headers, bucketName } = request;
  const current = service.store.current(bucket, key);
  checkWrite(headers, key, current?.deleteMarker ? undefined : current);
  const known = alreadyDone(service, request, wanted);
  if (known) return known;
  const upload = needUpload(service, bucket, request);
  checkChecksums(upload, wanted, headers);
  const parts = pickParts(service, upload, wanted);
  const checksum = checksumOf(upload, parts, headers);
  const etag = etagOf(parts);
  const { uploads } = service.store;
  const object = {
    ...upload.facts,
    etag,
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    segments: parts.flatMap(({ segments }) => segments),
    parts: parts.map(({ number, sizeBytes, checksum: sum }) => ({
      number,
      sizeBytes,
      ...(sum && checksum?.algorithm === sum.algorithm && { checksum: sum.value }),
    })),
    ...(checksum && { checksum }),
  };
  checkSize(headers, object.sizeBytes);
  const version = commitObject(service, bucketName, key, object, {
    ...{ headers, call, event: 'ObjectCreated:CompleteMultipartUpload' },
    alongside(files) {
      const used = new Set(parts.map(({ number }) => number));
      for (const part of uploads.parts(upload)) if (!used.has(part.number)) files.drop(part.segments);
      uploads.remove(upload);
    },
    areKept: true,
  });
  return xmlReply(resultDocument(request, etag, checksum), {
    ...newVersionHeader(version),
    ...version.encryption,
  });
};

/** A checksum in the head is the object's, not that of the list of its parts. */
function aboutBody({ headers, body }: S3Request) {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return { headers: Object.fromEntries(kept), body };
}

/** Completing what is complete answers the same again, as retries of clients do. */
function alreadyDone({ store }: S3Service, request: S3Request, wanted: readonly WantedPart[]) {
  const bucket = store.bucket(request.bucketName);
  if (!bucket || store.uploads.get(bucket, request.key, request.query.get('uploadId') ?? ''))
    return undefined;
  const current = store.current(bucket, request.key);
  if (!current?.parts || current.etag !== etagOf(wanted)) return undefined;
  return xmlReply(resultDocument(request, current.etag, current.checksum), newVersionHeader(current));
}

function resultDocument(
  { key, bucketName, address, headers }: S3Request,
  etag: string,
  checksum: Checksum | undefined,
): string {
  const path = encodeURIComponent(key).replaceAll('%2F', '/');
  const base = `http://${headers.host ?? 'localhost'}`;
  return document(
    'CompleteMultipartUploadResult',
    tag('Location', address.style === 'host' ? `${base}/${path}` : `${base}/${bucketName}/${path}`),
    tag('Bucket', bucketName),
    tag('Key', key),
    tag('ETag', `"${etag}"`),
    checksum ? tag(`Checksum${checksum.algorithm}`, checksum.value) + tag('ChecksumType', checksum.type) : '',
  );
}

interface WantedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}

function readParts(text: string): WantedPart[] {
  const root = parseXml(text);
  const listed = root?.name === 'CompleteMultipartUpload' ? childrenOf(root, 'Part') : [];
  if (listed.length === 0) throw malformedXml();
  const parts = listed.map(readPart);
  if (parts.some(({ number }, at) => at > 0 && number <= (parts[at - 1]?.number ?? 0)))
    throw s3Error('InvalidPartOrder');
  return parts;
}

function readPart(part: XmlElement): WantedPart {
  const number = Number(textOf(part, 'PartNumber'));
  const etag = textOf(part, 'ETag')?.replace(/^"(.*)"$/, '$1');
  if (!Number.isInteger(number) || etag === undefined) throw malformedXml();
  const [checksum] = ALGORITHMS.flatMap((algorithm) => {
    const value = textOf(part, `Checksum${algorithm}`);
    return value ? [{ algorithm, value }] : [];
  });
  return { number, etag, checksum };
}

/** Source: what the service answers, as recorded by the tests of localstack. */
function checkChecksums(
  { checksum: asked }: UploadRecord,
  wanted: readonly WantedPart[],
  headers: S3Request['headers'],
): void {
  const type = headers['x-amz-checksum-type'];
  if (type !== undefined && type !== asked?.type)
    throw invalidRequest(
      `The upload was created using the ${asked?.type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
    );
  if (asked?.type !== 'COMPOSITE') return;
  for (const { number, checksum } of wanted) {
    if (!checksum)
      throw invalidRequest(
        `The upload was created using a ${wordOf(asked.algorithm)} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    if (checksum.algorithm !== asked.algorithm)
      throw s3Error(
        'BadDigest',
        {},
        `The ${wordOf(checksum.algorithm)} you specified for part ${number} did not match what we received.`,
      );
  }
}

function pickParts({ store }: S3Service, upload: UploadRecord, wanted: readonly WantedPart[]): PartRecord[] {
  const parts = wanted.map(({ number, etag, checksum }) => {
    const part = store.uploads.part(upload, number);
    const isOther = part?.checksum && checksum !== undefined && part.checksum.value !== checksum.value;
    if (!part || part.etag !== etag || isOther)
      throw s3Error('InvalidPart', { UploadId: upload.id, PartNumber: number, ETag: etag });
    return part;
  });
  const small = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < MIN_PART_BYTES);
  if (small)
    throw s3Error('EntityTooSmall', {
      ProposedSize: small.sizeBytes,
      MinSizeAllowed: MIN_PART_BYTES,
      PartNumber: small.number,
      ETag: small.etag,
    });
  return parts;
}

/** MD5 of the MD5s, and how many there are. */
function etagOf(parts: readonly { readonly etag: string }[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

function checksumOf(
  { checksum: asked }: UploadRecord,
  parts: readonly PartRecord[],
  headers: S3Request['headers'],
): Checksum | undefined {
  const [first] = parts;
  const algorithm = asked?.algorithm ?? first?.checksum?.algorithm;
  if (!algorithm) return undefined;
  const type = asked?.type ?? uploadChecksumType(algorithm, headers['x-amz-checksum-type']);
  const sums = parts.flatMap(({ sizeBytes, checksum }) =>
    checksum?.algorithm === algorithm ? [{ sizeBytes, value: checksum.value }] : [],
  );
  if (sums.length !== parts.length) return undefined;
  const checksum = checksumOfParts(algorithm, type, sums);
  const sent = type === 'FULL_OBJECT' ? readChecksum(headers) : undefined;
  if (sent?.algorithm === algorithm && sent.value !== checksum.value)
    throw s3Error(
      'BadDigest',
      {},
      `The ${wordOf(algorithm)} you specified did not match the calculated checksum.`,
    );
  return checksum;
}

/** As messages have it: `crc32`. */
function wordOf(algorithm: ChecksumAlgorithm): string {
  return checksumHeader(algorithm).slice('x-amz-checksum-'.length);
}

function checkSize(headers: S3Request['headers'], sizeBytes: number): void {
  const told = headers['x-amz-mp-object-size'];
  if (told !== undefined && Number(told) !== sizeBytes)
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${told} does not match what was computed: ${sizeBytes}`,
    );
}
