/** Functions that `resources` declares itself, beside those of `functions`. */
import { join } from 'node:path';
import type { FunctionSpec } from '../../model/project.ts';
import { isFunctionResource, lowerFunction } from '../cloudformation/functions.ts';
import type { Intrinsics } from '../cloudformation/intrinsics.ts';
import type { Values } from '../cloudformation/template.ts';
import { type WrittenFile, writeFiles } from '../cloudformation/write-files.ts';
import type { Report } from '../problems.ts';

/** They are called by their logical ids. Inline code is written to files. */
export async function templateFunctions(
  intrinsics: Intrinsics,
  root: string,
  layerPaths: Values,
  report: Report,
): Promise<readonly FunctionSpec[]> {
  const files: WrittenFile[] = [];
  const functions = intrinsics.resources.filter(isFunctionResource).flatMap(
    (resource) =>
      lowerFunction(resource, resource.id, {
        intrinsics,
        report,
        folder: root,
        layers: new Map(),
        layerPaths,
        inlineFolder: join(root, '.sls-local', 'inline'),
        write: (file) => files.push(file),
      }) ?? [],
  );
  await writeFiles(files);
  return functions;
}
