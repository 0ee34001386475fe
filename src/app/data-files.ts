/** The text of a file of items, unpacked where it is gzip. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { codeOf, messageOf, SlsError } from '../std/errors.ts';
import type { ItemText } from './data-items.ts';

/** `file` is absolute. Throws `SlsError` `items-unreadable`. */
export function readItemFile(file: string, format?: ItemText['format']): ItemText {
  const text = textOf(bytesOf(file), file);
  return { text, file, from: basename(file), ...(format === undefined ? {} : { format }) };
}

/** `from` names where the bytes come from. Throws `SlsError` `items-unreadable`. */
export function textOf(bytes: Buffer, from: string): string {
  try {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return new TextDecoder('utf-8', { fatal: true }).decode(packed ? gunzipSync(bytes) : bytes);
  } catch (cause) {
    throw new SlsError('items-unreadable', `${from} is not text in UTF-8: ${messageOf(cause)}`, {
      hint: 'save it as UTF-8',
      cause,
    });
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const missing = codeOf(cause) === 'ENOENT';
    throw new SlsError(
      'items-unreadable',
      missing
        ? `the file ${file} does not exist`
        : `${file} cannot be read (${codeOf(cause) ?? messageOf(cause)})`,
      { cause },
    );
  }
}
