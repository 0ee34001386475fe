/** Lowers AWS::ApiGateway REST APIs: the tree of resources to paths, and their methods to routes. */
import type { RouteGuard } from '../../model/authorizers.ts';
import type { Cors, HttpMethod, RestApiTrigger } from '../../model/project.ts';
import {
  apiKeysOf,
  authorizationOf,
  lowerRestAuthorizers,
  stageVariablesOf,
  takesKeyHeader,
  warnOfPolicy,
} from './api-authorizers.ts';
import { mappedMethod, methodMapping } from './aws-integrations.ts';
import { methodOf, preflightHeaders, restApiTimeoutMs } from './http.ts';
import { integrationWords } from './integration-words.ts';
import { asText } from './plain-functions.ts';
import { makeRequestChecks, requestKeys } from './request-validators.ts';
import { flagOf, listOf, mapOf, numberOf, type TemplateResource, textOf, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

interface RestMethod {
  readonly resource: TemplateResource;
  readonly properties: Values;
  readonly api: string;
  readonly path: string;
}

export function lowerRestApis(context: TriggerContext): RestApiTrigger[] {
  const { intrinsics } = context;
  const ofType = (type: string) => intrinsics.resources.filter((resource) => resource.type === type);
  const pathOf = makePaths(ofType('AWS::ApiGateway::Resource'), context);
  const requestChecks = makeRequestChecks(context);
  const stages = stagesOf(context);
  const authorizers = lowerRestAuthorizers(context);
  const variables = stageVariablesOf({ 'AWS::ApiGateway::Stage': 'Variables' }, 'RestApiId', context);
  const binaryTypes = new Map(
    ofType('AWS::ApiGateway::RestApi').map((api) => [
      intrinsics.refOf(api.id),
      listOf(intrinsics.properties(api, ['BinaryMediaTypes']).BinaryMediaTypes).map(asText),
    ]),
  );

  for (const api of ofType('AWS::ApiGateway::RestApi'))
    if (api.properties.Policy !== undefined)
      warnOfPolicy(api, [...api.path, 'Properties', 'Policy'], context);

  const withoutKeys = new Set(
    ofType('AWS::ApiGateway::RestApi')
      .filter(
        (api) =>
          !takesKeyHeader(intrinsics.properties(api, ['ApiKeySourceType']).ApiKeySourceType, api, context),
      )
      .map((api) => intrinsics.refOf(api.id)),
  );

  const methods = ofType('AWS::ApiGateway::Method').map((resource): RestMethod => {
    const properties = intrinsics.properties(resource, [
      'RestApiId',
      'ResourceId',
      'HttpMethod',
      'Integration',
      'AuthorizationType',
      'AuthorizerId',
      'AuthorizationScopes',
      'ApiKeyRequired',
      'OperationName',
      ...requestKeys,
    ]);
    const api = asText(properties.RestApiId);
    const path = pathOf(asText(properties.ResourceId));
    context.tellPath?.({ api, path, place: intrinsics.place(resource.path) });
    return { resource, properties, api, path };
  });
  const preflights = new Map(
    methods.flatMap((method): [string, Cors][] => {
      const cors = preflightOf(method);
      return cors ? [[`${method.api} ${method.path}`, cors]] : [];
    }),
  );
  const preflightGuards = new Map(
    methods.flatMap((method): [string, { preflightGuard: RouteGuard }][] => {
      const preflightGuard = preflightOf(method) && guardOf(method);
      return preflightGuard ? [[`${method.api} ${method.path}`, { preflightGuard }]] : [];
    }),
  );
  return methods.flatMap(lowerMethod);

  function guardOf({ properties, path, resource, api }: RestMethod): RouteGuard | undefined {
    const what = `${asText(properties.HttpMethod)} ${path}`;
    const authorizer = authorizationOf(properties, authorizers, { what, path: resource.path }, context);
    const needsKey = flagOf(properties.ApiKeyRequired) === true && !withoutKeys.has(api);
    if (!authorizer && !needsKey) return undefined;
    return { ...(authorizer && { authorizer }), ...(needsKey && { apiKeys: apiKeysOf(context) }) };
  }

  function lowerMethod(one: RestMethod): RestApiTrigger[] {
    const { resource, properties, api, path } = one;
    const method = methodOf(properties.HttpMethod);
    const integration = mapOf(properties.Integration);
    const type = asText(integration.Type).toUpperCase();
    const at = [...resource.path, 'Properties', 'Integration'];
    if (type === 'MOCK' && method) {
      // CORS belongs to the routes of its path.
      if (preflightOf(one)) return [];
      const mapping = methodMapping(integration, at, context);
      context.declare?.({ kind: 'rest-mock', name: `${method} ${path}`, mapping, ...sharedOf(one, method) });
      return [];
    }
    const mapped = mappedMethod(integration, at, context);
    const functionId =
      type === 'AWS_PROXY' ? context.functions.named(asText(integration.Uri)) : mapped?.functionId;
    if (functionId === undefined || !method) {
      warn(
        context,
        'not-emulated',
        at,
        integrationWords(`method ${asText(properties.HttpMethod)} ${path}`, { type, uri: integration.Uri }),
      );
      return [];
    }
    const operationName = textOf(properties.OperationName);
    return [
      {
        kind: 'rest-api',
        functionId,
        ...sharedOf(one, method),
        timeoutMs: numberOf(integration.TimeoutInMillis) ?? restApiTimeoutMs,
        binaryMediaTypes: binaryTypes.get(api) ?? [],
        ...(preflights.has(`${api} ${path}`) && preflightGuards.get(`${api} ${path}`)),
        ...(mapped ? { mapping: mapped.mapping } : {}),
        ...(operationName ? { operationName } : {}),
      },
    ];
  }

  function sharedOf(one: RestMethod, method: HttpMethod) {
    const { resource, properties, api, path } = one;
    const requestCheck = requestChecks(properties, [...resource.path, 'Properties']);
    const stageVariables = variables.get(api);
    const cors = preflights.get(`${api} ${path}`);
    return {
      ...{ method, path, stage: stages.get(api) ?? 'prod' },
      ...(cors ? { cors } : {}),
      ...guardOf(one),
      ...(stageVariables ? { stageVariables } : {}),
      ...(requestCheck ? { requestCheck } : {}),
      place: intrinsics.place(resource.path),
    };
  }
}

/** Path of a resource by its id: its parents' parts and its own. An id that is no resource's is the root. */
function makePaths(resources: readonly TemplateResource[], context: TriggerContext): (id: string) => string {
  const parts = new Map(
    resources.map((resource) => [
      context.intrinsics.refOf(resource.id),
      context.intrinsics.properties(resource, ['ParentId', 'PathPart']),
    ]),
  );
  const segments = (id: string, depth: number): string => {
    const resource = parts.get(id);
    if (!resource || depth > parts.size) return '';
    return `${segments(asText(resource.ParentId), depth + 1)}/${asText(resource.PathPart)}`;
  };
  return (id) => segments(id, 0) || '/';
}

/** Name of the first stage of each API; deployments may name one as well. */
export function stagesOf({ intrinsics }: Pick<TriggerContext, 'intrinsics'>): ReadonlyMap<string, string> {
  const stages = new Map<string, string>();
  for (const type of ['AWS::ApiGateway::Stage', 'AWS::ApiGateway::Deployment'])
    for (const resource of intrinsics.resources.filter((candidate) => candidate.type === type)) {
      const { RestApiId, StageName } = intrinsics.properties(resource, ['RestApiId', 'StageName']);
      const name = textOf(StageName);
      if (name !== undefined && !stages.has(asText(RestApiId))) stages.set(asText(RestApiId), name);
    }
  return stages;
}

/** CORS as templates spell it out: an OPTIONS method that answers headers by itself. Undefined for other mocks. */
function preflightOf({ properties }: RestMethod): Cors | undefined {
  const integration = mapOf(properties.Integration);
  if (properties.HttpMethod !== 'OPTIONS' || asText(integration.Type).toUpperCase() !== 'MOCK')
    return undefined;
  const cors = preflightHeaders(mapOf(mapOf(listOf(integration.IntegrationResponses)[0]).ResponseParameters));
  return cors.allowOrigins.length > 0 ? cors : undefined;
}
