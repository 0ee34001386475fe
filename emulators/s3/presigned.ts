/** Presigned URLs: how long they hold. The signature itself is not checked: any key is accepted. */
import { s3Error } from './errors.ts';

const MAX_SECONDS = 7 * 24 * 3600;

/** Throws where the URL's time is over, or is none. `now` is epoch ms. */
export function checkExpiry(query: URLSearchParams, now: number): void {
  if (query.has('X-Amz-Algorithm')) checkVersion4(query, now);
  else if (query.has('Signature') && query.has('Expires')) {
    const expires = Number(query.get('Expires'));
    if (!(expires * 1000 > now)) throw expired(expires * 1000, now);
  }
}

/** What the URL itself says of its signature. */
const OWN = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)$/;
/** Digests of the body that was there when the URL was signed, which is none. */
const DIGEST = /^x-amz-(checksum-|sdk-checksum-)/;

/** Signers move headers (metadata, tags, ACLs) into the query; here they are headers again. */
export function signedHeaders(query: URLSearchParams): Record<string, string> {
  if (!query.has('X-Amz-Algorithm') && !query.has('Signature')) return {};
  const headers: Record<string, string> = {};
  for (const [written, value] of query) {
    const name = written.toLowerCase();
    if (name.startsWith('x-amz-') && !OWN.test(name) && !DIGEST.test(name)) headers[name] = value;
  }
  return headers;
}

function checkVersion4(query: URLSearchParams, now: number): void {
  const seconds = Number(query.get('X-Amz-Expires') ?? '');
  if (!query.has('X-Amz-Expires') || !Number.isInteger(seconds))
    throw wrong('X-Amz-Expires should be a number');
  if (seconds < 0) throw wrong('X-Amz-Expires must be non-negative');
  if (seconds > MAX_SECONDS)
    throw wrong(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
  if (year === undefined)
    throw wrong("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (signedAt + seconds * 1000 < now) throw expired(signedAt + seconds * 1000, now, seconds);
}

const wrong = (message: string) => s3Error('AuthorizationQueryParametersError', {}, message);

function expired(at: number, now: number, seconds?: number) {
  return s3Error(
    'AccessDenied',
    {
      ...(seconds !== undefined && { 'X-Amz-Expires': seconds }),
      Expires: new Date(at).toISOString(),
      ServerTime: new Date(now).toISOString(),
    },
    'Request has expired',
  );
}
