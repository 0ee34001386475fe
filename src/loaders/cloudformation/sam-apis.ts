/** The settings of a template's APIs, SAM's implicit ones included, by what events name them by. */
import type { RouteGuard } from '../../model/authorizers.ts';
import type { Cors, HttpMethod } from '../../model/project.ts';
import { apiKeysOf, stageVariablesOf, textMap } from './api-authorizers.ts';
import { reportCorsKeys } from './cors-keys.ts';
import { type Definition, extensionOf, type Operation, readDefinition } from './definitions.ts';
import { isRest, listedCors, methodOf, pathOf, quotedCors } from './http.ts';
import { httpStagesOf } from './http-apis.ts';
import { implicitHttpApi, implicitRestApi } from './implied.ts';
import { corsOfExtension, corsOfPreflight, isPreflight } from './openapi-cors.ts';
import { makeSecurity, type Security } from './openapi-security.ts';
import { asText } from './plain-functions.ts';
import { stagesOf } from './rest-apis.ts';
import { makeSamAuth, openAuth, type SamAuth } from './sam-auth.ts';
import { flagOf, listOf, mapOf, type TemplateResource, textOf, type Values } from './template.ts';
import type { TriggerContext } from './trigger-context.ts';

export interface SamApi {
  /** What `Ref` of it gives, or what it is named by where it is not declared here. */
  readonly id: string;
  /** The first path segment of its URL, or `$default`. */
  readonly stage: string;
  readonly binaryMediaTypes: readonly string[];
  readonly auth: SamAuth;
  /** JSON Schemas of REST APIs, by name. */
  readonly models: Values;
  /** Absent = it has none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** REST APIs answer preflight requests path by path. */
  corsOf(path: string): Cors | undefined;
  /** Who may ask for what `corsOf` answers; undefined = everybody. */
  preflightOf(path: string): RouteGuard | undefined;
  /** What its definition has for a route; undefined = nothing, or there is none. */
  operation(method: HttpMethod, path: string): Operation | undefined;
  /** What the operation of its definition asks of callers. */
  securityOf(operation: Operation): Security;
  /** It is declared in this template. */
  readonly isKnown: boolean;
  /** SAM adds no events to its definition: what that does not list, there is not. */
  readonly isClosed: boolean;
}

export interface SamApis {
  /** `id` is an event's `RestApiId` or `ApiId` as resolved, or a logical id; the implicit API when undefined. */
  rest(id: unknown): SamApi;
  http(id: unknown): SamApi;
  readonly definitions: readonly Definition[];
}

const keys = [
  ...['StageName', 'BinaryMediaTypes', 'Cors', 'CorsConfiguration', 'Variables', 'StageVariables'],
  ...['MergeDefinitions', 'Models'],
];

const types = new Set([
  ...['AWS::Serverless::Api', 'AWS::ApiGateway::RestApi'],
  ...['AWS::Serverless::HttpApi', 'AWS::ApiGatewayV2::Api'],
]);

