/** Writes a tar (ustar, with pax headers for long names) whose bytes depend on nothing but its entries. */
import { createReadStream } from 'node:fs';

export type TarEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly content: Buffer }
  /** A file of this machine, `sizeBytes` long. */
  | {
      readonly kind: 'copy';
      readonly path: string;
      readonly mode: number;
      readonly source: string;
      readonly sizeBytes: number;
      /** Epoch seconds, whole; absent = 0. Python takes compiled code only beside a source of the very time it was compiled from. */
      readonly modifiedAt?: number;
    }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string };

const BLOCK = 512;
const NAME_BYTES = 100;

/** Pieces of the tar. Everything belongs to root, and is from 1970 where it is no copy. Throws when a copied file changes its size meanwhile. */
export async function* makeTar(entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield headerOf(entry);
    if (entry.kind === 'file') {
      yield entry.content;
      yield padding(entry.content.length);
    }
    if (entry.kind === 'copy') {
      yield* copy(entry.source, entry.sizeBytes);
      yield padding(entry.sizeBytes);
    }
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* copy(source: string, sizeBytes: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) {
    seen += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (seen !== sizeBytes) throw new Error(`${source} changed while it was copied`);
}

function headerOf(entry: TarEntry): Buffer {
  const name = entry.path.replace(/^\//, '') + (entry.kind === 'directory' ? '/' : '');
  const linkName = entry.kind === 'symlink' ? entry.target : '';
  const isLong = Buffer.byteLength(name) > NAME_BYTES || Buffer.byteLength(linkName) > NAME_BYTES;
  const mode = 'mode' in entry ? entry.mode : 0o777;
  const header = block(name, typeOf(entry), mode, sizeOf(entry), linkName, timeOf(entry));
  return isLong ? Buffer.concat([paxHeader(name, linkName), header]) : header;
}

function typeOf(entry: TarEntry): string {
  if (entry.kind === 'directory') return '5';
  return entry.kind === 'symlink' ? '2' : '0';
}

function sizeOf(entry: TarEntry): number {
  if (entry.kind === 'file') return entry.content.length;
  return entry.kind === 'copy' ? entry.sizeBytes : 0;
}

function timeOf(entry: TarEntry): number {
  return entry.kind === 'copy' ? Math.max(0, entry.modifiedAt ?? 0) : 0;
}

function block(
  name: string,
  type: string,
  mode: number,
  size: number,
  linkName: string,
  modifiedAt = 0,
): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number) =>
    header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  header.write(name, 0, NAME_BYTES, 'utf8');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(modifiedAt, 136, 12);
  // The checksum is computed with its own field as blanks.
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write(linkName, 157, NAME_BYTES, 'utf8');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** An extra entry in front that carries the full names. */
function paxHeader(name: string, linkName: string): Buffer {
  const records = [paxRecord('path', name), ...(linkName ? [paxRecord('linkpath', linkName)] : [])];
  const content = Buffer.from(records.join(''), 'utf8');
  return Buffer.concat([
    block('PaxHeader', 'x', 0o644, content.length, ''),
    content,
    padding(content.length),
  ]);
}

/** `<length> key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes;
  while (length !== restBytes + String(length).length) length = restBytes + String(length).length;
  return `${length}${rest}`;
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
