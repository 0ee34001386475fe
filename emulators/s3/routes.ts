/** Which operation a request is for: by method, by what it is about, and by the name in its query. */
import { CONFIGURATIONS, type Configuration } from './configurations.ts';
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './operations/acl.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './operations/buckets.ts';
import { completeMultipartUpload } from './operations/complete-upload.ts';
import {
  deleteConfiguration,
  getBucketPolicy,
  getBucketPolicyStatus,
  getConfiguration,
  putBucketPolicy,
  putConfiguration,
} from './operations/configurations.ts';
import { copyObject, uploadPartCopy } from './operations/copy-object.ts';
import { deleteMany, deleteOne } from './operations/delete-object.ts';
import { getObject, headObject } from './operations/get-object.ts';
import { listObjects, listObjectsV2 } from './operations/list-objects.ts';
import { listMultipartUploads, listParts } from './operations/list-uploads.ts';
import { listObjectVersions } from './operations/list-versions.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './operations/multipart.ts';
import { getNotifications, putNotifications } from './operations/notification.ts';
import { getObjectAttributes } from './operations/object-attributes.ts';
import {
  getObjectLegalHold,
  getObjectRetention,
  putObjectLegalHold,
  putObjectRetention,
} from './operations/object-lock.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/object-tagging.ts';
import { postObject } from './operations/post-object.ts';
import { putObject } from './operations/put-object.ts';
import type { S3Operation } from './service.ts';

export interface Route {
  readonly operation: string;
  readonly handle: S3Operation;
}

/** What a request is about. */
export type Level = 'service' | 'bucket' | 'object';

interface Listed extends Route {
  readonly method: string;
  readonly level: Level;
  /** The name the query has, first of several that fit. Absent = whatever else it has. */
  readonly query?: string;
  /** A header it has besides. */
  readonly header?: string;
}

const on =
  (level: Level) =>
  (method: string, operation: string, handle: S3Operation, query?: string, header?: string): Listed => ({
    ...{ level, method, operation, handle },
    ...(query !== undefined && { query }),
    ...(header !== undefined && { header }),
  });
const bucket = on('bucket');
const object = on('object');

const ROUTES: readonly Listed[] = [
  on('service')('GET', 'ListBuckets', listBuckets),
  ...CONFIGURATIONS.flatMap(configurationRoutes),
  bucket('GET', 'GetBucketPolicy', getBucketPolicy, 'policy'),
  bucket('PUT', 'PutBucketPolicy', putBucketPolicy, 'policy'),
  bucket('DELETE', 'DeleteBucketPolicy', deleteConfiguration({ name: 'policy' }), 'policy'),
  bucket('GET', 'GetBucketPolicyStatus', getBucketPolicyStatus, 'policyStatus'),
  bucket('GET', 'GetBucketAcl', getBucketAcl, 'acl'),
  bucket('PUT', 'PutBucketAcl', putBucketAcl, 'acl'),
  bucket('GET', 'GetBucketNotificationConfiguration', getNotifications, 'notification'),
  bucket('PUT', 'PutBucketNotificationConfiguration', putNotifications, 'notification'),
  bucket('GET', 'GetBucketLocation', getBucketLocation, 'location'),
  bucket('GET', 'ListMultipartUploads', listMultipartUploads, 'uploads'),
  bucket('GET', 'ListObjectVersions', listObjectVersions, 'versions'),
  bucket('GET', 'ListObjectsV2', listObjectsV2, 'list-type'),
  bucket('POST', 'DeleteObjects', deleteMany, 'delete'),
  bucket('POST', 'PostObject', postObject),
  bucket('GET', 'ListObjects', listObjects),
  bucket('PUT', 'CreateBucket', createBucket),
  bucket('HEAD', 'HeadBucket', headBucket),
  bucket('DELETE', 'DeleteBucket', deleteBucket),
  object('GET', 'GetObjectTagging', getObjectTagging, 'tagging'),
  object('PUT', 'PutObjectTagging', putObjectTagging, 'tagging'),
  object('DELETE', 'DeleteObjectTagging', deleteObjectTagging, 'tagging'),
  object('GET', 'GetObjectAcl', getObjectAcl, 'acl'),
  object('PUT', 'PutObjectAcl', putObjectAcl, 'acl'),
  object('GET', 'GetObjectRetention', getObjectRetention, 'retention'),
  object('PUT', 'PutObjectRetention', putObjectRetention, 'retention'),
  object('GET', 'GetObjectLegalHold', getObjectLegalHold, 'legal-hold'),
  object('PUT', 'PutObjectLegalHold', putObjectLegalHold, 'legal-hold'),
  object('GET', 'GetObjectAttributes', getObjectAttributes, 'attributes'),
  object('GET', 'ListParts', listParts, 'uploadId'),
  object('POST', 'CreateMultipartUpload', createMultipartUpload, 'uploads'),
  object('POST', 'CompleteMultipartUpload', completeMultipartUpload, 'uploadId'),
  object('PUT', 'UploadPartCopy', uploadPartCopy, 'uploadId', 'x-amz-copy-source'),
  object('PUT', 'UploadPart', uploadPart, 'uploadId'),
  object('DELETE', 'AbortMultipartUpload', abortMultipartUpload, 'uploadId'),
  object('GET', 'GetObject', getObject),
  object('HEAD', 'HeadObject', headObject),
  object('PUT', 'CopyObject', copyObject, undefined, 'x-amz-copy-source'),
  object('PUT', 'PutObject', putObject),
  object('DELETE', 'DeleteObject', deleteOne),
];

function configurationRoutes(configuration: Configuration): Listed[] {
  const { name, operation, verbs } = configuration;
  return [
    bucket('GET', `Get${operation}`, getConfiguration(configuration), name),
    ...(verbs.includes('Put')
      ? [bucket('PUT', `Put${operation}`, putConfiguration(configuration), name)]
      : []),
    ...(verbs.includes('Delete')
      ? [
          bucket(
            'DELETE',
            `Delete${operation.replace(/(Lifecycle)Configuration$/, '$1')}`,
            deleteConfiguration(configuration),
            name,
          ),
        ]
      : []),
  ];
}

const byTarget = new Map<string, readonly Listed[]>();
for (const route of ROUTES) {
  const target = `${route.level} ${route.method}`;
  byTarget.set(target, [...(byTarget.get(target) ?? []), route]);
}

/** Sub-resources the service has and this does not: such a request must not pass for a plain one. */
const NOT_EMULATED: ReadonlySet<string> = new Set([
  'analytics',
  'intelligent-tiering',
  'inventory',
  'metrics',
  'restore',
  'select',
  'torrent',
  'metadataTable',
  'metadataConfiguration',
  'session',
  'renameObject',
  'abac',
]);

/** Undefined where the service has no such operation; `notEmulated` names the sub-resource that is missing here. */
export function findRoute(
  method: string,
  level: Level,
  query: URLSearchParams,
  headers: Readonly<Record<string, string | undefined>>,
): Route | { readonly notEmulated: string } | undefined {
  for (const name of query.keys()) if (NOT_EMULATED.has(name)) return { notEmulated: name };
  return byTarget
    .get(`${level} ${method}`)
    ?.find(
      (route) =>
        (route.query === undefined || query.has(route.query)) &&
        (route.header === undefined || headers[route.header] !== undefined),
    );
}
