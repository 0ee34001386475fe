/** `Auth` of SAM's APIs and of their events: who may call which route. */
import type { RouteAuthorizer, RouteGuard } from '../../model/authorizers.ts';
import type { HttpMethod } from '../../model/project.ts';
import { userPoolAuthorizer, withOnlyScopes, withScopes } from '../authorizers.ts';
import { nearest } from '../fields.ts';
import type { Path } from '../yaml.ts';
import {
  apiKeysOf,
  httpAuthorizer,
  restAuthorizer,
  takesKeyHeader,
  warnOfPolicy,
} from './api-authorizers.ts';
import { authorizerContext } from './authorizer-context.ts';
import { asText } from './plain-functions.ts';
import {
  entryOf,
  flagOf,
  isMap,
  listOf,
  mapOf,
  numberOf,
  type TemplateResource,
  textOf,
  type Values,
} from './template.ts';
import { type SamEvent, type TriggerContext, warn } from './trigger-context.ts';

export interface SamAuth {
  /** What an event's own `Auth` and that of its API come to. */
  guardOf(event: SamEvent, method: HttpMethod): RouteGuard;
  /** What the API asks of operations that say nothing themselves. */
  usualFor(method: HttpMethod): RouteGuard;
  /** An authorizer the API declares, and `AWS_IAM`; undefined = it declares none of that name. */
  named(name: string): RouteAuthorizer | undefined;
  /** API keys come in a header of the request. */
  readonly takesKeys: boolean;
  /** Of the OPTIONS methods SAM adds for CORS; undefined = everybody may call them. */
  readonly preflight: RouteGuard | undefined;
}

type Kind = 'rest' | 'http';

export const openAuth: SamAuth = {
  ...{ guardOf: () => ({}), usualFor: () => ({}), named: () => undefined },
  ...{ takesKeys: true, preflight: undefined },
};

