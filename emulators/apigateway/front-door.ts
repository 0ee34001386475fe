/** Compiles the project's HTTP triggers into one table that finds the target of a request. */
import type { RouteGuard } from '../../src/model/authorizers.ts';
import type {
  Cors,
  FunctionUrlTrigger,
  HttpApiTrigger,
  RestApiTrigger,
  Trigger,
} from '../../src/model/project.ts';
import type { RestMockResource } from '../../src/model/resources.ts';
import { deployedPath } from '../../src/model/routes.ts';
import { compileMapping } from './mapping/compile.ts';
import { compileMediaTypes } from './media-types.ts';
import { compileRequestCheck } from './request-check.ts';
import { type Match, makeRouter, type Router } from './router.ts';
import { FUNCTION_PAYLOAD_BYTES, GATEWAY_BODY_BYTES, type HttpApiKind, type Target } from './targets.ts';

/** A route as people are shown it; that of a mock has no function. */
export interface GatewayRoute {
  readonly api: HttpApiKind;
  readonly method: string;
  /** `/orders/{id}`, `$default`, below the stage of an HTTP API that names one; or `/_url/<functionId>/` for a function URL. */
  readonly path: string;
  readonly functionId: string;
}

export interface Found {
  readonly target: Target;
  readonly parameters: Record<string, string> | undefined;
  /** Percent-encoded path without stage, without `/_url/…`. */
  readonly path: string;
}

/** A REST resource with `cors` and the methods it has. */
export interface RestCors {
  readonly cors: Cors;
  readonly methods: readonly string[];
  /** Where the mock asks who calls: what it is a target of. */
  readonly guarded?: Target;
}

export interface FrontDoor {
  readonly routes: readonly GatewayRoute[];
  find(method: string, path: string, host: string | undefined): Found | undefined;
  /** What the HTTP API's platform answers a preflight with. */
  readonly httpCors: Cors | undefined;
  /** The OPTIONS mock of the REST resource at this path. */
  restCors(path: string): RestCors | undefined;
  /** Whether some target answers bit by bit. */
  readonly streams: boolean;
  /** Whose "not found" a request without a route gets. */
  readonly missing: HttpApiKind;
}

/** Ids have the provider's shape (ten letters and digits) and are the same in every session. */
const HTTP_API_ID = 'httplocal0';
const REST_API_ID = 'restlocal0';

const isHttp = (trigger: Trigger): trigger is HttpApiTrigger => trigger.kind === 'http-api';
const isRest = (trigger: Trigger): trigger is RestApiTrigger => trigger.kind === 'rest-api';
const isUrl = (trigger: Trigger): trigger is FunctionUrlTrigger => trigger.kind === 'function-url';

export function compileFrontDoor(
  triggers: readonly Trigger[],
  mocks: readonly RestMockResource[] = [],
): FrontDoor {
  const http = compileHttpApi(triggers.filter(isHttp));
  const rest = compileRestApi([...triggers.filter(isRest), ...mocks]);
  const urls = compileUrls(triggers.filter(isUrl));
  return {
    routes: [...http.routes, ...rest.routes, ...urls.routes],
    streams: triggers.some((trigger) => isUrl(trigger) && trigger.streams === true),
    httpCors: http.cors,
    restCors: rest.cors,
    missing: rest.routes.length > 0 && http.routes.length === 0 ? 'rest-api' : 'http-api',
    find(method, path, host) {
      const url = urls.find(path, host);
      if (url) return url;
      // Both kinds of API share one port here: a REST route goes before an HTTP API's catch-all.
      const staged = http.findStaged(method, path);
      if (staged) return staged.isCatchAll ? (rest.findStaged(method, path) ?? staged) : staged;
      const found = http.find(method, path);
      return found && !found.isCatchAll ? found : (rest.find(method, path) ?? found);
    },
  };
}

function foundOf({ value, parameters }: Match<Target>, path: string): Found {
  return { target: value, parameters, path };
}

interface HttpFound extends Found {
  /** By a `{name+}` at the end, or by `$default`. */
  readonly isCatchAll: boolean;
}

type FindHttp = (method: string, path: string) => HttpFound | undefined;

function compileHttpApi(triggers: readonly HttpApiTrigger[]) {
  const cors = triggers.find((trigger) => trigger.cors)?.cors;
  const stages = [...new Set(triggers.flatMap(({ stage }) => stage ?? []))].map((stage) => ({
    prefix: `/${stage}`,
    find: compileHttpRoutes(
      triggers.filter((trigger) => trigger.stage === stage),
      cors,
    ),
  }));
  return {
    cors,
    routes: triggers.map(routeOf),
    /** Below a named stage, among the routes of that stage. */
    findStaged(method: string, path: string): HttpFound | undefined {
      for (const { prefix, find } of stages) {
        const shown = below(prefix, path);
        const found = shown === undefined ? undefined : find(method, shown);
        if (found) return found;
      }
      return undefined;
    },
    find: compileHttpRoutes(triggers, cors),
  };
}

