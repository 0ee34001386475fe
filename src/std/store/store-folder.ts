/**
 * The folder of a store: which file in it is in force. A new content is made beside the old one, in a numbered folder, and comes
 * into force in one step; a kill at any moment leaves the one or the other.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the lmdb file, wherever it lies. */
export const STORE_FILE = 'store.lmdb';
/** Name of the file, beside it, with what is not committed to it yet. */
export const STORE_LOG = 'store.log';

/** Holds the number of the folder in force; absent = the store lies in the folder itself. */
const POINTER = 'current';
const NEW_POINTER = `${POINTER}.new`;

/** Absolute path of the folder whose store is in force. */
export function folderInForce(folder: string): string {
  const number = pointerOf(folder);
  return number === undefined ? folder : join(folder, number);
}

/** Makes an empty folder for a content that is to come into force later. */
export function makeNextFolder(folder: string): string {
  const numbers = numbersIn(folder);
  const next = join(folder, String(Math.max(0, ...numbers.map(Number)) + 1));
  mkdirSync(next, { recursive: true });
  return next;
}

/** From now on what `next` (made by `makeNextFolder`) holds is in force. One step: it has happened or it has not. */
export function putInForce(folder: string, next: string): void {
  const pointer = join(folder, NEW_POINTER);
  writeFileSync(pointer, next.slice(folder.length + 1));
  renameSync(pointer, join(folder, POINTER));
}

/** Removes what is not in force: what was replaced, and what a killed process had not finished. */
export function sweepFolder(folder: string): void {
  const inForce = pointerOf(folder);
  for (const number of numbersIn(folder))
    if (number !== inForce) rmSync(join(folder, number), { recursive: true, force: true });
  rmSync(join(folder, NEW_POINTER), { force: true });
  if (inForce !== undefined) removeStore(folder);
}

/** Removes the store that lies in the folder itself, and nothing else there. */
export function removeStore(folder: string): void {
  for (const name of [STORE_FILE, `${STORE_FILE}-lock`, STORE_LOG])
    rmSync(join(folder, name), { force: true });
}

function pointerOf(folder: string): string | undefined {
  const pointer = join(folder, POINTER);
  if (!existsSync(pointer)) return undefined;
  const number = readFileSync(pointer, 'utf8').trim();
  return isNumber(number) ? number : undefined;
}

function numbersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(isNumber) : [];
}

const isNumber = (name: string) => /^[1-9]\d*$/.test(name);
