/** Request validators of OpenAPI definitions, and the parameters and schemas of operations that they check. */
import type { RequestCheck } from '../../model/request-check.ts';
import { requestCheckOf, requiredParameter, schemaFlaw } from '../request-checks.ts';
import { type Definition, extensionOf, type Operation } from './definitions.ts';
import { flagOf, isMap, listOf, mapOf, textOf, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** An operation names a validator of the definition, or the definition names one for all. */
export function requestCheckOfOperation(
  definition: Definition,
  operation: Operation,
  context: TriggerContext,
): RequestCheck | undefined {
  const { intrinsics } = context;
  const name =
    textOf(operation.values['x-amazon-apigateway-request-validator']) ??
    textOf(extensionOf(definition, 'request-validator', intrinsics));
  if (name === undefined) return undefined;
  const validator = mapOf(mapOf(extensionOf(definition, 'request-validators', intrinsics))[name]);
  const parameters = listOf(operation.values.parameters).map(mapOf);
  const required = flagOf(validator.validateRequestParameters) === true ? requiredOf(parameters) : [];
  const bodies =
    flagOf(validator.validateRequestBody) === true
      ? bodiesOf(definition, operation, parameters, context)
      : {};
  return requestCheckOf(required, bodies);
}

function requiredOf(parameters: readonly Values[]) {
  return parameters
    .filter(({ required }) => flagOf(required) === true)
    .map((parameter) => {
      const place = parameter.in === 'query' ? 'querystring' : textOf(parameter.in);
      return requiredParameter(`method.request.${place}.${textOf(parameter.name)}`);
    });
}

/** OpenAPI 3 has a schema for each media type, version 2 one for all of them. */
function bodiesOf(
  definition: Definition,
  { values, at, method, path }: Operation,
  parameters: readonly Values[],
  context: TriggerContext,
) {
  const [old] = parameters.filter((parameter) => parameter.in === 'body');
  const written = old
    ? [['application/json', mapOf(old.schema)] as const]
    : Object.entries(mapOf(mapOf(values.requestBody).content)).map(
        ([type, media]) => [type.toLowerCase(), mapOf(mapOf(media).schema)] as const,
      );
  const found = written.flatMap(([type, own]) => {
    const schema = { ...own, ...sharedOf(definition) };
    const flaw = schemaFlaw(schema);
    if (flaw === undefined) return [[type, schema] as const];
    warn(
      context,
      'invalid-value',
      at,
      `${method} ${path} of "${definition.resource.id}": the schema for ${type} cannot be followed: ${flaw}; bodies reach the function unchecked`,
    );
    return [];
  });
  return Object.fromEntries(found);
}

/** What schemas refer to, at the place they name. */
function sharedOf({ body }: Definition): Values {
  const { components, definitions } = body;
  const { schemas } = mapOf(components);
  return {
    ...(isMap(schemas) ? { components: { schemas } } : {}),
    ...(isMap(definitions) ? { definitions } : {}),
  };
}