function compileHttpRoutes(triggers: readonly HttpApiTrigger[], cors: Cors | undefined): FindHttp {
  const router = makeRouter<Target>();
  for (const trigger of triggers)
    if (trigger.path !== '$default') router.add(trigger.method, trigger.path, httpTarget(trigger, cors));
  const last = triggers.find(({ path }) => path === '$default');
  const fallback = last && httpTarget(last, cors);
  return (method, path) => {
    const found = router.find(method, path);
    if (found) return { ...foundOf(found, path), isCatchAll: found.greedy };
    return fallback && { target: fallback, parameters: undefined, path, isCatchAll: true };
  };
}

function httpTarget(trigger: HttpApiTrigger, cors: Cors | undefined): Target {
  return {
    api: 'http-api',
    format: trigger.payloadFormat === '1.0' ? 'http-1.0' : 'http-2.0',
    functionId: trigger.functionId,
    routeKey: trigger.path === '$default' ? '$default' : `${trigger.method} ${trigger.path}`,
    resource: trigger.path,
    stage: trigger.stage ?? '$default',
    apiId: HTTP_API_ID,
    timeoutMs: trigger.timeoutMs,
    maximumBodyBytes: GATEWAY_BODY_BYTES,
    cors,
    ...guardOf(trigger),
    ...(trigger.stageVariables ? { stageVariables: trigger.stageVariables } : {}),
    isBinary: () => false,
  };
}

type RestRoute = RestApiTrigger | RestMockResource;

function compileRestApi(triggers: readonly RestRoute[]) {
  const all = compileRoutes(triggers);
  const stages = [...new Set(triggers.map(({ stage }) => stage))].map((stage): Stage => {
    const own = triggers.filter((trigger) => trigger.stage === stage);
    return { prefix: `/${stage}`, ...(own.length === triggers.length ? all : compileRoutes(own)) };
  });
  return {
    routes: triggers.map(routeOf),
    findStaged,
    /** Below a stage first; then as it is: both `/dev/orders` and `/orders` are served. */
    find(method: string, path: string): Found | undefined {
      const staged = findStaged(method, path);
      if (staged) return staged;
      const found = all.router.find(method, withoutSlash(path));
      return found && foundOf(found, path);
    },
    cors(path: string): RestCors | undefined {
      for (const { prefix, resources } of stages) {
        const shown = below(prefix, path);
        const found = shown === undefined ? undefined : resources.find('OPTIONS', withoutSlash(shown));
        if (found) return found.value;
      }
      return all.resources.find('OPTIONS', withoutSlash(path))?.value;
    },
  };

  /** Below a stage, among the routes of that stage. */
  function findStaged(method: string, path: string): Found | undefined {
    for (const { prefix, router } of stages) {
      const shown = below(prefix, path);
      const found = shown === undefined ? undefined : router.find(method, withoutSlash(shown));
      if (shown !== undefined && found) return foundOf(found, shown);
    }
    return undefined;
  }
}

interface RestRoutes {
  readonly router: Router<Target>;
  readonly resources: Router<RestCors>;
}

interface Stage extends RestRoutes {
  /** First segment of its paths, with the slash before it. */
  readonly prefix: string;
}

function compileRoutes(triggers: readonly RestRoute[]): RestRoutes {
  const router = makeRouter<Target>();
  const resources: Router<RestCors> = makeRouter();
  for (const trigger of triggers) router.add(trigger.method, withoutSlash(trigger.path), restTarget(trigger));
  for (const path of new Set(triggers.map((trigger) => withoutSlash(trigger.path))))
    addRestCors(
      resources,
      path,
      triggers.filter((trigger) => withoutSlash(trigger.path) === path),
    );
  return { router, resources };
}

function restTarget(route: RestRoute): Target {
  const isMock = route.kind === 'rest-mock';
  return {
    api: 'rest-api',
    format: 'rest',
    functionId: isMock ? '' : route.functionId,
    routeKey: `${route.method} ${route.path}`,
    resource: route.path,
    stage: route.stage,
    apiId: REST_API_ID,
    timeoutMs: isMock ? undefined : route.timeoutMs,
    maximumBodyBytes: GATEWAY_BODY_BYTES,
    cors: undefined,
    ...guardOf(route),
    ...(route.stageVariables ? { stageVariables: route.stageVariables } : {}),
    ...(route.mapping ? { mapping: compileMapping(route.mapping) } : {}),
    ...(isMock ? { isMock } : {}),
    ...(!isMock && route.operationName ? { operationName: route.operationName } : {}),
    ...(route.requestCheck ? { check: compileRequestCheck(route.requestCheck) } : {}),
    isBinary: compileMediaTypes(isMock ? [] : route.binaryMediaTypes),
  };
}

