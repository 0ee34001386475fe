/** Checks what a caller sends to a function. */
import { messageOf } from '../../src/std/errors.ts';
import { badClientContext, clientContextTooLong, notJson, payloadTooLarge } from './errors.ts';

/** Limits of the request body, by invocation type. */
export const MAX_PAYLOAD_BYTES = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 } as const;
export type InvocationType = keyof typeof MAX_PAYLOAD_BYTES;

const MAX_CLIENT_CONTEXT_BYTES = 3583;

/** The event as JSON text, as it came; an empty body is an empty object. */
export function readEvent(body: Buffer, type: InvocationType): string {
  if (body.length > MAX_PAYLOAD_BYTES[type])
    throw payloadTooLarge(body.length, type, MAX_PAYLOAD_BYTES[type]);
  if (body.length === 0) return '{}';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    JSON.parse(text);
    return text;
  } catch (failure) {
    throw notJson(messageOf(failure));
  }
}

/** JSON text of the base64 header. */
export function readClientContext(header: string): string {
  if (header.length > MAX_CLIENT_CONTEXT_BYTES) throw clientContextTooLong(MAX_CLIENT_CONTEXT_BYTES);
  const text = Buffer.from(header, 'base64').toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return text;
  } catch {
    // Answered below, as what is not an object is.
  }
  throw badClientContext();
}
