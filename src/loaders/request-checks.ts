/** What a REST route's validator asks of requests, as far as it can be followed. */
import type { BodySchemas, RequestCheck, RequiredParameter } from '../model/request-check.ts';
import { messageOf } from '../std/errors.ts';
import { compileSchema } from '../std/json-schema.ts';

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
export function requiredParameter(name: string): RequiredParameter | undefined {
  const [, place, rest = ''] = /^method\.request\.(querystring|header)\.(.+)$/.exec(name) ?? [];
  if (place !== 'querystring' && place !== 'header') return undefined;
  return { place, name: rest };
}

/** Undefined where nothing is asked for. */
export function requestCheckOf(
  parameters: readonly (RequiredParameter | undefined)[],
  bodies: BodySchemas,
): RequestCheck | undefined {
  const asked = parameters.filter((parameter) => parameter !== undefined);
  if (asked.length === 0 && Object.keys(bodies).length === 0) return undefined;
  return {
    ...(asked.length > 0 ? { parameters: asked } : {}),
    ...(Object.keys(bodies).length > 0 ? { bodies } : {}),
  };
}
