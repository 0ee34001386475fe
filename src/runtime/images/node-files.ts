/** The files of an image for Node.js functions: this machine's `node` and the libraries it loads. */
import { realpathSync } from 'node:fs';
import type { FileTree } from './file-tree.ts';

/** Adds `node`; returns the programs whose libraries are still to be added. */
export function addNodeFiles(tree: FileTree, node: string): readonly string[] {
  const program = realpathSync(node);
  tree.copy(program);
  // Where the provider's images have it, and where everybody looks.
  for (const path of ['/var/lang/bin/node', '/usr/local/bin/node']) tree.symlink(path, program);
  return [program];
}
