/** Gives the content of a file that never changes a second name, so that it takes no room of its own. */
import { constants, copyFileSync, linkSync } from 'node:fs';
import { codeOf } from './errors.ts';

/** File systems without links, or with too many to one file, copy; sharing blocks where they can. */
export function copyLink(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (failure) {
    const code = codeOf(failure);
    if (code === 'ENOENT' || code === 'EEXIST' || code === 'ENOSPC') throw failure;
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
