/** Walks keys in order and folds those that have a delimiter after the prefix into common prefixes, page by page. */
import { afterPrefix } from './after-prefix.ts';

export interface WalkOptions {
  readonly prefix: string;
  /** Empty = none. */
  readonly delimiter: string;
  /** Only what comes after it, exclusive: a key or a common prefix. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last?: string;
}

/** `read` gives entries from a key on, ascending; it is asked anew behind each common prefix. */
export function walkKeys<T>(
  read: (from: string) => Iterable<{ readonly key: string; readonly item: T }>,
  { prefix, delimiter, after, limit }: WalkOptions,
): Page<T> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  let from: string | undefined = startOf(prefix, delimiter, after);
  while (from !== undefined) {
    let next: string | undefined;
    for (const { key, item } of read(from)) {
      if (after !== undefined && key <= after && Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0)
        continue;
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      const folded = end < 0 ? undefined : key.slice(0, end + delimiter.length);
      if (folded !== undefined && folded === after) {
        next = afterPrefix(folded);
        break;
      }
      if (items.length + prefixes.length >= limit)
        return { items, prefixes, isTruncated: limit > 0, ...(last !== undefined && { last }) };
      last = folded ?? key;
      if (folded === undefined) {
        items.push(item);
        continue;
      }
      prefixes.push(folded);
      next = afterPrefix(folded);
      break;
    }
    from = next;
  }
  return { items, prefixes, isTruncated: false, ...(last !== undefined && { last }) };
}

/** Behind a common prefix that was told already, all keys in it are skipped at once. */
function startOf(prefix: string, delimiter: string, after: string | undefined): string | undefined {
  if (after === undefined || after < prefix) return prefix;
  if (delimiter !== '' && after.startsWith(prefix)) {
    const end = after.indexOf(delimiter, prefix.length);
    if (end >= 0 && end + delimiter.length === after.length) return afterPrefix(after);
  }
  return after;
}
