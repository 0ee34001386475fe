/** Brings the buckets to what the project file says, keeping what is in them. */
import type { BucketTrigger } from '../../src/model/project.ts';
import type { BucketResource } from '../../src/model/resources.ts';
import { isBucketName } from './address.ts';
import type { BucketRecord } from './model.ts';
import { makeBucket } from './operations/buckets.ts';
import type { S3Service } from './service.ts';

type Notice = (message: string) => void;

/** Creates what is missing and changes what the file says differently than last time; nothing is ever removed. */
export function declareBuckets(
  service: S3Service,
  resources: readonly BucketResource[],
  notice: Notice,
): void {
  for (const resource of resources) {
    if (isBucketName(resource.name)) declare(service, resource);
    else
      notice(
        `the bucket "${resource.name}" of the project file cannot be made: S3 takes 3 to 63 lower-case letters, digits, dots and hyphens`,
      );
  }
}

/** What was set through the API since stays, unless the file itself has changed. */
function declare(service: S3Service, { name, versioning, objectLock, configurations }: BucketResource): void {
  const declared = JSON.stringify({ versioning, objectLock, configurations });
  const existing = service.store.bucket(name);
  if (existing?.declared === declared) return;
  const facts = {
    ...(versioning && { versioning }),
    ...(objectLock && { objectLock, versioning: 'Enabled' as const }),
    declared,
  };
  if (!existing) {
    makeBucket(service, name, { ...facts, configurations });
    return;
  }
  const kept = Object.entries(existing.configurations).filter(([key]) => !wasDeclared(existing, key));
  const merged = { ...Object.fromEntries(kept), ...configurations };
  service.store.saveBucket({ ...existing, ...facts, configurations: merged });
}

/** What the file said before and says no more goes. */
function wasDeclared({ declared }: BucketRecord, name: string): boolean {
  if (declared === undefined) return false;
  const before = JSON.parse(declared) as Pick<BucketResource, 'configurations'>;
  return Object.hasOwn(before.configurations, name);
}

/** A trigger may name a bucket that another stack owns in the cloud; here it is made with the service's defaults. */
export function declareTriggerBuckets(
  service: S3Service,
  triggers: readonly BucketTrigger[],
  notice: Notice,
): void {
  for (const { bucket, functionId } of triggers) {
    if (service.store.bucket(bucket)) continue;
    if (!isBucketName(bucket)) {
      notice(`the trigger of ${functionId} names "${bucket}", which is no bucket's name; it does not run`);
      continue;
    }
    makeBucket(service, bucket);
    notice(
      `the bucket ${bucket}, trigger of ${functionId}, is not in the project; it was made with the service's defaults`,
    );
  }
}
