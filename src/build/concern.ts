/** Decides whether a change of a file can change what a function is built of. */
import { basename, dirname, extname, join, sep } from 'node:path';
import { isSkipped } from './source-tree.ts';
import type { ChangeKind } from './watch.ts';

/** What the newest build of a function read, or tried to. */
export interface Footprint {
  readonly inputs: ReadonlySet<string>;
  /** Folders in which any new entry matters. */
  readonly folders: ReadonlySet<string>;
  /** The build failed: what it would have read is not known, so anything that looks like source may mend it. */
  readonly failed: boolean;
}

const SOURCE =
  /^\.(?:[cm]?[jt]sx?|json|py|rb|java|kts?|scala|groovy|gradle|xml|properties|go|rs|toml|cs|csproj|txt|sql|graphql|gql|html|md|pem)$/;
/** A new one of these nearer to a source file takes over from the one further up. */
const NEAREST_COUNTS = new Set(['tsconfig.json', 'package.json']);

/** Not source of any language: after a failed build they count as well, since a program may be generated from them. */
const TEXT = /^\.(?:json|xml|properties|toml|txt|sql|graphql|gql|html|md|pem)$/;

export function concerns({ inputs, folders, failed }: Footprint, path: string, kind: ChangeKind): boolean {
  if (inputs.has(path)) return true;
  const name = basename(path);
  // An install may be what a failed build waits for.
  if (isSkipped(name) && !(failed && name === 'node_modules'))
    return kind === 'entry' && hasBelow(inputs, path);
  if (failed) return kind === 'entry' || SOURCE.test(extname(name));
  if (kind === 'content') return false;
  const folder = dirname(path);
  if (folders.has(folder)) return true;
  if (NEAREST_COUNTS.has(name)) return hasBelow(inputs, folder);
  return isPreferred(inputs, folder, name) || hasBelow(inputs, path);
}

/** Whether a change that concerns a failed build hardly mends it: a text that it did not read. */
export function isLongShot({ inputs, failed }: Footprint, path: string): boolean {
  return failed && !inputs.has(path) && TEXT.test(extname(path));
}

/** `order.ts` beside the input `order.js` (or `order/index.ts`): the import may now mean the new file. */
function isPreferred(inputs: ReadonlySet<string>, folder: string, name: string): boolean {
  if (!SOURCE.test(extname(name))) return false;
  const stem = join(folder, name.slice(0, -extname(name).length));
  for (const input of inputs)
    if (input.startsWith(stem) && /^(?:\.[^/.]+|\/index\.[^/.]+)$/.test(input.slice(stem.length)))
      return true;
  return false;
}

function hasBelow(inputs: ReadonlySet<string>, folder: string): boolean {
  for (const input of inputs) if (input.startsWith(folder + sep)) return true;
  return false;
}
