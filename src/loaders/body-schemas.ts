/** The models that a REST route's validator holds bodies against, as far as they can be followed. */
import type { RequestCheck } from '../model/project.ts';
import { messageOf } from '../std/errors.ts';
import { compileSchema } from '../std/json-schema.ts';

export type BodySchemas = NonNullable<RequestCheck['bodies']>;

/** Why the schema cannot be followed; undefined = it can. */
export function schemaFlaw(schema: Readonly<Record<string, unknown>>): string | undefined {
  try {
    compileSchema(schema);
    return undefined;
  } catch (failure) {
    return messageOf(failure);
  }
}

/** `method.request.querystring.page` → its place and name, where that can be missing; the path's parameters never are. */
export function requiredParameter(name: string): NonNullable<RequestCheck['parameters']>[number] | undefined {
  const [, place, rest = ''] = /^method\.request\.(querystring|header)\.(.+)$/.exec(name) ?? [];
  if (place !== 'querystring' && place !== 'header') return undefined;
  return { place, name: rest };
}

/** Undefined where nothing is asked for. */
export function requestCheckOf(
  parameters: readonly (NonNullable<RequestCheck['parameters']>[number] | undefined)[],
  bodies: BodySchemas,
): RequestCheck | undefined {
  const asked = parameters.filter((parameter) => parameter !== undefined);
  if (asked.length === 0 && Object.keys(bodies).length === 0) return undefined;
  return {
    ...(asked.length > 0 ? { parameters: asked } : {}),
    ...(Object.keys(bodies).length > 0 ? { bodies } : {}),
  };
}
