/** Members that all result formats share: status code and body. */
import type { Malformed } from './answer.ts';

/** A whole number from 100 to 599, also written as a string. */
export function readStatus(value: unknown): number | Malformed {
  const status = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599) return status;
  return { malformed: `"statusCode" is ${JSON.stringify(value)}, not a whole number from 100 to 599` };
}

/** Absent and null are no body. */
export function readBody(
  result: Record<string, unknown>,
  decodeBase64: boolean,
): { readonly body: string | Buffer | undefined } | Malformed {
  const { body } = result;
  if (body === undefined || body === null) return { body: undefined };
  if (typeof body !== 'string')
    return {
      malformed: `"body" is ${Array.isArray(body) ? 'an array' : `a ${typeof body}`}, not a string (JSON.stringify it)`,
    };
  return { body: decodeBase64 ? Buffer.from(body, 'base64') : body };
}