export function makeSamApis(context: TriggerContext): SamApis {
  const { intrinsics } = context;
  const resources = intrinsics.resources.filter(({ type }) => types.has(type));
  // Some name the API by its logical id alone, which SAM takes for a reference.
  const refs = new Map(resources.map(({ id }) => [id, intrinsics.refOf(id)]));
  const refOf = (written: unknown): string => refs.get(asText(written)) ?? asText(written);
  const definitions = new Map(
    resources.flatMap((resource): [string, Definition][] => {
      const definition = readDefinition(resource, context);
      return definition ? [[refOf(resource.id), definition]] : [];
    }),
  );
  const methods = methodsByPath(definitions, refOf, context);
  const stages = new Map([...stagesOf({ intrinsics }), ...httpStagesOf({ intrinsics })]);
  const ofStages = new Map([
    ...stageVariablesOf({ 'AWS::ApiGateway::Stage': 'Variables' }, 'RestApiId', context),
    ...stageVariablesOf({ 'AWS::ApiGatewayV2::Stage': 'StageVariables' }, 'ApiId', context),
  ]);
  const apis = new Map(resources.map((resource) => [refOf(resource.id), makeApi(resource)]));
  return {
    rest: (id) => apis.get(refOf(id ?? implicitRestApi)) ?? unknownApi(refOf(id), 'Prod'),
    http: (id) => apis.get(refOf(id ?? implicitHttpApi)) ?? unknownApi(refOf(id), '$default'),
    definitions: [...definitions.values()],
  };

  function makeApi(resource: TemplateResource): SamApi {
    const properties = intrinsics.properties(resource, keys);
    const api = refOf(resource.id);
    const definition = definitions.get(api);
    const auth = makeSamAuth(resource, isRest(resource) ? 'rest' : 'http', context);
    const variables = properties.Variables ?? properties.StageVariables;
    const stageVariables = variables === undefined ? ofStages.get(api) : textMap(variables);
    const securityOf = definition ? makeSecurity(definition, auth, context) : openSecurity;
    const shared = {
      ...{ id: api, auth, securityOf, isKnown: true, models: mapOf(properties.Models) },
      ...(stageVariables ? { stageVariables } : {}),
      operation: (method: HttpMethod, path: string) =>
        definition?.operations.find((one) => one.method === method && one.path === path),
    };
    const path = [...resource.path, 'Properties'];
    reportCorsKeys(properties.CorsConfiguration, 'listed', [...path, 'CorsConfiguration'], context);
    reportCorsKeys(properties.Cors, 'quoted', [...path, 'Cors'], context);
    if (!isRest(resource)) {
      const extension = definition && extensionOf(definition, 'cors', intrinsics);
      const cors = listedCors(properties.CorsConfiguration) ?? corsOfExtension(extension);
      const stage = textOf(properties.StageName) ?? stages.get(api) ?? '$default';
      return {
        ...{ ...shared, stage, binaryMediaTypes: [], isClosed: false },
        ...{ corsOf: () => cors, preflightOf: () => undefined },
      };
    }
    const preflight = (path: string) =>
      definition?.operations.find((one) => one.path === path && isPreflight(one));
    const types = listOf(
      properties.BinaryMediaTypes ??
        (definition && extensionOf(definition, 'binary-media-types', intrinsics)),
    );
    const isSam = resource.type === 'AWS::Serverless::Api';
    return {
      ...shared,
      stage: isSam ? (textOf(properties.StageName) ?? 'Prod') : (stages.get(api) ?? 'prod'),
      // SAM takes `image~1png` for `image/png`, as in the patches of the API Gateway API.
      binaryMediaTypes: types.map((type) => asText(type).replaceAll('~1', '/')),
      isClosed: isSam && definition?.isWhole === true && flagOf(properties.MergeDefinitions) !== true,
      corsOf(path) {
        const written = preflight(path);
        if (written) return corsOfPreflight(written);
        const listed = methods.get(`${api} ${path}`) ?? [];
        // Who has an OPTIONS method of their own answers preflight requests there.
        return listed.includes('OPTIONS') ? undefined : quotedCors(properties.Cors, listed);
      },
      preflightOf(path) {
        const written = preflight(path);
        return written ? guardOf(securityOf(written), context) : auth.preflight;
      },
    };
  }
}

function guardOf({ authorizer, needsKey }: Security, context: TriggerContext): RouteGuard | undefined {
  if (!authorizer && !needsKey) return undefined;
  return { ...(authorizer && { authorizer }), ...(needsKey && { apiKeys: apiKeysOf(context) }) };
}

const openSecurity = (): Security => ({ needsKey: false });

/** An API of another stack. */
function unknownApi(id: string, stage: string): SamApi {
  return {
    ...{ id, stage, binaryMediaTypes: [], auth: openAuth, securityOf: openSecurity },
    ...{ isClosed: false, isKnown: false, models: {} },
    ...{ corsOf: () => undefined, preflightOf: () => undefined, operation: () => undefined },
  };
}

/** Methods of each path of each REST API, which a preflight answer lists. */
function methodsByPath(
  definitions: ReadonlyMap<string, Definition>,
  refOf: (written: unknown) => string,
  { intrinsics }: TriggerContext,
): ReadonlyMap<string, readonly HttpMethod[]> {
  const found = new Map<string, HttpMethod[]>();
  const add = (api: string, path: string, method: HttpMethod | undefined) => {
    const key = `${api} ${path}`;
    if (method) found.set(key, [...(found.get(key) ?? []), method]);
  };
  for (const [api, { operations }] of definitions)
    for (const { method, path } of operations) add(api, path, method);
  for (const resource of intrinsics.resources.filter(({ type }) => type === 'AWS::Serverless::Function'))
    for (const [name, event] of Object.entries(mapOf(resource.properties.Events))) {
      if (mapOf(event).Type !== 'Api') continue;
      const path = [...resource.path, 'Properties', 'Events', name, 'Properties'];
      const { RestApiId, Path, Method } = mapOf(intrinsics.resolve(mapOf(event).Properties, path));
      add(refOf(RestApiId ?? implicitRestApi), pathOf(Path), methodOf(Method));
    }
  return found;
}
