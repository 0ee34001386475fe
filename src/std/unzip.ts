/** Unpacks a zip archive into a folder, with what Unix keeps of its files: modes and symbolic links. */
import { chmodSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Of its local header. */
  readonly offset: number;
  /** As in `stat`; 0 where the archive was made elsewhere. */
  readonly mode: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const UNIX = 3;
const LINK = 0o120000;
const KIND = 0o170000;

/** The files of the archive are more than the caller takes. */
export class ZipTooLarge extends Error {
  override readonly name = 'ZipTooLarge';
}

/**
 * `zip` is the archive or its path. Throws `Error` where it is no zip archive, or one of more than 4 GB (zip64), or encrypted;
 * `ZipTooLarge` where its files are more than `maxBytes` together. Nothing is written outside of `folder`.
 */
export function unzip(zip: string | Buffer, folder: string, maxBytes = Number.POSITIVE_INFINITY): void {
  const archive = typeof zip === 'string' ? readFileSync(zip) : zip;
  const entries = entriesOf(archive);
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > maxBytes) throw new ZipTooLarge(`its files are ${total} bytes`);
  mkdirSync(folder, { recursive: true });
  const root = realpathSync(folder);
  // Links come last, so that no file is written through one.
  for (const entry of entries) if (!isLink(entry)) write(entry, archive, root);
  const links = entries.filter(isLink);
  for (const entry of links) link(entry, archive, root);
  // Once more: one may lead through another that came after it.
  for (const entry of links) requireInside(entry, root);
}

function isLink({ mode }: Entry): boolean {
  return (mode & KIND) === LINK;
}

function entriesOf(archive: Buffer): Entry[] {
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new Error('the list of its files is damaged');
    if (archive.readUInt16LE(at + 8) & 1) throw new Error('it is encrypted');
    const nameBytes = archive.readUInt16LE(at + 28);
    entries.push({
      name: archive.toString('utf8', at + 46, at + 46 + nameBytes),
      method: archive.readUInt16LE(at + 10),
      packedBytes: archive.readUInt32LE(at + 20),
      bytes: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
      mode: archive[at + 5] === UNIX ? archive.readUInt16LE(at + 40) : 0,
    });
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/** Found from the back: a comment may follow it. */
function endOf(archive: Buffer): number {
  const last = archive.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--)
    if (archive.readUInt32LE(at) === END) return at;
  throw new Error('it is no zip archive');
}

function write(entry: Entry, archive: Buffer, folder: string): void {
  const path = placeOf(entry, folder);
  mkdirSync(entry.name.endsWith('/') ? path : dirname(path), { recursive: true });
  if (entry.name.endsWith('/')) return;
  writeFileSync(path, contentOf(entry, archive));
  const mode = entry.mode & 0o777;
  if (mode !== 0) chmodSync(path, mode);
}

/** A link leads to a place inside, and lies in a true folder: below another link the same words would mean another place. */
function link(entry: Entry, archive: Buffer, folder: string): void {
  const path = placeOf(entry, folder);
  const target = contentOf(entry, archive).toString();
  const aim = resolve(dirname(path), target);
  mkdirSync(dirname(path), { recursive: true });
  if (!aim.startsWith(folder + sep) || realpathSync(dirname(path)) !== dirname(path))
    throw new Error(`the link "${entry.name}" leads outside of it`);
  symlinkSync(target, path);
  requireInside(entry, folder);
}

function requireInside(entry: Entry, folder: string): void {
  if (!leadsInside(placeOf(entry, folder), folder))
    throw new Error(`the link "${entry.name}" leads outside of it`);
}

/** Followed to its end; what is not there leads nowhere. */
function leadsInside(path: string, folder: string): boolean {
  try {
    return realpathSync(path).startsWith(folder + sep);
  } catch {
    return true;
  }
}

function placeOf({ name }: Entry, folder: string): string {
  const path = resolve(folder, name);
  if (path === folder || path.startsWith(folder + sep)) return path;
  throw new Error(`"${name}" lies outside of it`);
}

function contentOf({ name, method, offset, packedBytes, bytes }: Entry, archive: Buffer): Buffer {
  if (packedBytes === 0xffffffff || bytes === 0xffffffff || offset === 0xffffffff)
    throw new Error('it has parts beyond 4 GB (zip64)');
  if (archive.readUInt32LE(offset) !== LOCAL) throw new Error(`"${name}" is damaged`);
  const from = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const packed = archive.subarray(from, from + packedBytes);
  if (method === 0) return packed;
  if (method !== 8) throw new Error(`"${name}" is packed in a way that is not known (${method})`);
  const content = inflateRawSync(packed, { maxOutputLength: Math.max(bytes, 1) });
  if (content.length !== bytes) throw new Error(`"${name}" is damaged`);
  return content;
}
