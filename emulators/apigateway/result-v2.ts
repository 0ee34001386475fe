/** Reads what a function returned for payload format 2.0 (HTTP APIs, function URLs). */
import { isRecord } from '../../src/model/json.ts';
import type { Answer, Malformed } from './answer.ts';
import { addSingle, type HeaderRules, hasHeader } from './result-headers.ts';
import { readBody, readStatus } from './result-parts.ts';

/**
 * JSON without a `statusCode` is itself the body of a 200 `application/json` response; a bare string is sent as it is
 * (API Gateway developer guide, "Lambda function response for format 2.0").
 */
export function readResultV2(
  payload: string,
  rules: HeaderRules,
  defaultContentType: string,
): Answer | Malformed {
  const result: unknown = JSON.parse(payload);
  if (!isRecord(result) || result.statusCode === undefined)
    return {
      status: 200,
      headers: ['content-type', 'application/json'],
      body: typeof result === 'string' ? result : payload,
    };
  const status = readStatus(result.statusCode);
  if (typeof status !== 'number') return status;
  const headers: string[] = [];
  const wrong = addSingle(headers, result.headers, rules) ?? addCookies(headers, result.cookies);
  if (wrong) return wrong;
  const read = readBody(result, result.isBase64Encoded === true);
  if ('malformed' in read) return read;
  if (read.body !== undefined && !hasHeader(headers, 'content-type'))
    headers.push('content-type', defaultContentType);
  return { status, headers, body: read.body };
}

export function addCookies(into: string[], cookies: unknown): Malformed | undefined {
  if (cookies === undefined || cookies === null) return undefined;
  if (!Array.isArray(cookies)) return { malformed: '"cookies" is not an array' };
  for (const cookie of cookies) into.push('set-cookie', String(cookie));
  return undefined;
}
