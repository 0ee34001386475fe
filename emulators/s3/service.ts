/** What every operation works with, and what it is asked. */

import type { BodyFiles, Clock, Ids } from '../../src/model/platform.ts';
import type { ApiCall, RawRequest, RestReply } from '../../src/model/service-api.ts';
import type { Address } from './address.ts';
import { noSuchBucket, s3Error } from './errors.ts';
import type { BucketRecord } from './model.ts';
import type { Notifier } from './notifications/notifier.ts';
import type { ObjectStore } from './store.ts';

export interface S3Service {
  readonly store: ObjectStore;
  readonly files: BodyFiles;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
  /** Tells whoever a bucket's configuration names. */
  readonly notifier: Notifier;
  /** A bucket's configuration is another one now. */
  readonly configured: () => void;
}

export interface S3Request extends RawRequest {
  readonly query: URLSearchParams;
  readonly address: Address;
  /** Empty where the operation is about none. */
  readonly bucketName: string;
  readonly key: string;
}

export type S3Operation = (
  service: S3Service,
  request: S3Request,
  call: ApiCall,
) => Promise<RestReply> | RestReply;

/** Epoch ms, whole. */
export const nowOf = ({ clock }: S3Service) => Math.floor(clock.now());

/** Throws `NoSuchBucket`. */
export function needBucket(
  { store, accountId }: S3Service,
  { bucketName, headers }: S3Request,
): BucketRecord {
  const bucket = store.bucket(bucketName);
  if (!bucket) throw noSuchBucket(bucketName);
  const owner = headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== accountId) throw s3Error('AccessDenied');
  return bucket;
}

export function xmlReply(
  body: string,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): RestReply {
  return {
    status,
    headers: {
      'content-type': 'application/xml',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
    body,
  };
}

export function emptyReply(status = 200, headers: Readonly<Record<string, string>> = {}): RestReply {
  return { status, headers: status === 204 ? headers : { 'content-length': '0', ...headers } };
}
