/** Imports of a pattern (`require('./handlers/' + name)`): where new files join them, and how a bundle finds the one it is asked for. */
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

/** The bundler's helper: a bundle with patterns has one. */
const HELPER =
  /(?<=^var __glob\d* = \(map\) => \(path\) => \{\n {2}var fn = )map\[path\](;\n {2}if \(fn\) return fn\(\);\n {2}throw )(new Error\([^\n]*\));/m;

/** What Node.js tries, then what the bundler compiles in place of that. */
const ENDINGS = ['.js', '.json', '.node', '.ts', '.tsx', '.jsx', '.cjs', '.cts', '.mjs', '.mts'];
const MORE = JSON.stringify([...ENDINGS, ...ENDINGS.map((ending) => `/index${ending}`)]);

/**
 * Patterns know their files by the whole name only; Node.js finds `./a` in `./a.js` and `./a/index.js`, and who asks for `./a.js`
 * may have written `./a.ts`. No line is added or taken away, so that source maps stay right.
 */
export function withNodeLookup(contents: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = contents;
  const code = Buffer.from(buffer, byteOffset, byteLength);
  if (!code.includes('var __glob')) return contents;
  return Buffer.from(code.toString().replace(HELPER, nodeLookup));
}

function nodeLookup(_: string, then: string, error: string): string {
  const others =
    `${MORE}.map((more) => path.replace(/\\/$/, "") + more)` +
    '.concat(path.replace(/js$/, "ts"), path.replace(/jsx?$/, "tsx"))';
  return `map[path in map ? path : ${others}.find((name) => name in map)]${then}Object.assign(${error}, { code: "MODULE_NOT_FOUND" });`;
}
