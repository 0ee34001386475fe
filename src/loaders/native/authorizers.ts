/** Lowers `authorizers` of a `sls-local.config`, for the routes that name them. */
import type { ApiKey, RouteAuthorizer } from '../../model/authorizers.ts';
import {
  type AuthorizerContext,
  httpFunctionAuthorizer,
  jwtAuthorizer,
  restFunctionAuthorizer,
  userPoolAuthorizer,
  withScopes,
} from '../authorizers.ts';
import type { PlaceOf } from '../cloudformation/template.ts';
import { nearest } from '../fields.ts';
import { keySetFile } from '../key-set-files.ts';
import type { Report } from '../problems.ts';
import type {
  AuthorizerConfig,
  DetailedRouteConfig,
  FunctionAuthorizerConfig,
  ProjectConfig,
} from './config.ts';
import { ms } from './resources.ts';

export interface AuthorizerSetting {
  readonly config: ProjectConfig;
  readonly root: string;
  readonly place: PlaceOf;
  readonly report: Report;
}

type Api = 'http' | 'rest';

/** Undefined for a route everybody may call, and after something wrong was reported. `path`: of the function. */
export function routeAuthorizer(
  written: DetailedRouteConfig['authorizer'],
  api: Api,
  path: readonly string[],
  setting: AuthorizerSetting,
): RouteAuthorizer | undefined {
  if (written === undefined) return undefined;
  const { name, scopes = [] } = typeof written === 'string' ? { name: written } : written;
  const { authorizers = {} } = setting.config;
  const declared = Object.hasOwn(authorizers, name) ? authorizers[name] : undefined;
  if (declared) return withScopes(lowered(name, declared, api, setting), scopes);
  if (name === 'iam') return { kind: 'iam' };
  const at = [...path, 'http'];
  setting.report({
    severity: 'error',
    code: 'unknown-authorizer',
    message: `${at.join('.')}: there is no authorizer "${name}" in this file: requests are let through`,
    hint: nearest(name, [...Object.keys(authorizers), 'iam']),
    place: setting.place(at),
    subject: at.join('.'),
  });
  return { kind: 'foreign', name, what: `the authorizer ${name}` };
}

/** `apiKeys`, by numbers: they have no names. */
export function apiKeysOf({ apiKeys = [] }: ProjectConfig): readonly ApiKey[] {
  return apiKeys.map((value, index) => ({
    id: `key${String(index + 1).padStart(7, '0')}`,
    name: `key ${index + 1}`,
    value,
  }));
}

function lowered(
  name: string,
  written: AuthorizerConfig,
  api: Api,
  setting: AuthorizerSetting,
): RouteAuthorizer {
  const path = ['authorizers', name];
  const context = contextOf(path, setting);
  const identitySource = expressionsOf(written.identity ?? 'header.Authorization');
  const here = { folder: setting.root, place: setting.place, report: setting.report };
  const keySetOf = (keys: string | undefined, part: string) =>
    keys === undefined ? {} : { keySet: keySetFile(keys, [...path, part, 'keys'], here) };
  if ('jwt' in written && api === 'http') {
    const { issuer, audience, keys } = written.jwt;
    const made = jwtAuthorizer({ name, identitySource, issuer, audience: [audience].flat() }, context);
    return { ...made, ...keySetOf(keys, 'jwt') };
  }
  if ('userPool' in written && api === 'rest') {
    const { arn, keys } = written.userPool;
    return {
      ...userPoolAuthorizer({ name, identitySource, poolArns: [arn] }, context),
      ...keySetOf(keys, 'userPool'),
    };
  }
  if ('function' in written) return ofFunction(name, written, identitySource, api, context);
  const message =
    'jwt' in written
      ? `authorizer "${name}" goes by jwt, which only HTTP APIs have: requests are let through`
      : 'userPool' in written
        ? `authorizer "${name}" goes by userPool, which only REST APIs have: requests are let through`
        : `authorizer "${name}" has no function, jwt or userPool: requests are let through`;
  setting.report({
    severity: 'error',
    code: 'invalid-value',
    message,
    place: setting.place(path),
    subject: path.join('.'),
  });
  return { kind: 'foreign', name, what: 'what it goes by' };
}

function ofFunction(
  name: string,
  written: FunctionAuthorizerConfig,
  identitySource: readonly string[],
  api: Api,
  context: AuthorizerContext,
): RouteAuthorizer {
  const cacheSeconds = (ms(undefined, written.cache) ?? 300_000) / 1000;
  const settings = { name, uri: written.function, identitySource, cacheSeconds };
  if (api === 'rest')
    return restFunctionAuthorizer(
      { ...settings, type: written.type ?? 'request', validation: written.validation },
      context,
    );
  return httpFunctionAuthorizer(
    { ...settings, payloadFormat: written.payload ?? '2.0', simpleResponses: written.simple ?? false },
    context,
  );
}

function contextOf(path: readonly string[], { config, place, report }: AuthorizerSetting): AuthorizerContext {
  return {
    named: (key) => (Object.hasOwn(config.functions ?? {}, key) ? key : undefined),
    isMadeUp: () => false,
    warn: (code, message, hint) =>
      report({
        severity: 'warning',
        code,
        message,
        ...(hint && { hint }),
        place: place(path),
        subject: path.join('.'),
      }),
  };
}

/** `header.X` → the expression API Gateway has for it. */
function expressionsOf(identity: string | readonly string[]): string[] {
  return [identity].flat().map((text) => {
    if (text.startsWith('header.')) return `$request.${text}`;
    return text.startsWith('query.') ? text.replace('query.', '$request.querystring.') : text;
  });
}
