/** One bucket's expired objects, versions, markers and uploads, removed a few at a time. */
import { deleteObject } from '../delete.ts';
import type { BucketRecord, ObjectVersion } from '../model.ts';
import { abortUpload } from '../operations/multipart.ts';
import { nowOf, type S3Service } from '../service.ts';
import { dueAfterDays, expiryOf, type LifecycleRule, lifecycleRules, ruleCovers } from './rules.ts';

/** Keys looked at before others get their turn. */
const STEP = 500;

/** `isOver` is asked between steps. */
export async function expireBucket(service: S3Service, name: string, isOver: () => boolean): Promise<void> {
  let from = '';
  for (;;) {
    const bucket = service.store.bucket(name);
    if (!bucket || isOver()) return;
    const keys = nextKeys(service, bucket, from);
    for (const key of keys) expireKey(service, bucket, key);
    const last = keys.at(-1);
    if (last === undefined || keys.length < STEP) return expireUploads(service, bucket);
    from = `${last}\0`;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function nextKeys({ store }: S3Service, bucket: BucketRecord, from: string): string[] {
  const keys: string[] = [];
  for (const { key } of store.currents(bucket, { prefix: '', from })) if (keys.push(key) >= STEP) break;
  return keys;
}

function expireKey(service: S3Service, bucket: BucketRecord, key: string): void {
  const rules = lifecycleRules(bucket);
  for (const version of olderToGo(service, bucket, key, rules))
    remove(service, bucket, key, version.versionId);
  const current = service.store.current(bucket, key);
  if (!current) return;
  if (current.deleteMarker) {
    const isLone = service.store.older(bucket, key).length === 0;
    if (isLone && rules.some((rule) => rule.removesLoneMarkers && ruleCovers(rule, key, current)))
      remove(service, bucket, key, current.versionId);
    return;
  }
  const isDue = rules.some((rule) => {
    const at = expiryOf(rule, current.modifiedAt);
    return at !== undefined && at <= nowOf(service) && ruleCovers(rule, key, current);
  });
  if (isDue) remove(service, bucket, key, undefined);
}

/** A version is no longer the newest from when the next one was made. */
function olderToGo(
  service: S3Service,
  bucket: BucketRecord,
  key: string,
  rules: readonly LifecycleRule[],
): ObjectVersion[] {
  const ruled = rules.filter(({ olderExpireAfterDays }) => olderExpireAfterDays !== undefined);
  const current = service.store.current(bucket, key);
  if (ruled.length === 0 || !current) return [];
  const older = service.store.older(bucket, key);
  return older.filter((version, at) => {
    const since = (older[at - 1] ?? current).modifiedAt;
    return ruled.some(
      (rule) =>
        at >= rule.olderKept &&
        dueAfterDays(since, rule.olderExpireAfterDays ?? 0) <= nowOf(service) &&
        ruleCovers(rule, key, version),
    );
  });
}

/** What an object lock holds stays. */
function remove(service: S3Service, bucket: BucketRecord, key: string, versionId: string | undefined): void {
  const version = versionId === undefined ? undefined : service.store.version(bucket, key, versionId);
  if (version?.legalHold || (version?.retention && version.retention.until > nowOf(service))) return;
  deleteObject(service, bucket, {
    ...{ key, bypass: { governance: false }, cause: 'LifecycleExpiration' },
    ...(versionId !== undefined && { versionId }),
  });
}

function expireUploads(service: S3Service, bucket: BucketRecord): void {
  const rules = lifecycleRules(bucket).filter(
    (rule) => rule.enabled && rule.uploadsEndAfterDays !== undefined,
  );
  if (rules.length === 0) return;
  const due = [...service.store.uploads.of(bucket)].filter(({ key, startedAt }) =>
    rules.some(
      (rule) =>
        key.startsWith(rule.prefix) &&
        dueAfterDays(startedAt, rule.uploadsEndAfterDays ?? 0) <= nowOf(service),
    ),
  );
  for (const upload of due) abortUpload(service, upload);
}
