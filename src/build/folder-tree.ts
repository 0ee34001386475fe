/** Lists the folders of a tree without looking at its files. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Absolute, the root first, those near to it before deeper ones; `most` of them. Links are not followed. */
export function foldersBelow(
  root: string,
  isLeftOut: (name: string) => boolean,
  most: number,
): readonly string[] {
  const found = [root];
  for (const folder of found)
    for (const entry of entriesOf(folder)) {
      if (found.length >= most) return found;
      if (entry.isDirectory() && !isLeftOut(entry.name)) found.push(join(folder, entry.name));
    }
  return found;
}

/** None of a folder that is not there or cannot be read. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
