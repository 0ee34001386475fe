/** Imports of a pattern (`require('./handlers/' + name)`): where new files join them. */
import { dirname, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { foldersBelow } from './folder-tree.ts';
import { isSkipped } from './source-tree.ts';

const MOST_FOLDERS = 1000;

/** Folders in which a new file may be one that a pattern means; absolute. */
export function globFoldersOf({ inputs }: Metafile, root: string): readonly string[] {
  const folders = new Set<string>();
  for (const [importer, { imports }] of Object.entries(inputs))
    for (const { path, external } of imports) {
      const fixed = external ? /^\.\.?\/[^*]*(?=\*)/.exec(path)?.[0] : undefined;
      if (fixed === undefined) continue;
      const folder = join(dirname(resolve(root, importer)), fixed.slice(0, fixed.lastIndexOf('/')));
      const isDeep = path.slice(fixed.length).includes('/');
      for (const below of foldersBelow(folder, isSkipped, isDeep ? MOST_FOLDERS : 1)) folders.add(below);
    }
  return [...folders];
}
