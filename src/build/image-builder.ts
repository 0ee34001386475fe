/** "Builds" functions that are container images: tells by hash when what an image is made from has changed; the engine makes it. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Builder } from '../model/runtime.ts';
import { SlsError } from '../std/errors.ts';
import { makeTreeReader } from './source-tree.ts';

/** Supports functions with an image. */
export function makeImageBuilder(): Builder {
  const trees = makeTreeReader();
  return {
    name: 'image',
    supports: (fn) => fn.image !== undefined,
    async build(fn, signal) {
      signal.throwIfAborted();
      const { image = '', imageBuild, codeRoot, id: functionId, handler } = fn;
      if (!imageBuild) {
        const id = createHash('sha256').update(image).digest('hex').slice(0, 12);
        return { id, functionId, dir: codeRoot, handler, inputs: [] };
      }
      if (!statSync(imageBuild.context, { throwIfNoEntry: false })?.isDirectory())
        throw new SlsError(
          'code-not-found',
          `the build context of function ${functionId}, ${imageBuild.context}, is not a folder`,
          { hint: 'name the folder with the Dockerfile', ...fn.place },
        );
      const tree = trees.read(imageBuild.context);
      const hash = createHash('sha256').update(JSON.stringify([tree.id, imageBuild]));
      return {
        id: hash.digest('hex').slice(0, 12),
        functionId,
        dir: imageBuild.context,
        handler,
        inputs: tree.files,
        folders: tree.folders,
      };
    },
    async close() {},
  };
}
