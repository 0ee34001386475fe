/** Where a layer's content lies on this machine: a folder, or a zip archive that is unpacked once. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { messageOf } from '../std/errors.ts';
import { unzip } from '../std/unzip.ts';

/** The folder, or why there is none. */
export type LayerPlace = { readonly folder: string } | { readonly flaw: string };

/** `path` is relative to `root`, the project's folder; archives are unpacked below its `.sls-local`. */
export function layerPlace(path: string, root: string): LayerPlace {
  const full = resolve(root, path);
  const found = statSync(full, { throwIfNoEntry: false });
  if (!found) return { flaw: `there is no file or folder "${path}"` };
  if (found.isDirectory()) return { folder: full };
  // Another archive of the same name gets a folder of its own: instances may still see the one before.
  const mark = createHash('sha256')
    .update(`${full} ${found.size} ${found.mtimeMs}`)
    .digest('hex')
    .slice(0, 12);
  const folder = join(root, '.sls-local', 'layers', `${basename(full, '.zip')}-${mark}`);
  if (existsSync(folder)) return { folder };
  const unfinished = `${folder}.${process.pid}`;
  try {
    unzip(full, unfinished);
    renameSync(unfinished, folder);
    return { folder };
  } catch (failure) {
    rmSync(unfinished, { recursive: true, force: true });
    return existsSync(folder) ? { folder } : { flaw: `"${path}" cannot be unpacked: ${messageOf(failure)}` };
  }
}

/** The local path a project gives for a layer of the cloud: by its ARN, with or without the version. */
export function mappedLayer(arn: string, paths: Readonly<Record<string, unknown>>): string | undefined {
  const unversioned = /^(arn:[^:]+:lambda:[^:]*:[^:]*:layer:[^:]+):\d+$/.exec(arn)?.[1];
  for (const key of unversioned === undefined ? [arn] : [arn, unversioned]) {
    const path = Object.hasOwn(paths, key) ? paths[key] : undefined;
    if (typeof path === 'string') return path;
  }
  return undefined;
}
