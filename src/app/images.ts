/** The images functions run in, for the command line: engine found, images made, listed and removed. */
import { homedir } from 'node:os';
import { makeConnection } from '../runtime/backends/docker/connection.ts';
import {
  listImages,
  type MadeImageListing,
  type RemovedImages,
  removeImages,
} from '../runtime/images/made-images.ts';
import { type MadeImage, makeImage } from '../runtime/images/make-image.ts';

export interface ImageTools {
  list(): Promise<readonly MadeImageListing[]>;
  /** Throws `SlsError` `image-not-made` or `runtime-missing`. */
  make(runtime: string, again: 'if-missing' | 'always'): Promise<MadeImage>;
  remove(which: string): Promise<RemovedImages>;
}

/** Throws `SlsError` `engine-missing` when no container engine answers. */
export async function openImageTools(root: string, notice: (message: string) => void): Promise<ImageTools> {
  const engine = await makeConnection({ env: process.env, homeDir: homedir() }).engine();
  return {
    list: () => listImages(engine),
    make: (runtime, again) =>
      makeImage(engine, runtime, {
        env: process.env,
        root,
        notice,
        ...(again === 'always' ? { again: true } : {}),
      }),
    remove: (which) => removeImages(engine, which),
  };
}
