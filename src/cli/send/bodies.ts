/** Gets what is to be sent from where the person says: the command line, a file, standard input; whole or line by line. */
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { codeOf, messageOf, SlsError } from '../../std/errors.ts';

/** `@FILE`, `-` or text; nothing given is standard input where something is piped in. Throws `SlsError` `body-unreadable`, `body-missing`. */
export async function readBody(from: string | undefined): Promise<Buffer> {
  if (from === '-' || (from === undefined && !process.stdin.isTTY)) return buffer(process.stdin);
  if (from === undefined)
    throw new SlsError('body-missing', 'say what to send: as text, as @FILE, or - for standard input');
  if (!from.startsWith('@')) return Buffer.from(from);
  try {
    return readFileSync(from.slice(1));
  } catch (failure) {
    throw new SlsError(
      'body-unreadable',
      `the file "${from.slice(1)}" cannot be read (${codeOf(failure) ?? messageOf(failure)})`,
    );
  }
}

/** The lines that are not empty. */
export function linesOf(body: Buffer): Buffer[] {
  return body
    .toString()
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => Buffer.from(line));
}
