/** DeleteObject and DeleteObjects. */
import type { ApiCall } from '../../../src/model/service-api.ts';
import { ServiceError } from '../../_wire/service-error.ts';
import { needDocument } from '../body/receive.ts';
import { deleteObject } from '../delete.ts';
import { malformedXml } from '../errors.ts';
import { type Bypass, bypassOf } from '../lock.ts';
import type { BucketRecord } from '../model.ts';
import { emptyReply, needBucket, type S3Operation, type S3Service, xmlReply } from '../service.ts';
import { childrenOf, parseXml, textOf, type XmlElement } from '../xml/parse.ts';
import { document, group, tag } from '../xml/write.ts';

export const deleteOne: S3Operation = (service, request, call) => {
  const bucket = needBucket(service, request);
  const { key, query, headers } = request;
  const versionId = query.get('versionId') ?? undefined;
  const ifMatch = headers['if-match'];
  const removed = deleteObject(service, bucket, {
    key,
    bypass: bypassOf(headers),
    call,
    ...(versionId !== undefined && { versionId }),
    ...(ifMatch !== undefined && { ifMatch }),
  });
  return emptyReply(204, {
    ...(removed.versionId !== undefined && { 'x-amz-version-id': removed.versionId }),
    ...(removed.isMarker && { 'x-amz-delete-marker': 'true' }),
  });
};

const MOST = 1000;

export const deleteMany: S3Operation = async (service, request, call) => {
  needBucket(service, request);
  const root = parseXml((await needDocument(request)).toString('utf8'));
  const entries = root?.name === 'Delete' ? childrenOf(root, 'Object') : [];
  if (!root || entries.length === 0 || entries.length > MOST) throw malformedXml();
  const bucket = needBucket(service, request);
  const bypass = bypassOf(request.headers);
  const isQuiet = textOf(root, 'Quiet') === 'true';
  const results = entries.map((entry) => deleteEntry(service, bucket, entry, bypass, isQuiet, call));
  return xmlReply(document('DeleteResult', ...results));
};

function deleteEntry(
  service: S3Service,
  bucket: BucketRecord,
  entry: XmlElement,
  bypass: Bypass,
  isQuiet: boolean,
  call: ApiCall,
): string {
  const key = textOf(entry, 'Key');
  if (key === undefined) throw malformedXml();
  const versionId = textOf(entry, 'VersionId') || undefined;
  const ifMatch = textOf(entry, 'ETag');
  try {
    const removed = deleteObject(service, bucket, {
      ...{ key, bypass, call },
      ...(versionId !== undefined && { versionId }),
      ...(ifMatch !== undefined && { ifMatch }),
    });
    if (isQuiet) return '';
    return group(
      'Deleted',
      tag('Key', key),
      tag('VersionId', versionId),
      removed.isMarker ? tag('DeleteMarker', true) + tag('DeleteMarkerVersionId', removed.versionId) : '',
    );
  } catch (failure) {
    if (!(failure instanceof ServiceError)) throw failure;
    return group(
      'Error',
      tag('Key', key),
      tag('VersionId', versionId),
      tag('Code', failure.code),
      tag('Message', failure.message),
    );
  }
}
