/** The tokens ListExports and ListImports page with: the ARN the next page begins behind, in hex. */
import { validationError } from '../errors.ts';

/** The service's tokens are made of groups of 16 digits, 112 at least; clients insist on it. */
const GROUP_BYTES = 8;
const MIN_BYTES = 56;

export function makePageToken(arn: string): string {
  const length = Math.max(MIN_BYTES, Math.ceil(arn.length / GROUP_BYTES) * GROUP_BYTES);
  return Buffer.from(arn.padEnd(length, ' ')).toString('hex');
}

/** Throws for a token that is none of this kind. */
export function readPageToken(token: string, kind: 'export' | 'import'): string {
  const arn = Buffer.from(token, 'hex').toString().trimEnd();
  if (!arn.startsWith('arn:') || !arn.includes(`/${kind}/`))
    throw validationError(`Invalid Request: Provided nextToken is invalid: ${token}`);
  return arn;
}

/** The page behind `token`, and the token of the next one if there is more. */
export function pageOf<R extends { readonly arn: string; readonly id: string }>(
  records: readonly R[],
  kind: 'export' | 'import',
  token: string | undefined,
  size: number,
): { readonly page: readonly R[]; readonly next: string | undefined } {
  const behind = token === undefined ? undefined : readPageToken(token, kind).split('/').at(-1);
  const rest = records.filter(({ id }) => behind === undefined || id < behind);
  const page = rest.slice(0, size);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  return { page, next: last && makePageToken(last.arn) };
}
