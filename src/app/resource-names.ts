/** Finds what a person names: by what the project file calls it, or by its name in the cloud. */
import type { Project } from '../model/project.ts';
import type { Resource } from '../model/resources.ts';

/** What something can be sent to by its name. */
export type NamedKind = 'queue' | 'topic' | 'bus' | 'bucket' | 'stream' | 'table';

const RESOURCE_KINDS = {
  queue: 'queue',
  topic: 'topic',
  bus: 'event-bus',
  bucket: 'bucket',
  stream: 'stream',
  table: 'table',
} as const satisfies Record<NamedKind, Resource['kind']>;

type NamedResource = Extract<Resource, { readonly kind: (typeof RESOURCE_KINDS)[NamedKind] }>;
type WithResources = Pick<Project, 'resources'>;

function resourcesOf({ resources }: WithResources, kind: NamedKind): readonly NamedResource[] {
  return resources.filter((one): one is NamedResource => one.kind === RESOURCE_KINDS[kind]);
}

/** Name in the cloud; a name counts for more than what a file calls another. Undefined = nothing in the project is called so. */
export function cloudName(project: WithResources, kind: NamedKind, called: string): string | undefined {
  const known = resourcesOf(project, kind);
  return (known.find(({ name }) => name === called) ?? known.find(({ id }) => id === called))?.name;
}

/** `clicks (shop-dev-clicks)`: what a person may write for what has this name in the cloud. */
export function calledText(project: WithResources, kind: NamedKind, name: string): string {
  const id = resourcesOf(project, kind).find((one) => one.name === name)?.id;
  return id === undefined || id === name ? name : `${id} (${name})`;
}
