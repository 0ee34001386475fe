/** What may be an object's key. */
import { s3Error } from './errors.ts';

const MAX_KEY_BYTES = 1024;

export function checkKey(key: string): void {
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes > MAX_KEY_BYTES)
    throw s3Error('KeyTooLongError', { Size: String(sizeBytes), MaxSizeAllowed: String(MAX_KEY_BYTES) });
}
