/** Lowers routes that an API's OpenAPI definition ties to functions. */
import type { HttpApiTrigger, HttpMethod, RestApiTrigger } from '../../model/project.ts';
import type { Path } from '../yaml.ts';
import { apiKeysOf } from './api-authorizers.ts';
import { httpApiTimeoutMs, methodOf, pathOf, restApiTimeoutMs } from './http.ts';
import { integrationWords } from './integration-words.ts';
import { makeSecurity, type Security } from './openapi-security.ts';
import { asText } from './plain-functions.ts';
import type { SamApis } from './sam-apis.ts';
import { entryOf, isMap, mapOf, numberOf, type TemplateResource, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** API types, and the property that holds their definition. */
const definitions: Readonly<Record<string, string>> = {
  'AWS::Serverless::Api': 'DefinitionBody',
  'AWS::Serverless::HttpApi': 'DefinitionBody',
  'AWS::ApiGateway::RestApi': 'Body',
  'AWS::ApiGatewayV2::Api': 'Body',
};

type Route = HttpApiTrigger | RestApiTrigger;

/** One operation of a definition, resolved. */
interface Operation {
  readonly resource: TemplateResource;
  readonly method: HttpMethod;
  readonly path: string;
  readonly integration: Values;
  /** Path of the operation in the template. */
  readonly at: Path;
  readonly security: Security;
  readonly operation: Values;
}

export function lowerDefinitions(apis: SamApis, context: TriggerContext): Route[] {
  return context.intrinsics.resources.flatMap((resource) => {
    const key = entryOf(definitions, resource.type);
    if (key === undefined || resource.properties[key] === undefined) return [];
    return operationsOf(resource, key, context).flatMap((operation) =>
      lowerOperation(operation, apis, context),
    );
  });
}

function operationsOf(resource: TemplateResource, key: string, context: TriggerContext): Operation[] {
  const body = mapOf(resource.properties[key]);
  const security = makeSecurity(resource, [...resource.path, 'Properties', key], body, context);
  return Object.entries(pathsOf(resource, key, context)).flatMap(([path, operations]) =>
    Object.entries(mapOf(operations)).flatMap(([verb, operation]) => {
      const method = methodOf(verb);
      const integration = mapOf(operation)['x-amazon-apigateway-integration'];
      if (!method || !isMap(integration)) return [];
      const at = [...resource.path, 'Properties', key, 'paths', path, verb];
      return { resource, method, path, integration, at, security, operation: mapOf(operation) };
    }),
  );
}

function lowerOperation(operation: Operation, apis: SamApis, context: TriggerContext): Route[] {
  const { resource, method, path, integration, at } = operation;
  const type = asText(integration.type).toLowerCase();
  if (type === 'mock' && method === 'OPTIONS') return [];
  const proxy = type === 'aws_proxy' && integration.integrationSubtype === undefined;
  const functionId = proxy ? context.functions.named(asText(integration.uri)) : undefined;
  if (functionId !== undefined) return [routeTo(functionId, operation, apis, context)];
  warn(
    context,
    'not-emulated',
    at,
    integrationWords(`${method} ${path} of "${resource.id}"`, {
      type,
      uri: integration.uri,
      subtype: integration.integrationSubtype,
    }),
  );
  return [];
}

function routeTo(
  functionId: string,
  { resource, method, path, integration, at, security, operation }: Operation,
  apis: SamApis,
  context: TriggerContext,
): Route {
  const { intrinsics } = context;
  const id = intrinsics.refOf(resource.id);
  const { authorizer, needsKey } = security.of(operation, at);
  const common = {
    ...{ functionId, method, path: pathOf(path) },
    ...(authorizer ? { authorizer } : {}),
    place: intrinsics.place(at),
  };
  const timeoutMs = numberOf(integration.timeoutInMillis);
  if (resource.type === 'AWS::Serverless::Api' || resource.type === 'AWS::ApiGateway::RestApi') {
    const { stage, binaryMediaTypes } = apis.rest(id);
    return {
      ...{ kind: 'rest-api', ...common, stage, binaryMediaTypes },
      timeoutMs: timeoutMs ?? restApiTimeoutMs,
      ...(needsKey ? { apiKeys: apiKeysOf(context) } : {}),
    };
  }
  const cors = apis.http(id).corsOf(path);
  return {
    kind: 'http-api',
    ...common,
    payloadFormat: asText(integration.payloadFormatVersion).startsWith('2') ? '2.0' : '1.0',
    timeoutMs: timeoutMs ?? httpApiTimeoutMs,
    ...(cors ? { cors } : {}),
  };
}

/** The rest of a definition is policies, schemas and texts: nothing that is needed, and much that might not resolve. */
function pathsOf(resource: TemplateResource, key: string, context: TriggerContext): Values {
  const body = mapOf(resource.properties[key]);
  const path = [...resource.path, 'Properties', key];
  return 'paths' in body
    ? mapOf(context.intrinsics.resolve(body.paths, [...path, 'paths']))
    : mapOf(mapOf(context.intrinsics.resolve(body, path)).paths);
}
