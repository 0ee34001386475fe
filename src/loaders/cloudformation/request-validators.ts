/** Request validators and models of AWS::ApiGateway: what a method asks of requests. */
import type { RequestCheck } from '../../model/request-check.ts';
import { requestCheckOf, requiredParameter, schemaFlaw } from '../request-checks.ts';
import type { Path } from '../yaml.ts';
import { asText } from './plain-functions.ts';
import { flagOf, isMap, mapOf, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** `properties` are a method's, as resolved, that stand at `path`. */
export type FindRequestCheck = (properties: Values, path: Path) => RequestCheck | undefined;

export const requestKeys = ['RequestModels', 'RequestParameters', 'RequestValidatorId'];

export function makeRequestChecks(context: TriggerContext): FindRequestCheck {
  const { intrinsics } = context;
  const ofType = (type: string, keys: readonly string[]) =>
    new Map(
      intrinsics.resources
        .filter((resource) => resource.type === type)
        .map((resource) => [intrinsics.refOf(resource.id), intrinsics.properties(resource, [...keys])]),
    );
  const validators = ofType('AWS::ApiGateway::RequestValidator', [
    'ValidateRequestBody',
    'ValidateRequestParameters',
  ]);
  const models = ofType('AWS::ApiGateway::Model', ['Schema']);

  const modelOf = (type: string, named: unknown, path: Path) => {
    const name = asText(named);
    // The service's own: one that everything fits, and one for objects without a word on what is in them.
    if (!models.has(name) && (name === 'Empty' || name === 'Error')) return [];
    const schema = schemaOf(models.get(name)?.Schema);
    const flaw = schema ? schemaFlaw(schema) : 'the template has no such model with a schema';
    if (schema && flaw === undefined) return [[type.toLowerCase(), schema] as const];
    warn(
      context,
      'invalid-value',
      [...path, 'RequestModels'],
      `the model "${name}" cannot be followed: ${flaw}; bodies reach the function unchecked`,
    );
    return [];
  };

  return (properties, path) => {
    const validator = validators.get(asText(properties.RequestValidatorId));
    if (!validator) return undefined;
    const checksBody = flagOf(validator.ValidateRequestBody) === true;
    const bodies = checksBody
      ? Object.entries(mapOf(properties.RequestModels)).flatMap(([type, name]) => modelOf(type, name, path))
      : [];
    const required =
      flagOf(validator.ValidateRequestParameters) === true
        ? Object.entries(mapOf(properties.RequestParameters)).filter(([, needed]) => flagOf(needed) === true)
        : [];
    return requestCheckOf(
      required.map(([name]) => requiredParameter(name)),
      Object.fromEntries(bodies),
    );
  };
}

/** A map, or its JSON text. */
function schemaOf(written: unknown): Values | undefined {
  if (isMap(written)) return written;
  try {
    const parsed: unknown = typeof written === 'string' ? JSON.parse(written) : undefined;
    return isMap(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
