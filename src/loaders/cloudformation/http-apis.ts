/** Lowers AWS::ApiGatewayV2 APIs, routes and integrations. */
import type { Cors, HttpApiTrigger } from '../../model/project.ts';
import { authorizationOf, lowerHttpAuthorizers, stageVariablesOf } from './api-authorizers.ts';
import { httpApiTimeoutMs, listedCors, routeOf } from './http.ts';
import { integrationWords } from './integration-words.ts';
import { asText } from './plain-functions.ts';
import { numberOf, type TemplateResource, textOf, type Values } from './template.ts';
import { fail, type TriggerContext, warn } from './trigger-context.ts';

interface Integration {
  readonly functionId: string | undefined;
  readonly properties: Values;
}

const integrationKeys = [
  'ApiId',
  'IntegrationType',
  'IntegrationUri',
  'PayloadFormatVersion',
  'TimeoutInMillis',
  'IntegrationSubtype',
];
const routeKeys = [
  ...['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId', 'AuthorizationScopes'],
];

export function lowerHttpApis(context: TriggerContext): HttpApiTrigger[] {
  const { intrinsics } = context;
  const ofType = (type: string) => intrinsics.resources.filter((resource) => resource.type === type);
  const cors = new Map<string, Cors | undefined>();
  const triggers: HttpApiTrigger[] = [];
  const authorizers = lowerHttpAuthorizers(context);
  const stages = httpStagesOf(context);
  const variables = stageVariablesOf({ 'AWS::ApiGatewayV2::Stage': 'StageVariables' }, 'ApiId', context);
  const integrations = new Map(
    ofType('AWS::ApiGatewayV2::Integration').map((resource) => [
      intrinsics.refOf(resource.id),
      readIntegration(resource, context),
    ]),
  );

  for (const api of ofType('AWS::ApiGatewayV2::Api')) {
    const properties = intrinsics.properties(api, [
      'CorsConfiguration',
      'ProtocolType',
      'RouteKey',
      'Target',
    ]);
    cors.set(intrinsics.refOf(api.id), listedCors(properties.CorsConfiguration));
    if (properties.ProtocolType === 'WEBSOCKET') warnOfWebSocket(api, context);
    else if (properties.Target !== undefined) triggers.push(...quickCreated(api, properties));
  }
  for (const route of ofType('AWS::ApiGatewayV2::Route')) triggers.push(...lowerRoute(route));
  return triggers;

  /** "Quick create": the API itself names its function and, if not `$default`, its one route. */
  function quickCreated(api: TemplateResource, properties: Values): HttpApiTrigger[] {
    const functionId = context.functions.named(asText(properties.Target));
    const key = asText(properties.RouteKey ?? '$default');
    if (functionId === undefined) {
      warnOfTarget(api, 'Target', asText(properties.Target), context);
      return [];
    }
    return trigger(api, key, { functionId, properties: {} }, intrinsics.refOf(api.id));
  }

  function lowerRoute(route: TemplateResource): HttpApiTrigger[] {
    const properties = intrinsics.properties(route, routeKeys);
    const api = asText(properties.ApiId);
    if (isWebSocket(api)) return [];
    const name = asText(properties.Target).replace(/^integrations\//, '');
    const integration = integrations.get(name);
    if (integration?.functionId === undefined) {
      if (integration) warnOfIntegration(route, asText(properties.RouteKey), integration.properties, context);
      else warnOfTarget(route, 'Target', name, context);
      return [];
    }
    const what = `route "${asText(properties.RouteKey)}"`;
    const authorizer = authorizationOf(properties, authorizers, { what, path: route.path }, context);
    return trigger(route, asText(properties.RouteKey), integration, api).map((one) =>
      authorizer ? { ...one, authorizer } : one,
    );
  }

  function isWebSocket(api: string): boolean {
    return ofType('AWS::ApiGatewayV2::Api').some(
      (resource) => resource.properties.ProtocolType === 'WEBSOCKET' && intrinsics.refOf(resource.id) === api,
    );
  }

  function trigger(
    resource: TemplateResource,
    key: string,
    { functionId, properties }: Integration,
    api: string,
  ): HttpApiTrigger[] {
    const route = routeOf(key);
    const path = [...resource.path, 'Properties', 'RouteKey'];
    if (!route || functionId === undefined) {
      fail(
        context,
        'invalid-event',
        path,
        `"${key}" is not a route key`,
        'write `GET /orders/{id}` or $default',
      );
      return [];
    }
    const allowed = cors.get(api);
    const stageVariables = variables.get(api);
    const stage = stages.get(api);
    return [
      {
        kind: 'http-api',
        functionId,
        ...route,
        // 1.0 is what an integration made by API or CloudFormation has when it does not say; quick create says 2.0.
        payloadFormat: formatOf(properties, resource),
        ...(stage ? { stage } : {}),
        timeoutMs: numberOf(properties.TimeoutInMillis) ?? httpApiTimeoutMs,
        ...(allowed ? { cors: allowed } : {}),
        ...(stageVariables ? { stageVariables } : {}),
        place: intrinsics.place(resource.path),
      },
    ];
  }
}

/** Name of the first stage of each API, of those that have no `$default` stage. */
export function httpStagesOf({
  intrinsics,
}: Pick<TriggerContext, 'intrinsics'>): ReadonlyMap<string, string> {
  const stages = new Map<string, string>();
  const unnamed = new Set<string>();
  for (const resource of intrinsics.resources) {
    // "Quick create" makes a `$default` stage.
    if (resource.type === 'AWS::ApiGatewayV2::Api' && resource.properties.Target !== undefined)
      unnamed.add(intrinsics.refOf(resource.id));
    if (resource.type !== 'AWS::ApiGatewayV2::Stage') continue;
    const { ApiId, StageName } = intrinsics.properties(resource, ['ApiId', 'StageName']);
    const [api, name] = [asText(ApiId), textOf(StageName)];
    if (name === '$default') unnamed.add(api);
    else if (name !== undefined && !stages.has(api)) stages.set(api, name);
  }
  return new Map([...stages].filter(([api]) => !unnamed.has(api)));
}

function formatOf(properties: Values, resource: TemplateResource): '1.0' | '2.0' {
  const written = properties.PayloadFormatVersion;
  if (written === undefined) return resource.type === 'AWS::ApiGatewayV2::Api' ? '2.0' : '1.0';
  return asText(written).startsWith('2') ? '2.0' : '1.0';
}

function readIntegration(resource: TemplateResource, context: TriggerContext): Integration {
  const properties = context.intrinsics.properties(resource, integrationKeys);
  const proxy = properties.IntegrationType === 'AWS_PROXY' && properties.IntegrationSubtype === undefined;
  return {
    properties,
    functionId: proxy ? context.functions.named(asText(properties.IntegrationUri)) : undefined,
  };
}

function warnOfWebSocket(api: TemplateResource, context: TriggerContext): void {
  warn(
    context,
    'not-emulated',
    [...api.path, 'Properties', 'ProtocolType'],
    `WebSocket API "${api.id}" is not emulated`,
    'call its functions by hand with `sls-local invoke`',
  );
}

function warnOfIntegration(
  route: TemplateResource,
  key: string,
  { IntegrationType: type, IntegrationUri: uri, IntegrationSubtype: subtype }: Values,
  context: TriggerContext,
): void {
  const path = [...route.path, 'Properties', 'Target'];
  warn(context, 'not-emulated', path, integrationWords(`route "${key}"`, { type, uri, subtype }));
}

function warnOfTarget(
  resource: TemplateResource,
  key: string,
  target: string,
  context: TriggerContext,
): void {
  warn(
    context,
    'not-emulated',
    [...resource.path, 'Properties', key],
    `${resource.type} "${resource.id}" leads to "${target}", which is not a function of this project`,
  );
}
