/** What a client says about an object in the headers of an upload, and how it is told back. */

import { cannedAcl, grantedAcl } from './acl.ts';
import { invalidArgument, invalidRequest, s3Error } from './errors.ts';
import { lockFacts } from './lock.ts';
import type { BucketRecord, ObjectFacts } from './model.ts';
import type { S3Service } from './service.ts';
import { checkTags, parseTagHeader } from './tags.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const SYSTEM = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
] as const;
const ENCRYPTION = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-customer-key-md5',
] as const;
const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);
const MAX_METADATA_BYTES = 2048;
const META = 'x-amz-meta-';

/** Throws what the service answers where a header is wrong. */
export function readFacts(service: S3Service, bucket: BucketRecord, headers: Headers): ObjectFacts {
  const tags = parseTagHeader(headers['x-amz-tagging']);
  if (tags) checkTags(tags, 10);
  const acl = cannedAcl(headers['x-amz-acl'], service) ?? grantedAcl(headers, service);
  const storageClass = readStorageClass(headers['x-amz-storage-class']);
  const encryption = readEncryption(headers);
  const redirect = headers['x-amz-website-redirect-location'];
  return {
    headers: readSystem(headers),
    metadata: readMetadata(headers),
    ...(tags && Object.keys(tags).length > 0 && { tags }),
    ...(acl !== undefined && { acl }),
    ...(storageClass !== undefined && { storageClass }),
    ...(encryption && { encryption }),
    ...(redirect !== undefined && { websiteRedirect: redirect }),
    ...lockFacts(service, bucket, headers),
  };
}

export function readSystem(headers: Headers): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of SYSTEM) {
    const value = headers[name];
    if (value !== undefined) found[name] = value;
  }
  found['content-type'] ??= 'binary/octet-stream';
  const encoding = contentEncoding(headers['content-encoding']);
  if (encoding !== undefined) found['content-encoding'] = encoding;
  return found;
}

/** `aws-chunked` is the framing of the request, no property of the object. */
function contentEncoding(header: string | undefined): string | undefined {
  const kept = header
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one.toLowerCase() !== 'aws-chunked');
  return kept && kept.length > 0 ? kept.join(', ') : undefined;
}

export function readMetadata(headers: Headers): Record<string, string> {
  const metadata: Record<string, string> = {};
  let sizeBytes = 0;
  for (const [name, value = ''] of Object.entries(headers)) {
    if (!name.startsWith(META)) continue;
    // The bytes of the header, whatever text they are: they go back as they came.
    metadata[name.slice(META.length)] = value;
    sizeBytes += name.length - META.length + value.length;
  }
  if (sizeBytes > MAX_METADATA_BYTES)
    throw s3Error('MetadataTooLarge', {
      Size: String(sizeBytes),
      MaxSizeAllowed: String(MAX_METADATA_BYTES),
    });
  return metadata;
}

function readStorageClass(name: string | undefined): string | undefined {
  if (name === undefined || name === 'STANDARD') return undefined;
  if (!STORAGE_CLASSES.has(name)) throw s3Error('InvalidStorageClass', { StorageClassRequested: name });
  return name;
}

/** Customer keys and KMS keys are told back and not used. */
export function readEncryption(headers: Headers): Record<string, string> | undefined {
  const algorithm = headers['x-amz-server-side-encryption'];
  if (algorithm !== undefined && !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm))
    throw s3Error('InvalidEncryptionAlgorithmError', {
      ArgumentName: 'x-amz-server-side-encryption',
      ArgumentValue: algorithm,
    });
  checkCustomerKey(headers);
  const found = ENCRYPTION.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function checkCustomerKey(headers: Headers): void {
  const algorithm = headers['x-amz-server-side-encryption-customer-algorithm'];
  const key = headers['x-amz-server-side-encryption-customer-key'];
  const md5 = headers['x-amz-server-side-encryption-customer-key-md5'];
  if (algorithm === undefined && key === undefined && md5 === undefined) return;
  if (algorithm !== 'AES256')
    throw invalidArgument(
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
      'x-amz-server-side-encryption',
      algorithm ?? 'null',
    );
  if (key === undefined || md5 === undefined)
    throw invalidArgument(
      'Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.',
      'x-amz-server-side-encryption',
      'null',
    );
}

/** Throws where an object with a customer's key is read without it. */
export function needCustomerKey({ encryption }: ObjectFacts, headers: Headers): void {
  const wanted = encryption?.['x-amz-server-side-encryption-customer-key-md5'];
  const given = headers['x-amz-server-side-encryption-customer-key-md5'];
  if (wanted === given) return;
  if (wanted === undefined)
    throw invalidRequest('The encryption parameters are not applicable to this object.');
  if (given === undefined)
    throw invalidRequest(
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    );
  throw s3Error('AccessDenied');
}

export function metadataHeaders(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(metadata)) headers[META + name] = value;
  return headers;
}
