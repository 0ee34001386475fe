/** The head of a plain request: `POST /` with a body of known length and nothing that asks for more than an answer. */

export interface PlainHead {
  readonly headers: Readonly<Record<string, string>>;
  /** Of the head, with the empty line that ends it. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}

const REQUEST_LINE = Buffer.from('POST / HTTP/1.1\r\n');
const END = '\r\n\r\n';
const MAX_HEAD_BYTES = 16 * 1024;
/** Nothing folded, no control characters, nothing beyond ASCII. */
const LINES = /^(?:[A-Za-z0-9-]+:[\x20-\x7e]*\r\n)+$/;
/** What is asked with these is not for us: bodies in parts, other protocols, pages that need CORS headers. */
const UNUSUAL: readonly string[] = ['transfer-encoding', 'expect', 'upgrade', 'origin', 'sec-fetch-site'];

/** The head at the beginning of `bytes`; undefined unless it is whole and plain, which says nothing about whether it is good. */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  if (
    bytes.length < REQUEST_LINE.length ||
    bytes.compare(REQUEST_LINE, 0, REQUEST_LINE.length, 0, REQUEST_LINE.length) !== 0
  )
    return undefined;
  const end = bytes.indexOf(END, REQUEST_LINE.length - 2, 'latin1');
  if (end < 0 || end > MAX_HEAD_BYTES) return undefined;
  const lines = bytes.toString('latin1', REQUEST_LINE.length, end + 2);
  if (!LINES.test(lines)) return undefined;
  const headers = readHeaders(lines);
  if (!headers?.host) return undefined;
  const { connection, 'content-length': length } = headers;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined;
  if (length === undefined || !/^\d{1,9}$/.test(length)) return undefined;
  return { headers, headBytes: end + END.length, bodyBytes: Number(length) };
}

/** Undefined when a name is unusual, or comes twice. */
function readHeaders(lines: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  let at = 0;
  while (at < lines.length) {
    const colon = lines.indexOf(':', at);
    const end = lines.indexOf('\r\n', colon);
    const name = nameOf(lines.slice(at, colon));
    if (name === undefined || headers[name] !== undefined) return undefined;
    headers[name] = valueBetween(lines, colon + 1, end);
    at = end + 2;
  }
  return headers;
}

/** Names as they were written, of which clients have few: making them small is most of the work. */
const names = new Map<string, string>();
const REMEMBERED = 256;

/** In small letters; undefined for an unusual one. */
function nameOf(written: string): string | undefined {
  const known = names.get(written);
  if (known !== undefined) return known;
  const name = written.toLowerCase();
  if (UNUSUAL.includes(name)) return undefined;
  if (names.size < REMEMBERED) names.set(written, name);
  return name;
}

const SPACE = 32;

function valueBetween(lines: string, from: number, to: number): string {
  const isUsual =
    lines.charCodeAt(from) === SPACE &&
    lines.charCodeAt(from + 1) !== SPACE &&
    lines.charCodeAt(to - 1) !== SPACE;
  return isUsual ? lines.slice(from + 1, to) : lines.slice(from, to).trim();
}
