/** GetObjectAcl, PutObjectAcl, GetBucketAcl, PutBucketAcl: lists are kept and answered, not enforced. */
import type { ApiCall, RestReply } from '../../../src/model/service-api.ts';
import { cannedAcl, grantedAcl, parseAcl, privateAcl } from '../acl.ts';
import { readDocument } from '../body/receive.ts';
import { s3Error } from '../errors.ts';
import { needObject } from '../find-object.ts';
import type { BucketRecord } from '../model.ts';
import { versionHeader } from '../object-headers.ts';
import {
  emptyReply,
  needBucket,
  type S3Operation,
  type S3Request,
  type S3Service,
  xmlReply,
} from '../service.ts';
import { replaceVersion } from '../versions.ts';
import { parseXml } from '../xml/parse.ts';

export const getBucketAcl: S3Operation = (service, request): RestReply =>
  xmlReply(needBucket(service, request).configurations.acl ?? privateAcl(service));

export const putBucketAcl: S3Operation = async (service, request) => {
  const acl = await readAcl(service, request, needBucket(service, request));
  const bucket = needBucket(service, request);
  const { acl: _, ...others } = bucket.configurations;
  const configurations = acl === undefined ? others : { ...others, acl };
  service.store.saveBucket({ ...bucket, configurations });
  return emptyReply();
};

export const getObjectAcl: S3Operation = (service, request) => {
  const { bucket, version } = needObject(service, request);
  return xmlReply(version.acl ?? privateAcl(service), versionHeader(bucket, version));
};

export const putObjectAcl: S3Operation = async (service, request, call: ApiCall) => {
  const acl = await readAcl(service, request, needObject(service, request).bucket);
  const { bucket, version } = needObject(service, request);
  const { acl: _, ...others } = version;
  const changed = acl === undefined ? others : { ...others, acl };
  service.store.change(() => {
    replaceVersion(service.store, bucket, request.key, changed);
    service.notifier.publish({
      ...{ name: 'ObjectAcl:Put', bucket, key: request.key, version: changed },
      requestId: call.requestId,
      origin: call.origin,
    });
  });
  return emptyReply(200, versionHeader(bucket, version));
};

async function readAcl(
  service: S3Service,
  request: S3Request,
  { configurations }: BucketRecord,
): Promise<string | undefined> {
  const { headers } = request;
  const text = (await readDocument(request)).toString('utf8');
  if (configurations.ownershipControls?.includes('BucketOwnerEnforced'))
    throw s3Error('InvalidRequest', {}, 'The bucket does not allow ACLs');
  if (text.trim() !== '') return parseAcl(parseXml(text));
  const canned = headers['x-amz-acl'];
  if (canned === undefined && !Object.keys(headers).some((name) => name.startsWith('x-amz-grant-')))
    throw s3Error('MissingRequestBodyError');
  return cannedAcl(canned, service) ?? grantedAcl(headers, service);
}
