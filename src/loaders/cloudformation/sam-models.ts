/** `RequestModel` and `RequestParameters` of SAM's Api events: what requests must have, where the event has it validated. */
import type { BodySchemas, RequestCheck } from '../../model/request-check.ts';
import { requestCheckOf, requiredParameter, schemaFlaw } from '../request-checks.ts';
import { asText } from './plain-functions.ts';
import type { SamApi } from './sam-apis.ts';
import { flagOf, isMap, listOf, mapOf } from './template.ts';
import { type SamEvent, type TriggerContext, warn } from './trigger-context.ts';

/** Without a word on validation models are documentation. */
export function requestCheckOfEvent(
  event: SamEvent,
  api: SamApi,
  context: TriggerContext,
): RequestCheck | undefined {
  const request = mapOf(event.properties.RequestModel);
  if (request.Model === undefined) return undefined;
  const parameters = flagOf(request.ValidateParameters) === true ? requiredOf(event) : [];
  const bodies =
    flagOf(request.ValidateBody) === true ? modelOf(event, asText(request.Model), api, context) : {};
  return requestCheckOf(parameters, bodies);
}

/** Each is a name, or a map of the name with what is said of it. */
function requiredOf({ properties }: SamEvent) {
  return listOf(properties.RequestParameters).flatMap((entry) =>
    Object.entries(mapOf(entry))
      .filter(([, said]) => flagOf(mapOf(said).Required) === true)
      .map(([name]) => requiredParameter(name)),
  );
}

/** SAM's models are of JSON. */
function modelOf(
  { owner, name, path }: SamEvent,
  model: string,
  api: SamApi,
  context: TriggerContext,
): BodySchemas {
  const schema = Object.hasOwn(api.models, model) ? api.models[model] : undefined;
  const flaw = isMap(schema) ? schemaFlaw(schema) : 'the API has no such model in its Models';
  if (isMap(schema) && flaw === undefined) return { 'application/json': schema };
  warn(
    context,
    'invalid-value',
    [...path, 'RequestModel'],
    `event "${name}" of function "${owner}": the model "${model}" cannot be followed: ${flaw}; bodies reach the function unchecked`,
  );
  return {};
}
