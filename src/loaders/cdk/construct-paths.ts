/** Where the metadata of a stack says that its constructs stand, those of the stacks nested in it among them. */
import { listOf, mapOf, type Values } from '../cloudformation/template.ts';

export interface ConstructPath {
  readonly logicalId: string;
  /** `/Stack/Orders/Resource`. */
  readonly path: string;
}

/** `{ "/Stack/Orders/Resource": [{ type: "aws:cdk:logicalId", data: "Orders123" }] }` the other way round. */
export function constructPathsIn(metadata: Values): ConstructPath[] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    listOf(entries)
      .map(mapOf)
      .flatMap(({ type, data }) =>
        type === 'aws:cdk:logicalId' && typeof data === 'string' ? [{ logicalId: data, path }] : [],
      ),
  );
}

/**
 * Logical id → path, of the stack `trail` leads to: logical ids of the stacks it is nested in, outermost first.
 * What is nested in that stack is listed as well and may repeat an id: the shorter path is the stack's own.
 */
export function pathsWithin(
  all: readonly ConstructPath[],
  trail: readonly string[],
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { logicalId, path } of all) {
    const known = paths.get(logicalId);
    if (known === undefined || depth(path) < depth(known)) paths.set(logicalId, path);
  }
  const [id, ...inner] = trail;
  if (id === undefined) return paths;
  // The stack `/Top/First` is the resource `/Top/First.NestedStack/First.NestedStackResource` of the stack around it.
  const folder = /^(.+)\.NestedStack\/[^/]+$/.exec(paths.get(id) ?? '')?.[1];
  if (folder === undefined) return new Map();
  return pathsWithin(
    all.filter(({ path }) => path.startsWith(`${folder}/`)),
    inner,
  );
}

function depth(path: string): number {
  return path.split('/').length;
}
