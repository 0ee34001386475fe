/** Object lock: versions that may not be removed until a date, or while a hold lasts. */
import { invalidArgument, invalidRequest, malformedXml, s3Error } from './errors.ts';
import type { BucketRecord, ObjectFacts, ObjectVersion, Retention } from './model.ts';
import { nowOf, type S3Service } from './service.ts';
import { child, parseXml, textOf, type XmlElement } from './xml/parse.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const DAY_MS = 24 * 3600 * 1000;

/** Lock of an object that is uploaded: what its headers ask for, else the bucket's default. */
export function lockFacts(
  service: S3Service,
  bucket: BucketRecord,
  headers: Headers,
): Pick<ObjectFacts, 'retention' | 'legalHold'> {
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  const hold = headers['x-amz-object-lock-legal-hold'];
  if (mode === undefined && until === undefined && hold === undefined) return defaultLock(service, bucket);
  needLock(bucket);
  if ((mode === undefined) !== (until === undefined))
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date',
      '',
    );
  const retention = mode !== undefined && until !== undefined && readRetention(service, mode, until);
  return {
    ...(retention ? { retention } : defaultLock(service, bucket)),
    ...(readHold(hold) && { legalHold: true }),
  };
}

/** Throws where the bucket was made without object lock. */
export function needLock({ objectLock }: BucketRecord): void {
  if (!objectLock) throw invalidRequest('Bucket is missing Object Lock Configuration');
}

export function readHold(text: string | undefined): boolean {
  if (text === undefined || text === 'OFF') return false;
  if (text === 'ON') return true;
  throw malformedXml();
}

export function readRetention(service: S3Service, mode: string, until: string): Retention {
  const time = Date.parse(until);
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || Number.isNaN(time)) throw malformedXml();
  if (time <= nowOf(service))
    throw invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
      until,
    );
  return { mode, until: time };
}

function defaultLock(service: S3Service, { configurations }: BucketRecord): Pick<ObjectFacts, 'retention'> {
  const text = configurations['object-lock'];
  const root = text === undefined ? undefined : parseXml(text);
  const rule = root && child(root, 'Rule');
  const retention = rule && child(rule, 'DefaultRetention');
  const mode = retention && textOf(retention, 'Mode');
  if (!retention || (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')) return {};
  const days = Number(textOf(retention, 'Days') ?? 0) + 365 * Number(textOf(retention, 'Years') ?? 0);
  return { retention: { mode, until: nowOf(service) + days * DAY_MS } };
}

/** Throws where an `ObjectLockConfiguration` document is not one. */
export function checkLockConfiguration(root: XmlElement): void {
  if (textOf(root, 'ObjectLockEnabled') !== 'Enabled') throw malformedXml();
  const rule = child(root, 'Rule');
  if (!rule) return;
  const retention = child(rule, 'DefaultRetention');
  const mode = retention && textOf(retention, 'Mode');
  const [days, years] = [retention && textOf(retention, 'Days'), retention && textOf(retention, 'Years')];
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || (days === undefined) === (years === undefined))
    throw malformedXml();
  if (!(Number(days ?? years) > 0))
    throw s3Error('InvalidRetentionPeriod', {}, 'Default retention period must be a positive integer value.');
}

export interface Bypass {
  /** The caller asked to pass over governance. */
  readonly governance: boolean;
}

/** Throws `AccessDenied` where the version may not be removed. */
export function checkRemoval(service: S3Service, version: ObjectVersion, { governance }: Bypass): void {
  const { retention, legalHold } = version;
  const isRetained =
    retention !== undefined &&
    retention.until > nowOf(service) &&
    !(retention.mode === 'GOVERNANCE' && governance);
  if (legalHold || isRetained)
    throw s3Error('AccessDenied', {}, 'Access Denied because object protected by object lock.');
}

/** Throws `AccessDenied` where a retention would be made shorter or weaker. */
export function checkNewRetention(
  service: S3Service,
  { retention }: ObjectVersion,
  wanted: Retention | undefined,
  { governance }: Bypass,
): void {
  if (!retention || retention.until <= nowOf(service)) return;
  const isWeaker = wanted === undefined || wanted.until < retention.until || wanted.mode !== retention.mode;
  const mayWeaken = retention.mode === 'GOVERNANCE' && governance;
  if (isWeaker && !mayWeaken)
    throw s3Error('AccessDenied', {}, 'Access Denied because object protected by object lock.');
}

export const bypassOf = (headers: Headers): Bypass => ({
  governance: headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true',
});
