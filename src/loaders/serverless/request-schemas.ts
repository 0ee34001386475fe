/** `request` of an `http` event, with `schemas` that bodies must fit: inline, or by the name of one of `provider.apiGateway.request.schemas`. */
import type { RequestCheck } from '../../model/request-check.ts';
import { isMap, mapOf, type Values } from '../cloudformation/template.ts';
import type { Fields } from '../fields.ts';
import { requestCheckOf, requiredParameter, schemaFlaw } from '../request-checks.ts';
import { isUnresolved } from '../unresolved.ts';

/** With schemas the framework makes a validator, which asks for the required parameters too. What cannot be followed is reported. */
export function requestCheck(event: Fields, named: Values): RequestCheck | undefined {
  const request = event.map('request');
  const schemas = request?.map('schemas');
  if (!request || !schemas) return undefined;
  const bodies = Object.entries(schemas.values).flatMap(([type, written]) => {
    const schema = schemaOf(written, named);
    const flaw = schema
      ? schemaFlaw(schema)
      : 'expected a JSON schema, or the name of one of provider.apiGateway.request.schemas';
    if (schema && flaw === undefined) return [[type.toLowerCase(), schema] as const];
    // What has no value has been reported.
    if (!isUnresolved(written))
      schemas.warn({
        code: 'invalid-value',
        key: type,
        message: `the request schema for ${type} cannot be followed: ${flaw}; bodies reach the function unchecked`,
      });
    return [];
  });
  return requestCheckOf(requiredOf(mapOf(request.values.parameters)), Object.fromEntries(bodies));
}

/** `querystrings: { page: true, size: { required: true } }`. */
function requiredOf(parameters: Values) {
  const places = { querystrings: 'querystring', headers: 'header' };
  return Object.entries(places).flatMap(([key, place]) =>
    Object.entries(mapOf(parameters[key]))
      .filter(([, written]) => written === true || mapOf(written).required === true)
      .map(([name]) => requiredParameter(`method.request.${place}.${name}`)),
  );
}

function schemaOf(written: unknown, named: Values): Values | undefined {
  if (typeof written === 'string') {
    const { schema } = mapOf(Object.hasOwn(named, written) ? named[written] : undefined);
    return isMap(schema) ? schema : undefined;
  }
  if (!isMap(written)) return undefined;
  // With a name and a description beside it; no schema has a keyword of that name.
  return isMap(written.schema) ? written.schema : written;
}
