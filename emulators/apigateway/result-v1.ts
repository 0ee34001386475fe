/** Reads what a function returned to a REST API or for payload format 1.0. */
import { isRecord } from '../../src/model/json.ts';
import type { Answer, Malformed } from './answer.ts';
import { addMulti, addSingle, type HeaderRules, hasHeader } from './result-headers.ts';
import { readBody, readStatus } from './result-parts.ts';

const KNOWN = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

export interface ResultV1Options extends HeaderRules {
  /** REST APIs refuse a result with other members than the known ones; HTTP APIs skip them. */
  readonly strict: boolean;
  /** Whether a body marked as base64 is decoded; REST APIs do so only where `Accept` names a binary type. */
  readonly decodeBase64: boolean;
  readonly defaultContentType: string;
}

export function readResultV1(payload: string, options: ResultV1Options): Answer | Malformed {
  const result: unknown = JSON.parse(payload);
  if (!isRecord(result)) return { malformed: 'the result is not an object with "statusCode" and "body"' };
  if (result.statusCode === undefined || result.statusCode === null)
    return { malformed: 'the result has no "statusCode"' };
  const stranger = options.strict && Object.keys(result).find((key) => !KNOWN.has(key));
  if (stranger) return { malformed: `the result has an unknown member "${stranger}"` };
  const status = readStatus(result.statusCode);
  if (typeof status !== 'number') return status;
  const headers: string[] = [];
  const wrong =
    addSingle(headers, result.headers, options) ?? addMulti(headers, result.multiValueHeaders, options);
  if (wrong) return wrong;
  const read = readBody(result, result.isBase64Encoded === true && options.decodeBase64);
  if ('malformed' in read) return read;
  if (!hasHeader(headers, 'content-type')) headers.push('content-type', options.defaultContentType);
  return { status, headers, body: read.body };
}
