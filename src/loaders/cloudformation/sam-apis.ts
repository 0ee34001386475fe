/** The settings of a template's APIs, SAM's implicit ones included, by what events name them by. */
import type { Cors, HttpMethod } from '../../model/project.ts';
import { textMap } from './api-authorizers.ts';
import { listedCors, methodOf, pathOf, quotedCors } from './http.ts';
import { implicitHttpApi, implicitRestApi } from './implied.ts';
import type { Intrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { stagesOf } from './rest-apis.ts';
import { makeSamAuth, openAuth, type SamAuth } from './sam-auth.ts';
import { listOf, mapOf, type TemplateResource, textOf } from './template.ts';
import type { TriggerContext } from './trigger-context.ts';

export interface SamApi {
  /** Stage of a REST API: the first path segment of its URL. */
  readonly stage: string;
  readonly binaryMediaTypes: readonly string[];
  readonly auth: SamAuth;
  /** Absent = it has none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** REST APIs answer preflight requests path by path. */
  corsOf(path: string): Cors | undefined;
}

export interface SamApis {
  /** `id` is an event's `RestApiId` or `ApiId` as resolved; the implicit API when undefined. */
  rest(id: unknown): SamApi;
  http(id: unknown): SamApi;
}

const keys = [
  ...['StageName', 'BinaryMediaTypes', 'Cors', 'CorsConfiguration', 'Variables', 'StageVariables'],
];

export function makeSamApis(context: TriggerContext): SamApis {
  const { intrinsics } = context;
  const methods = methodsByPath(intrinsics);
  const stages = stagesOf({ intrinsics });
  const apis = new Map<string, SamApi>();
  for (const resource of intrinsics.resources) {
    const api = makeApi(resource);
    if (api) apis.set(intrinsics.refOf(resource.id), api);
  }
  return {
    rest: (id) => apis.get(id === undefined ? implicit(implicitRestApi) : asText(id)) ?? unknownApi('Prod'),
    http: (id) =>
      apis.get(id === undefined ? implicit(implicitHttpApi) : asText(id)) ?? unknownApi('$default'),
  };

  function implicit(logicalId: string): string {
    return intrinsics.resources.some(({ id }) => id === logicalId) ? intrinsics.refOf(logicalId) : '';
  }

  function makeApi(resource: TemplateResource): SamApi | undefined {
    switch (resource.type) {
      case 'AWS::Serverless::Api':
        return restApi(resource);
      case 'AWS::ApiGateway::RestApi':
        return { ...restApi(resource), stage: stages.get(intrinsics.refOf(resource.id)) ?? 'prod' };
      case 'AWS::Serverless::HttpApi':
      case 'AWS::ApiGatewayV2::Api':
        return httpApi(resource);
      default:
        return undefined;
    }
  }

  function restApi(resource: TemplateResource): SamApi {
    const properties = intrinsics.properties(resource, keys);
    const api = intrinsics.refOf(resource.id);
    return {
      stage: textOf(properties.StageName) ?? 'Prod',
      // SAM takes `image~1png` for `image/png`, as in the patches of the API Gateway API.
      binaryMediaTypes: listOf(properties.BinaryMediaTypes).map((type) => asText(type).replaceAll('~1', '/')),
      auth: makeSamAuth(resource, 'rest', context),
      ...(properties.Variables === undefined ? {} : { stageVariables: textMap(properties.Variables) }),
      corsOf: (path) => quotedCors(properties.Cors, methods.get(`${api} ${path}`) ?? []),
    };
  }

  function httpApi(resource: TemplateResource): SamApi {
    const properties = intrinsics.properties(resource, keys);
    const cors = listedCors(properties.CorsConfiguration);
    return {
      stage: textOf(properties.StageName) ?? '$default',
      binaryMediaTypes: [],
      auth: makeSamAuth(resource, 'http', context),
      ...(properties.StageVariables === undefined
        ? {}
        : { stageVariables: textMap(properties.StageVariables) }),
      corsOf: () => cors,
    };
  }
}

/** An API of another stack. */
function unknownApi(stage: string): SamApi {
  return { stage, binaryMediaTypes: [], auth: openAuth, corsOf: () => undefined };
}

/** Methods of each path of each REST API, which a preflight answer lists. */
function methodsByPath(intrinsics: Intrinsics): ReadonlyMap<string, readonly HttpMethod[]> {
  const found = new Map<string, HttpMethod[]>();
  for (const resource of intrinsics.resources.filter(({ type }) => type === 'AWS::Serverless::Function'))
    for (const [name, event] of Object.entries(mapOf(resource.properties.Events))) {
      if (mapOf(event).Type !== 'Api') continue;
      const path = [...resource.path, 'Properties', 'Events', name, 'Properties'];
      const { RestApiId, Path, Method } = mapOf(intrinsics.resolve(mapOf(event).Properties, path));
      const api = RestApiId === undefined ? intrinsics.refOf(implicitRestApi) : asText(RestApiId);
      const key = `${api} ${pathOf(Path)}`;
      const method = methodOf(Method);
      if (method) found.set(key, [...(found.get(key) ?? []), method]);
    }
  return found;
}
