/** What every listing takes from the query: prefix, delimiter, page size, and how names are written. */
import { invalidArgument } from '../errors.ts';
import type { S3Request } from '../service.ts';
import { tag } from '../xml/write.ts';

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  /** Writes a key, or a part of one. */
  readonly name: (text: string) => string;
  readonly encodingType: string | undefined;
}

const MOST = 1000;

/** `limitName` is `max-keys`, `max-uploads`. */
export function readListOptions({ query }: S3Request, limitName: string): ListOptions {
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: readLimit(query.get(limitName), limitName),
    name: encodingType === undefined ? (text) => text : encodeKey,
    encodingType,
  };
}

export function readLimit(text: string | null, name: string, most = MOST): number {
  if (text === null || text === '') return most;
  if (!/^-?\d+$/.test(text))
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  const value = Number(text);
  if (value < 0 || value > 2 ** 31 - 1)
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, text);
  return Math.min(value, most);
}

/** Everything but unreserved characters and slashes; `%20` is a space to those that read forms too. */
function encodeKey(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function commonPrefixes(prefixes: readonly string[], name: (text: string) => string): string {
  return prefixes.map((prefix) => `<CommonPrefixes>${tag('Prefix', name(prefix))}</CommonPrefixes>`).join('');
}