/** SAM specification, ApiAuth and HttpApiAuth. */
export function makeSamAuth(resource: TemplateResource, kind: Kind, context: TriggerContext): SamAuth {
  const { intrinsics } = context;
  const path = [...resource.path, 'Properties', 'Auth'];
  const auth = mapOf(intrinsics.properties(resource, ['Auth']).Auth);
  const declared = mapOf(auth.Authorizers);
  const made = new Map<string, RouteAuthorizer>();
  if (auth.ResourcePolicy !== undefined) warnOfPolicy(resource, [...path, 'ResourcePolicy'], context);
  const usual = textOf(auth.DefaultAuthorizer);
  const { ApiKeySourceType } = intrinsics.properties(resource, ['ApiKeySourceType']);
  const hasKeys = kind === 'rest' && takesKeyHeader(ApiKeySourceType, resource, context);
  const keyUsual = hasKeys && flagOf(auth.ApiKeyRequired) === true;

  return {
    takesKeys: hasKeys,
    named: (name) =>
      name === 'AWS_IAM' || Object.hasOwn(declared, name) ? find(name, path, resource.id) : undefined,
    usualFor,
    guardOf(event, method) {
      const own = mapOf(event.properties.Auth);
      const at = [...event.path, 'Auth'];
      const scopes =
        own.AuthorizationScopes === undefined ? undefined : listOf(own.AuthorizationScopes).map(asText);
      const named = textOf(own.Authorizer);
      const authorizer = find(named ?? (asksUsual(method) ? usual : undefined), at, event.name);
      const needsKey = hasKeys && (flagOf(own.ApiKeyRequired) ?? usualFor(method).apiKeys !== undefined);
      return {
        ...(authorizer && { authorizer: scopes ? withOnlyScopes(authorizer, scopes) : authorizer }),
        ...(needsKey && { apiKeys: apiKeysOf(context) }),
      };
    },
    get preflight() {
      const guard = usualFor('OPTIONS');
      return guard.authorizer || guard.apiKeys ? guard : undefined;
    },
  };

  function usualFor(method: HttpMethod): RouteGuard {
    const authorizer = asksUsual(method) ? find(usual, path, resource.id) : undefined;
    const needsKey = keyUsual && (method !== 'OPTIONS' || asks('AddApiKeyRequiredToCorsPreflight'));
    return { ...(authorizer && { authorizer }), ...(needsKey && { apiKeys: apiKeysOf(context) }) };
  }

  /** OPTIONS of an HTTP API never asks for the default authorizer, that of a REST API unless it says so. */
  function asksUsual(method: HttpMethod): boolean {
    return method !== 'OPTIONS' || (kind === 'rest' && asks('AddDefaultAuthorizerToCorsPreflight'));
  }

  function asks(key: string): boolean {
    return flagOf(auth[key]) ?? true;
  }

  function find(name: string | undefined, at: Path, of: string): RouteAuthorizer | undefined {
    if (name === undefined || name === 'NONE') return undefined;
    // An HTTP API may declare one of that name.
    if (name === 'AWS_IAM' && !(kind === 'http' && isMap(declared[name]))) return { kind: 'iam' };
    const known = made.get(name);
    if (known) return known;
    const authorizer = make(name, at, of);
    made.set(name, authorizer);
    return authorizer;
  }

  function make(name: string, at: Path, of: string): RouteAuthorizer {
    const written = entryOf(declared, name);
    const here = [...path, 'Authorizers', name];
    if (isMap(written)) {
      const scopes = listOf(written.AuthorizationScopes).map(asText);
      const authorizer = kind === 'rest' ? ofRest(name, written, here) : ofHttp(name, written, here);
      return withScopes(authorizer, scopes);
    }
    warn(
      context,
      'unknown-authorizer',
      at,
      `"${of}" names the authorizer "${name}", which its API does not declare: requests are let through`,
      nearest(name, [...Object.keys(declared), 'AWS_IAM', 'NONE']),
    );
    return { kind: 'foreign', name, what: `the authorizer ${name}` };
  }

  function ofRest(name: string, written: Values, at: Path): RouteAuthorizer {
    const identity = mapOf(written.Identity);
    const validation = textOf(identity.ValidationExpression);
    const header = textOf(identity.Header);
    const source = header === undefined ? undefined : `method.request.header.${header}`;
    if (written.UserPoolArn !== undefined)
      return userPoolAuthorizer(
        { name, identitySource: source, validation, poolArns: listOf(written.UserPoolArn).map(asText) },
        authorizerContext(context, at),
      );
    const type = asText(written.FunctionPayloadType ?? 'TOKEN');
    return restAuthorizer(
      {
        ...{ name, type, validation, poolArns: [] },
        uri: asText(written.FunctionArn),
        identitySource: type.toUpperCase() === 'REQUEST' ? sourcesOf(identity, 'method.request') : source,
        cacheSeconds: numberOf(identity.ReauthorizeEvery),
      },
      at,
      context,
    );
  }

  function ofHttp(name: string, written: Values, at: Path): RouteAuthorizer {
    const identity = mapOf(written.Identity);
    const jwt = mapOf(written.JwtConfiguration);
    const sources = sourcesOf(identity, '$request');
    return httpAuthorizer(
      {
        name,
        uri: asText(written.FunctionArn),
        identitySource: written.IdentitySource ?? sources,
        payloadFormat: written.AuthorizerPayloadFormatVersion,
        simpleResponses: flagOf(written.EnableSimpleResponses) ?? false,
        // "By default, API Gateway sets this property to 300" (SAM specification), where there is an identity.
        cacheSeconds: numberOf(identity.ReauthorizeEvery) ?? (sources.length > 0 ? 300 : 0),
        ...(isMap(written.JwtConfiguration)
          ? {
              jwt: {
                issuer: asText(jwt.issuer ?? jwt.Issuer),
                audience: listOf(jwt.audience ?? jwt.Audience).map(asText),
              },
            }
          : {}),
      },
      at,
      context,
    );
  }
}

/** `prefix`: `method.request` in a REST API, `$request` in an HTTP API. In SAM's order: functions are handed the values in it. */
function sourcesOf(identity: Values, prefix: string): string[] {
  const isHttp = prefix.startsWith('$');
  const dollar = isHttp ? '$' : '';
  const named = (key: string, before: string) =>
    listOf(identity[key]).map((name) => `${before}.${asText(name)}`);
  const ofContext = named('Context', `${dollar}context`);
  return [
    ...(isHttp ? ofContext : []),
    ...named('Headers', `${prefix}.header`),
    ...named('QueryStrings', `${prefix}.querystring`),
    ...named('StageVariables', `${dollar}stageVariables`),
    ...(isHttp ? [] : ofContext),
  ];
}
