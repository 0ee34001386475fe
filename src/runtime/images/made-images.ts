/** The images made on this machine: what is there, and how to be rid of it. */
import type { Engine } from '../backends/docker/engine.ts';
import { IMAGE_LABEL } from './make-image.ts';

export interface MadeImageListing {
  readonly name: string;
  /** `nodejs20.x`, or `pause` for the holder of the instances' shared network. */
  readonly runtime: string;
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** Sorted by name. */
export async function listImages(engine: Engine): Promise<readonly MadeImageListing[]> {
  const images = await engine.images(IMAGE_LABEL);
  return images
    .map(({ id, tags, labels, sizeBytes, createdAt }) => ({
      name: tags[0] ?? id,
      runtime: labels[IMAGE_LABEL] ?? '',
      sizeBytes,
      createdAt,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

export interface RemovedImages {
  readonly removed: readonly string[];
  /** Those the engine would not give up, each with its reason (a container still uses it). */
  readonly kept: readonly { readonly name: string; readonly reason: string }[];
}

/** Removes all of them, or those whose name or runtime is `which`. */
export async function removeImages(engine: Engine, which: 'all' | string): Promise<RemovedImages> {
  const images = await listImages(engine);
  const chosen = images.filter(
    ({ name, runtime }) => which === 'all' || [runtime, name, name.split(':')[0]].includes(which),
  );
  const removed: string[] = [];
  const kept: { name: string; reason: string }[] = [];
  for (const { name } of chosen)
    await engine.removeImage(name).then(
      () => removed.push(name),
      (failure: Error) => kept.push({ name, reason: failure.message }),
    );
  return { removed, kept };
}
