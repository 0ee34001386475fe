/** What the request validator of a REST route asks of a request: parameters that are there, and a body that fits its model. */
import type { BodySchemas, RequestCheck, RequiredParameter } from '../../src/model/request-check.ts';
import { compileSchema } from '../../src/std/json-schema.ts';
import { type Incoming, parseQuery } from './incoming.ts';
import { mediaTypeOf } from './media-types.ts';

export interface Flaw {
  /** As the service words it. */
  readonly message: string;
  readonly why: string;
}

export type CompiledCheck = (incoming: Incoming) => Flaw | undefined;

export function compileRequestCheck({ parameters = [], bodies = {} }: RequestCheck): CompiledCheck {
  const flawOfBody = compileBodies(bodies);
  return (incoming) => {
    const missing = missingOf(parameters, incoming);
    if (missing.length > 0)
      return {
        message: `Missing required request parameters: [${missing.join(', ')}]`,
        why: 'the request validator of the route asks for them',
      };
    const why = flawOfBody(incoming);
    if (why === undefined) return undefined;
    return { message: 'Invalid request body', why: `the body does not fit the schema of the route: ${why}` };
  };
}

/** Present is not enough: they must not be blank. */
function missingOf(parameters: readonly RequiredParameter[], incoming: Incoming): string[] {
  if (parameters.length === 0) return [];
  const query = parseQuery(incoming.rawQuery);
  const isThere = ({ place, name }: RequiredParameter) =>
    place === 'header'
      ? (incoming.headers[name.toLowerCase()] ?? '') !== ''
      : query.some(([key, value]) => key === name && value !== '');
  return parameters.filter((parameter) => !isThere(parameter)).map(({ name }) => name);
}

/** Bodies without a type are JSON. Of a type without a model, nothing is asked. */
function compileBodies(bodies: BodySchemas) {
  const schemas = new Map(Object.entries(bodies).map(([type, schema]) => [type, compileSchema(schema)]));
  return ({ body, headers }: Incoming): string | undefined => {
    const type = mediaTypeOf(headers['content-type']) || 'application/json';
    const schema = schemas.get(type) ?? schemas.get('$default');
    if (!schema) return undefined;
    if (body === undefined) return 'there is none';
    const parsed = parsedJson(body);
    return parsed ? schema.flawOf(parsed.value) : 'it is not JSON';
  };
}

function parsedJson(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}
