/** Folders that are made once and kept: by name, under a name that says what they were made from. */
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { codeOf } from './errors.ts';

/** Fills the folder it is given, which may not be there yet; false = it cannot be made here. */
export type FillFolder = (draft: string) => Promise<boolean>;

/**
 * `folder` as it is, or filled now: it appears whole or not at all, whoever else makes it at the same time.
 * Undefined where `fill` says that it cannot be made. Rejects as `fill` does.
 */
export async function makeFolderOnce(folder: string, fill: FillFolder): Promise<string | undefined> {
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${randomBytes(4).toString('hex')}`;
  try {
    if (!(await fill(draft))) return undefined;
    renameSync(draft, folder);
  } catch (failure) {
    // Another session was first.
    if (codeOf(failure) !== 'ENOTEMPTY' && codeOf(failure) !== 'EEXIST') throw failure;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}
