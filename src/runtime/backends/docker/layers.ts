/** Several layer folders → the one folder that becomes /opt. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface OptFolders {
  /**
   * The folder for these layers, later ones over earlier ones; undefined when there are none. `edition`: what is in them is as
   * it was when last asked for with this one, of the same function.
   */
  folderFor(layers: readonly string[], edition?: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** A single layer is used as it is; several are copied together into `scratch`, once per combination and what is in it. */
export function makeOptFolders(scratch: string): OptFolders {
  const merged = new Map<string, Promise<string>>();
  const known = new Map<string, Promise<string>>();

  const once = (of: Map<string, Promise<string>>, key: string, make: () => Promise<string>) => {
    const made = of.get(key) ?? make();
    of.set(key, made);
    made.catch(() => of.delete(key));
    return made;
  };

  return {
    async folderFor(layers, edition = '') {
      if (layers.length < 2) return layers[0];
      return once(known, [edition, ...layers].join('\0'), async () => {
        const key = await versionOf(layers);
        return once(merged, key, () => merge(layers, join(scratch, key)));
      });
    },
    close: () => rm(scratch, { recursive: true, force: true }),
  };
}

/** Such programs are started by the platform beside the runtime and may listen on ports of their own choice. */
export function bringsExtensions(layers: readonly string[]): boolean {
  return layers.some((layer) => existsSync(join(layer, 'extensions')));
}

/** By names, sizes and times. */
async function versionOf(layers: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const layer of layers)
    for (const name of (await readdir(layer, { recursive: true })).sort()) {
      const stats = await lstat(join(layer, name)).catch(() => undefined);
      hash.update(`${layer}\0${name}\0${stats?.size} ${stats?.mtimeMs} ${stats?.ino}\0`);
    }
  return hash.digest('hex').slice(0, 16);
}

async function merge(layers: readonly string[], folder: string): Promise<string> {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const layer of layers) await cp(layer, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, folder);
  return folder;
}
