/** Finds the HTTP prelude of a streamed response: `{statusCode, headers, cookies}` as JSON, 8 NUL bytes, then the body. */
import { isRecord } from '../../src/model/json.ts';
import type { Answer, Malformed } from './answer.ts';
import { addSingle, type HeaderRules, hasHeader } from './result-headers.ts';
import { readStatus } from './result-parts.ts';
import { addCookies } from './result-v2.ts';

/** The media type that says that a stream opens with a prelude. */
export const INTEGRATION_TYPE = 'application/vnd.awslambda.http-integration-response';
const SEPARATOR = Buffer.alloc(8);
/** Far more than all headers may be; without the end of the prelude there is none. */
const MAX_PRELUDE_BYTES = 1024 * 1024;

export interface Prelude {
  /** JSON text. */
  readonly text: string;
  /** What has come of the body. */
  readonly rest: Buffer;
}

/** Each call takes the next bytes, however they were cut; undefined until the prelude is whole. */
export function makePreludeFinder(): (bytes: Buffer) => Prelude | Malformed | undefined {
  let held: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const from = Math.max(0, held.length - SEPARATOR.length + 1);
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const end = held.indexOf(SEPARATOR, from);
    if (end >= 0) return { text: held.toString('utf8', 0, end), rest: held.subarray(end + SEPARATOR.length) };
    return held.length > MAX_PRELUDE_BYTES
      ? { malformed: `the stream has no end of its prelude within ${MAX_PRELUDE_BYTES} bytes` }
      : undefined;
  };
}

/** Status and headers of the response; 200 and `application/octet-stream` where the prelude is silent. */
export function readPrelude(text: string, rules: HeaderRules): Answer | Malformed {
  const prelude = parse(text);
  if (!isRecord(prelude)) return { malformed: 'the prelude of the stream is not a JSON object' };
  const status = readStatus(prelude.statusCode ?? 200);
  if (typeof status !== 'number') return status;
  const headers: string[] = [];
  const wrong = addSingle(headers, prelude.headers, rules) ?? addCookies(headers, prelude.cookies);
  if (wrong) return wrong;
  if (!hasHeader(headers, 'content-type')) headers.push('content-type', 'application/octet-stream');
  return { status, headers, body: undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
