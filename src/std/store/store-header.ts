/** Looks at the first bytes of a store's file: lmdb makes an empty store of an empty file, and brings the process down on a wrong one. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import { STORE_FILE } from './store-folder.ts';

/** `none`: no file, or an empty one. */
export type StoreKind = 'store' | 'none' | 'other';

/** The header of the file's first page, in bytes from its beginning (lmdb's `MDB_page` and `MDB_meta`). */
const MAGIC_AT = 24;
const VERSION_AT = 28;
const PAGE_BYTES_AT = 48;
const HEADER_BYTES = 64;

const MAGIC = 0xbeefc0de;
const VERSION = 2;
/** Two pages describe the others. */
const META_PAGES = 2;

export function storeKind(folder: string): StoreKind {
  let file: number;
  try {
    file = openSync(join(folder, STORE_FILE), 'r');
  } catch (failure) {
    if (codeOf(failure) === 'ENOENT') return 'none';
    throw failure;
  }
  try {
    const header = new DataView(new ArrayBuffer(HEADER_BYTES));
    if (readSync(file, header) === 0) return 'none';
    return isHeader(header, fstatSync(file).size) ? 'store' : 'other';
  } finally {
    closeSync(file);
  }
}

/** Numbers stand in the order of the machine's bytes, which is this one wherever Node.js runs on a laptop. */
function isHeader(header: DataView, sizeBytes: number): boolean {
  const number = (at: number) => header.getUint32(at, true);
  return (
    number(MAGIC_AT) === MAGIC &&
    (number(VERSION_AT) & 0xffff) === VERSION &&
    sizeBytes >= META_PAGES * number(PAGE_BYTES_AT)
  );
}
