/** GetObjectAttributes. */
import { invalidArgument } from '../errors.ts';
import { needCustomerKey } from '../facts.ts';
import { needObject } from '../find-object.ts';
import { readLimit } from '../listing/options.ts';
import type { ObjectVersion } from '../model.ts';
import { versionHeader } from '../object-headers.ts';
import { type S3Operation, type S3Request, xmlReply } from '../service.ts';
import { document, group, tag } from '../xml/write.ts';

const NAMES: ReadonlySet<string> = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']);

export const getObjectAttributes: S3Operation = (service, request) => {
  const { bucket, version } = needObject(service, request);
  const { headers } = request;
  needCustomerKey(version, headers);
  const wanted = (headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !NAMES.has(name));
  if (unknown !== undefined)
    throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', unknown);
  const shows = (name: string) => wanted.includes(name);
  const { etag, checksum, storageClass = 'STANDARD', sizeBytes } = version;
  return xmlReply(
    document(
      'GetObjectAttributesResponse',
      shows('ETag') ? tag('ETag', etag) : '',
      shows('Checksum') && checksum
        ? group(
            'Checksum',
            tag(`Checksum${checksum.algorithm}`, checksum.value.split('-')[0]),
            tag('ChecksumType', checksum.type),
          )
        : '',
      shows('ObjectParts') ? partsOf(version, headers) : '',
      shows('StorageClass') ? tag('StorageClass', storageClass) : '',
      shows('ObjectSize') ? tag('ObjectSize', sizeBytes) : '',
    ),
    {
      'last-modified': new Date(version.modifiedAt).toUTCString(),
      ...versionHeader(bucket, version),
    },
  );
};

/** Parts are only listed one by one where they have checksums, as the service does. */
function partsOf({ parts, checksum }: ObjectVersion, headers: S3Request['headers']): string {
  if (!parts) return '';
  if (!parts.every((part) => part.checksum !== undefined))
    return group('ObjectParts', tag('PartsCount', parts.length));
  const limit = readLimit(headers['x-amz-max-parts'] ?? null, 'x-amz-max-parts');
  const after = readLimit(headers['x-amz-part-number-marker'] ?? '0', 'x-amz-part-number-marker', 10_000);
  const rest = parts.filter(({ number }) => number > after);
  const page = rest.slice(0, limit);
  return group(
    'ObjectParts',
    tag('PartsCount', parts.length),
    tag('PartNumberMarker', after),
    tag('NextPartNumberMarker', page.at(-1)?.number ?? 0),
    tag('MaxParts', limit),
    tag('IsTruncated', rest.length > page.length),
    ...page.map((part) =>
      group(
        'Part',
        tag('PartNumber', part.number),
        tag('Size', part.sizeBytes),
        checksum ? tag(`Checksum${checksum.algorithm}`, part.checksum) : '',
      ),
    ),
  );
}
