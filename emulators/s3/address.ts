/** Which bucket and key a request is about: by its path, or by its host name. */
import { isIP } from 'node:net';
import { s3Error } from './errors.ts';

export interface Address {
  readonly bucket?: string;
  /** Absent = the bucket itself. */
  readonly key?: string;
  readonly style: 'path' | 'host';
  /** Asked for as a website. */
  readonly isWebsite: boolean;
}

/** Host names below which a bucket's name stands: reserved ones, which never leave this machine, and the cloud's own. */
const TOP =
  '(?:localhost|localhost\\.localstack\\.cloud|localtest\\.me|amazonaws\\.com(?:\\.cn)?|internal|local|test)';
/** `bucket.s3.localhost`, `bucket.s3.eu-west-1.localhost`, `bucket.s3-website-us-east-1.amazonaws.com`. */
const BELOW_S3 = new RegExp(
  `^(?:(.+)\\.)?s3(-website)?(?:[.-](?:dualstack\\.)?[a-z]{2}(?:-[a-z]+)+-\\d)?(?:\\.[a-z0-9-]+)*?\\.${TOP}$`,
);
const BELOW_LOCALHOST = /^(.+)\.localhost(?:\.localstack\.cloud)?$/;
/** What stands before `.localhost` where a client names the service and not a bucket. */
const NO_BUCKETS: ReadonlySet<string> = new Set(['s3', 'host', 'api', 'www']);

/** Throws `InvalidURI` where the path is no valid percent-encoding. */
export function readAddress(host: string | undefined, path: string): Address {
  const named = bucketOfHost(host);
  if (named?.bucket !== undefined) {
    const key = decodePath(path.slice(1));
    return { bucket: named.bucket, ...(key && { key }), style: 'host', isWebsite: named.isWebsite };
  }
  const slash = path.indexOf('/', 1);
  const bucket = decodePath(slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = slash < 0 ? '' : decodePath(path.slice(slash + 1));
  return {
    ...(bucket && { bucket }),
    ...(key && { key }),
    style: 'path',
    isWebsite: named?.isWebsite ?? false,
  };
}

/** Undefined where the host name says nothing about S3. */
export function bucketOfHost(
  authority: string | undefined,
): { readonly bucket?: string; readonly isWebsite: boolean } | undefined {
  const host = hostOf(authority ?? '');
  if (isIP(host) !== 0) return undefined;
  const below = BELOW_S3.exec(host);
  if (below) return { ...(below[1] && { bucket: below[1] }), isWebsite: below[2] !== undefined };
  const bucket = BELOW_LOCALHOST.exec(host)?.[1];
  return bucket === undefined || NO_BUCKETS.has(bucket) ? undefined : { bucket, isWebsite: false };
}

function hostOf(authority: string): string {
  return authority
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidURI', { URI: text });
  }
}

/** Source: "General purpose bucket naming rules" of the S3 user guide. */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/\.-|-\./.test(name) &&
    isIP(name) === 0 &&
    !name.startsWith('xn--') &&
    !name.startsWith('sthree-') &&
    !name.endsWith('-s3alias') &&
    !name.endsWith('--ol-s3')
  );
}
