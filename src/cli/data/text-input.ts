/** Gets text from where the person says: a file, standard input, or the command line itself. */
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { readItemFile, textOf } from '../../app/data-files.ts';
import type { ItemText } from '../../app/data-items.ts';

/** `-` is standard input. Throws `SlsError` `items-unreadable`. */
export async function fileOrStdin(from: string, format?: ItemText['format']): Promise<ItemText> {
  if (from !== '-') return readItemFile(resolve(from), format);
  const text = textOf(await buffer(process.stdin), 'standard input');
  return { text, from: 'standard input', ...(format === undefined ? {} : { format }) };
}

/** Also JSON text as it stands. */
export async function anyText(from: string, format?: ItemText['format']): Promise<ItemText> {
  if (!/^\s*[[{]/.test(from)) return fileOrStdin(from, format);
  return { text: from, from: 'the text given', ...(format === undefined ? {} : { format }) };
}
