/** Several layer folders → the one folder that becomes /opt. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface OptFolders {
  /** The folder for these layers, later ones over earlier ones; undefined when there are none. */
  folderFor(layers: readonly string[]): Promise<string | undefined>;
  close(): Promise<void>;
}

/** A single layer is used as it is; several are copied together into `scratch`, once per combination. */
export function makeOptFolders(scratch: string): OptFolders {
  const merged = new Map<string, Promise<string>>();
  return {
    async folderFor(layers) {
      if (layers.length < 2) return layers[0];
      const key = createHash('sha256').update(layers.join('\0')).digest('hex').slice(0, 16);
      const folder = merged.get(key) ?? merge(layers, join(scratch, key));
      merged.set(key, folder);
      folder.catch(() => merged.delete(key));
      return folder;
    },
    close: () => rm(scratch, { recursive: true, force: true }),
  };
}

/** Such programs are started by the platform beside the runtime and may listen on ports of their own choice. */
export function bringsExtensions(layers: readonly string[]): boolean {
  return layers.some((layer) => existsSync(join(layer, 'extensions')));
}

async function merge(layers: readonly string[], folder: string): Promise<string> {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const layer of layers) await cp(layer, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, folder);
  return folder;
}
