/** Lowers routes that an API's OpenAPI definition ties to functions. */
import type { HttpApiTrigger, RestApiTrigger } from '../../model/project.ts';
import { apiKeysOf } from './api-authorizers.ts';
import { mappedOperation, operationMapping } from './aws-integrations.ts';
import { definitionKeysOf } from './definition-keys.ts';
import type { Definition, Operation } from './definitions.ts';
import { httpApiTimeoutMs, isRest, restApiTimeoutMs } from './http.ts';
import { integrationWords } from './integration-words.ts';
import { isPreflight } from './openapi-cors.ts';
import { requestCheckOfOperation } from './openapi-validators.ts';
import { asText } from './plain-functions.ts';
import type { SamApis } from './sam-apis.ts';
import { mapOf, numberOf, textOf } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

type Route = HttpApiTrigger | RestApiTrigger;

export function lowerDefinitions(apis: SamApis, context: TriggerContext): Route[] {
  warnOfAbsent(context);
  return apis.definitions.flatMap((definition) =>
    definition.operations.flatMap((operation) => lowerOperation(definition, operation, apis, context)),
  );
}

/** A definition that was read has taken the place of what named it. */
function warnOfAbsent(context: TriggerContext): void {
  for (const resource of context.intrinsics.resources) {
    const key = definitionKeysOf(resource.type)?.file;
    if (key === undefined || resource.properties[key] === undefined) continue;
    const written = resource.properties[key];
    const isFile = typeof written === 'string' && !/^(s3|https?):/.test(written);
    const where = textOf(written) ?? JSON.stringify(written);
    const rest = key === 'DefinitionUri' ? 'only the routes of events are served' : 'its routes are missing';
    warn(
      context,
      isFile ? 'definition-not-found' : 'not-emulated',
      [...resource.path, 'Properties', key],
      isFile
        ? `the definition "${where}" of "${resource.id}" does not exist: ${rest}`
        : `the definition of "${resource.id}" is not on this machine, but at ${where}: ${rest}`,
      isFile ? 'the path is relative to the template' : 'point it at a file beside the template',
    );
  }
}

function lowerOperation(
  definition: Definition,
  operation: Operation,
  apis: SamApis,
  context: TriggerContext,
): Route[] {
  const { resource } = definition;
  const { method, path, integration, at } = operation;
  if (isRest(resource))
    context.tellPath?.({ api: apis.rest(resource.id).id, path, place: context.intrinsics.place(at) });
  if (!integration || isPreflight(operation)) return [];
  const isMock = asText(integration.type).toLowerCase() === 'mock';
  if (isMock && isRest(resource)) {
    declareMock(definition, operation, apis, context);
    return [];
  }
  const functionId = functionOf(operation, context);
  if (functionId !== undefined) return [routeTo(functionId, definition, operation, apis, context)];
  const mapped =
    isRest(resource) && mappedOperation(integration, [...at, 'x-amazon-apigateway-integration'], context);
  if (mapped) {
    const route = routeTo(mapped.functionId, definition, operation, apis, context);
    return [route.kind === 'rest-api' ? { ...route, mapping: mapped.mapping } : route];
  }
  warn(
    context,
    'not-emulated',
    at,
    integrationWords(`${method} ${path} of "${resource.id}"`, {
      type: integration.type,
      uri: integration.uri,
      subtype: integration.integrationSubtype,
    }),
  );
  return [];
}

function declareMock(
  definition: Definition,
  operation: Operation,
  apis: SamApis,
  context: TriggerContext,
): void {
  const { resource } = definition;
  const { method, path, at, integration } = operation;
  const requestCheck = requestCheckOfOperation(definition, operation, context);
  const api = apis.rest(resource.id);
  const { authorizer, needsKey } = api.securityOf(operation);
  const cors = api.corsOf(path);
  context.declare?.({
    ...{ kind: 'rest-mock', name: `${method} ${path}`, method, path, stage: api.stage },
    mapping: operationMapping(mapOf(integration), [...at, 'x-amazon-apigateway-integration'], context),
    ...(cors ? { cors } : {}),
    ...(authorizer ? { authorizer } : {}),
    ...(needsKey ? { apiKeys: apiKeysOf(context) } : {}),
    ...(api.stageVariables ? { stageVariables: api.stageVariables } : {}),
    ...(requestCheck ? { requestCheck } : {}),
    place: context.intrinsics.place(at),
  });
}

/** Project id of the function an operation hands its requests to. */
export function functionOf(
  { integration }: Operation,
  { functions }: Pick<TriggerContext, 'functions'>,
): string | undefined {
  const { type, uri, integrationSubtype } = mapOf(integration);
  const isProxy = asText(type).toLowerCase() === 'aws_proxy' && integrationSubtype === undefined;
  return isProxy ? functions.named(asText(uri)) : undefined;
}

function routeTo(
  functionId: string,
  definition: Definition,
  operation: Operation,
  apis: SamApis,
  context: TriggerContext,
): Route {
  const { resource } = definition;
  const { method, path, at } = operation;
  const { timeoutInMillis, payloadFormatVersion } = mapOf(operation.integration);
  const api = isRest(resource) ? apis.rest(resource.id) : apis.http(resource.id);
  const { authorizer, needsKey } = api.securityOf(operation);
  const cors = api.corsOf(path);
  const common = {
    ...{ functionId, method, path },
    ...(cors ? { cors } : {}),
    ...(authorizer ? { authorizer } : {}),
    ...(api.stageVariables ? { stageVariables: api.stageVariables } : {}),
    place: context.intrinsics.place(at),
  };
  const timeoutMs = numberOf(timeoutInMillis);
  if (!isRest(resource))
    return {
      ...{ kind: 'http-api', ...common },
      payloadFormat: asText(payloadFormatVersion).startsWith('2') ? '2.0' : '1.0',
      ...(api.stage === '$default' ? {} : { stage: api.stage }),
      timeoutMs: timeoutMs ?? httpApiTimeoutMs,
    };
  const preflightGuard = cors && api.preflightOf(path);
  const operationName = textOf(operation.values.operationId);
  const requestCheck = requestCheckOfOperation(definition, operation, context);
  return {
    ...{ kind: 'rest-api', ...common, stage: api.stage, binaryMediaTypes: api.binaryMediaTypes },
    timeoutMs: timeoutMs ?? restApiTimeoutMs,
    ...(needsKey ? { apiKeys: apiKeysOf(context) } : {}),
    ...(preflightGuard ? { preflightGuard } : {}),
    ...(operationName ? { operationName } : {}),
    ...(requestCheck ? { requestCheck } : {}),
  };
}
