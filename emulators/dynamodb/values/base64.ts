/** Base64 as the service takes it: padded, canonical, no other alphabet. */
import { serializationError } from '../errors.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const wellFormed = /^[A-Za-z0-9+/]*={0,2}$/;

/** Throws the service's SerializationException for text that is not canonical base64. */
export function checkBase64(text: string): void {
  if (text.length % 4 !== 0)
    throw serializationError(
      `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`,
    );
  if (!wellFormed.test(text) || !endsClean(text))
    // The misspelling is the service's.
    throw serializationError('Invalid last non-pad Base64 character dectected');
}

/** Bytes that canonical base64 text stands for. */
export function base64Size(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** The bits of the last character that no byte is made of must be zero. */
function endsClean(text: string): boolean {
  if (!text.endsWith('=')) return true;
  const spareBits = text.endsWith('==') ? 4 : 2;
  const last = text[text.length - (spareBits === 4 ? 3 : 2)] ?? '';
  return alphabet.indexOf(last) % 2 ** spareBits === 0;
}
