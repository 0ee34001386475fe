/** If-Match and its kin: whether a read or a write is to happen at all. */
import { s3Error } from './errors.ts';
import type { ObjectVersion } from './model.ts';

type Headers = Readonly<Record<string, string | undefined>>;
type Facts = Pick<ObjectVersion, 'etag' | 'modifiedAt'>;

/**
 * Throws `PreconditionFailed` or `NotModified`. `prefix` is that of a copy's source headers (`x-amz-copy-source-`), where
 * nothing answers 304. Order of the headers: RFC 9110, section 13.2.2.
 */
export function checkRead(headers: Headers, { etag, modifiedAt }: Facts, prefix = ''): void {
  const match = headers[`${prefix}if-match`];
  const unmodified = timeOf(headers[`${prefix}if-unmodified-since`]);
  const noneMatch = headers[`${prefix}if-none-match`];
  const modified = timeOf(headers[`${prefix}if-modified-since`]);
  const changedAt = Math.floor(modifiedAt / 1000) * 1000;
  if (match !== undefined) {
    if (!matches(match, etag)) throw failed(prefix ? 'x-amz-copy-source-If-Match' : 'If-Match');
  } else if (unmodified !== undefined && changedAt > unmodified)
    throw failed(prefix ? 'x-amz-copy-source-If-Unmodified-Since' : 'If-Unmodified-Since');
  if (noneMatch !== undefined) {
    if (!matches(noneMatch, etag)) return;
  } else if (modified === undefined || changedAt > modified) return;
  if (prefix) throw failed('x-amz-copy-source-If-None-Match');
  throw s3Error('NotModified', {}, undefined, {
    etag: `"${etag}"`,
    'last-modified': new Date(modifiedAt).toUTCString(),
  });
}

/** `current` is what the key holds; undefined where it holds nothing or a delete marker. */
export function checkWrite(headers: Headers, key: string, current: Facts | undefined): void {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined && current && matches(noneMatch, current.etag)) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!current) throw s3Error('NoSuchKey', { Key: key });
  if (!matches(match, current.etag)) throw failed('If-Match');
}

function failed(condition: string) {
  return s3Error('PreconditionFailed', { Condition: condition });
}

function matches(list: string, etag: string): boolean {
  return list
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one.replace(/^"(.*)"$/, '$1') === etag);
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
