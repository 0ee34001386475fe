/** The OpenAPI definitions of a template's APIs, operation by operation. */
import type { HttpMethod } from '../../model/project.ts';
import type { Path } from '../yaml.ts';
import { definitionKeysOf } from './definition-keys.ts';
import { methodOf, pathOf } from './http.ts';
import type { Intrinsics } from './intrinsics.ts';
import { isMap, mapOf, type TemplateResource, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** One operation, resolved. */
export interface Operation {
  readonly method: HttpMethod;
  /** As the routes of the project have it. */
  readonly path: string;
  readonly values: Values;
  /** Absent = nothing answers it yet; SAM adds the function of an event. */
  readonly integration?: Values;
  /** Of the operation in the template. */
  readonly at: Path;
}

export interface Definition {
  readonly resource: TemplateResource;
  /** As written. */
  readonly body: Values;
  /** Of the body in the template. */
  readonly path: Path;
  readonly operations: readonly Operation[];
  /** Its paths are in the template, and not what a macro would insert. */
  readonly isWhole: boolean;
}

/** Undefined for what is no API, and for an API without a definition in the template. */
export function readDefinition(
  resource: TemplateResource,
  context: Pick<TriggerContext, 'intrinsics' | 'report'>,
): Definition | undefined {
  const { intrinsics } = context;
  const key = definitionKeysOf(resource.type)?.body;
  if (key === undefined || resource.properties[key] === undefined) return undefined;
  const body = mapOf(resource.properties[key]);
  const path = [...resource.path, 'Properties', key];
  const paths = pathsOf(body, path, intrinsics);
  if (!isMap(paths) && !Object.keys(body).some((name) => name.startsWith('Fn::')))
    warn(
      context,
      'invalid-definition',
      path,
      `${key} of "${resource.id}" has no paths: it is no OpenAPI definition`,
      'write `paths:` with one entry per path',
    );
  const operations = Object.entries(mapOf(paths)).flatMap(([written, verbs]) =>
    Object.entries(mapOf(verbs)).flatMap(([verb, operation]): Operation[] => {
      const method = methodOf(verb);
      if (!method || !isMap(operation)) return [];
      const integration = operation['x-amazon-apigateway-integration'];
      return [
        {
          ...{ method, path: pathOf(written), values: operation },
          ...(isMap(integration) ? { integration } : {}),
          at: [...path, 'paths', written, verb],
        },
      ];
    }),
  );
  return { resource, body, path, operations, isWhole: isMap(paths) };
}

/** The rest of a definition is policies, schemas and texts: nothing that is needed, and much that might not resolve. */
function pathsOf(body: Values, path: Path, intrinsics: Intrinsics): unknown {
  return 'paths' in body
    ? intrinsics.resolve(body.paths, [...path, 'paths'])
    : mapOf(intrinsics.resolve(body, path)).paths;
}

/** One of API Gateway's extensions beside the paths, resolved. */
export function extensionOf({ body, path }: Definition, name: string, intrinsics: Intrinsics): unknown {
  const key = `x-amazon-apigateway-${name}`;
  return body[key] === undefined ? undefined : intrinsics.resolve(body[key], [...path, key]);
}
