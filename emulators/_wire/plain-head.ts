/** The head of a plain request: one with a body of known length, or none, that asks for nothing more than an answer. */

export interface PlainHead {
  readonly method: string;
  /** As it was sent, with the question mark and what follows. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Name, value, name, value, as sent. */
  readonly rawHeaders: readonly string[];
  /** Of the head, with the empty line that ends it. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}

const REQUEST_LINE = /^(GET|POST|PUT|PATCH|DELETE) (\/[\x21-\x7e]*) HTTP\/1\.1$/;
const END = '\r\n\r\n';
const MAX_HEAD_BYTES = 16 * 1024;
/** Nothing folded, no control characters, nothing beyond ASCII. */
const LINES = /^(?:[A-Za-z0-9-]+:[\x20-\x7e]*\r\n)+$/;
/** What is asked with these is not for us: bodies in parts, other protocols; and what Node's server makes lists of. */
const UNUSUAL: readonly string[] = ['transfer-encoding', 'te', 'trailer', 'expect', 'upgrade', 'set-cookie'];

/** The head at the beginning of `bytes`; undefined unless it is whole and plain, which says nothing about whether it is good. */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  const first = bytes.indexOf('\r\n', 0, 'latin1');
  if (first < 0) return undefined;
  const end = bytes.indexOf(END, first, 'latin1');
  if (end < 0 || end > MAX_HEAD_BYTES) return undefined;
  const [, method = '', url = ''] = REQUEST_LINE.exec(bytes.toString('latin1', 0, first)) ?? [];
  if (method === '') return undefined;
  const lines = bytes.toString('latin1', first + 2, end + 2);
  if (!LINES.test(lines)) return undefined;
  const rawHeaders: string[] = [];
  const headers = readHeaders(lines, rawHeaders);
  if (!headers?.host) return undefined;
  const { connection, 'content-length': length = '0' } = headers;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined;
  if (!/^\d{1,9}$/.test(length)) return undefined;
  return { method, url, headers, rawHeaders, headBytes: end + END.length, bodyBytes: Number(length) };
}

/** Undefined when a name is unusual, or comes twice. */
function readHeaders(lines: string, rawHeaders: string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  let at = 0;
  while (at < lines.length) {
    const colon = lines.indexOf(':', at);
    const end = lines.indexOf('\r\n', colon);
    const written = lines.slice(at, colon);
    const name = nameOf(written);
    if (name === undefined || headers[name] !== undefined) return undefined;
    const value = valueBetween(lines, colon + 1, end);
    headers[name] = value;
    rawHeaders.push(written, value);
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
