/** The event an event bus gets. Source: "EventBridge event message structure" of the S3 user guide. */
import type { ObjectEvent } from '../model.ts';
import { type EventPlace, sequencerOf } from './event.ts';

const TYPES: Readonly<
  Record<string, { readonly type: string; readonly reason?: string; readonly deletion?: string }>
> = {
  'ObjectCreated:Put': { type: 'Object Created', reason: 'PutObject' },
  'ObjectCreated:Post': { type: 'Object Created', reason: 'POST Object' },
  'ObjectCreated:Copy': { type: 'Object Created', reason: 'CopyObject' },
  'ObjectCreated:CompleteMultipartUpload': { type: 'Object Created', reason: 'CompleteMultipartUpload' },
  'ObjectRemoved:Delete': { type: 'Object Deleted', reason: 'DeleteObject', deletion: 'Permanently Deleted' },
  'ObjectRemoved:DeleteMarkerCreated': {
    type: 'Object Deleted',
    reason: 'DeleteObject',
    deletion: 'Delete Marker Created',
  },
  'LifecycleExpiration:Delete': {
    type: 'Object Deleted',
    reason: 'Lifecycle Expiration',
    deletion: 'Permanently Deleted',
  },
  'LifecycleExpiration:DeleteMarkerCreated': {
    type: 'Object Deleted',
    reason: 'Lifecycle Expiration',
    deletion: 'Delete Marker Created',
  },
  'ObjectTagging:Put': { type: 'Object Tags Added' },
  'ObjectTagging:Delete': { type: 'Object Tags Deleted' },
  'ObjectAcl:Put': { type: 'Object ACL Updated' },
};

/** JSON text; undefined for what a bus is not told. */
export function makeBridgeEvent(
  { name, bucket, key, version, requestId }: ObjectEvent,
  id: string,
  { region, accountId, at }: EventPlace,
): string | undefined {
  const told = TYPES[name];
  if (!told) return undefined;
  const isMade = told.type === 'Object Created';
  const isGone = told.deletion !== undefined;
  return JSON.stringify({
    version: '0',
    id,
    'detail-type': told.type,
    source: 'aws.s3',
    account: accountId,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:s3:::${bucket.name}`],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key,
        ...(isMade ? { size: version.sizeBytes } : {}),
        ...(version.etag === '' ? {} : { etag: version.etag }),
        ...(bucket.versioning === undefined ? {} : { 'version-id': version.versionId }),
        ...(isMade || isGone ? { sequencer: sequencerOf(version.seq) } : {}),
      },
      'request-id': requestId,
      requester: accountId,
      'source-ip-address': '127.0.0.1',
      ...(told.reason === undefined ? {} : { reason: told.reason }),
      ...(told.deletion === undefined ? {} : { 'deletion-type': told.deletion }),
    },
  });
}