/** Nothing at all for a route that everybody may call: it goes the short way. */
function guardOf({ authorizer, apiKeys }: RouteGuard): { guard?: RouteGuard } {
  if (!authorizer && !apiKeys) return {};
  return { guard: { ...(authorizer && { authorizer }), ...(apiKeys && { apiKeys }) } };
}

function addRestCors(resources: Router<RestCors>, path: string, triggers: readonly RestRoute[]): void {
  const rules = triggers.flatMap((trigger) => trigger.cors ?? []);
  const [first] = rules;
  // An OPTIONS method of the project's own takes the mock's place.
  if (!first || triggers.some((trigger) => trigger.method === 'OPTIONS')) return;
  const union = (pick: (cors: Cors) => readonly string[]) => [...new Set(rules.flatMap(pick))];
  const named = union((cors) => cors.allowMethods);
  const methods = named.length > 0 ? named : ['OPTIONS', ...triggers.map((trigger) => trigger.method)];
  const cors: Cors = {
    ...first,
    allowOrigins: union((c) => c.allowOrigins),
    allowHeaders: union((c) => c.allowHeaders),
  };
  const guarded = triggers.find((trigger) => trigger.kind === 'rest-api' && trigger.preflightGuard);
  resources.add('OPTIONS', path, {
    cors,
    methods: [...new Set(methods)],
    ...(guarded?.kind === 'rest-api' &&
      guarded.preflightGuard && {
        guarded: {
          ...restTarget({ ...guarded, method: 'OPTIONS' }),
          guard: guarded.preflightGuard,
        },
      }),
  });
}

/** The path without a stage it begins with; undefined where it begins with another. */
function below(prefix: string, path: string): string | undefined {
  if (path === prefix) return '/';
  return path.startsWith(prefix) && path[prefix.length] === '/' ? path.slice(prefix.length) : undefined;
}

/** REST APIs treat `/orders/` as `/orders`. */
function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

const URL_PREFIX = '/_url/';
const URL_HOST = '.lambda-url.';

function compileUrls(triggers: readonly FunctionUrlTrigger[]) {
  const targets = new Map(triggers.map((trigger) => [addressOf(trigger).toLowerCase(), urlTarget(trigger)]));
  const byHost = (host: string, path: string): Found | undefined => {
    const end = host.indexOf(URL_HOST);
    const target = end < 0 ? undefined : targets.get(host.slice(0, end).toLowerCase());
    return target && { target, parameters: undefined, path };
  };
  const byPath = (path: string): Found | undefined => {
    if (!path.startsWith(URL_PREFIX)) return undefined;
    const end = path.indexOf('/', URL_PREFIX.length);
    const id = end < 0 ? path.slice(URL_PREFIX.length) : path.slice(URL_PREFIX.length, end);
    const target = targets.get(id.toLowerCase());
    return target && { target, parameters: undefined, path: end < 0 ? '/' : path.slice(end) };
  };
  return {
    routes: triggers.map(
      (trigger): GatewayRoute => ({
        api: 'function-url',
        method: 'ANY',
        path: `${URL_PREFIX}${addressOf(trigger)}/`,
        functionId: trigger.functionId,
      }),
    ),
    find: (path: string, host: string | undefined): Found | undefined =>
      targets.size === 0 ? undefined : (host && byHost(host, path)) || byPath(path),
  };
}

function urlTarget(trigger: FunctionUrlTrigger): Target {
  return {
    api: 'function-url',
    format: 'url',
    functionId: trigger.functionId,
    routeKey: '$default',
    resource: '$default',
    stage: '$default',
    apiId: addressOf(trigger),
    timeoutMs: undefined,
    maximumBodyBytes: FUNCTION_PAYLOAD_BYTES,
    streams: trigger.streams === true,
    cors: trigger.cors,
    ...guardOf(trigger),
    isBinary: () => false,
  };
}

function addressOf({ address, functionId }: FunctionUrlTrigger): string {
  return address ?? functionId;
}

function routeOf(trigger: HttpApiTrigger | RestRoute): GatewayRoute {
  const { method, path } = trigger;
  if (trigger.kind === 'rest-mock') return { api: 'rest-api', method, path, functionId: '' };
  const shown = trigger.kind === 'http-api' ? deployedPath(trigger) : path;
  return { api: trigger.kind, method, path: shown, functionId: trigger.functionId };
}
