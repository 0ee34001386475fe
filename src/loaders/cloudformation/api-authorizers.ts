/** Lowers AWS::ApiGateway::Authorizer and AWS::ApiGatewayV2::Authorizer, and what methods and routes say of them. */
import type { ApiKey, RouteAuthorizer } from '../../model/authorizers.ts';
import {
  httpFunctionAuthorizer,
  jwtAuthorizer,
  restFunctionAuthorizer,
  userPoolAuthorizer,
  withScopes,
} from '../authorizers.ts';
import type { Path } from '../yaml.ts';
import { authorizerContext, stacksOf } from './authorizer-context.ts';
import type { Intrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { flagOf, listOf, mapOf, numberOf, type TemplateResource, textOf, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** By what `Ref` of each gives. */
export type Authorizers = ReadonlyMap<string, RouteAuthorizer>;

const restKeys = [
  ...['Name', 'Type', 'AuthorizerUri', 'IdentitySource', 'IdentityValidationExpression'],
  ...['AuthorizerResultTtlInSeconds', 'ProviderARNs'],
];

export function lowerRestAuthorizers(context: TriggerContext): Authorizers {
  return lowerAll('AWS::ApiGateway::Authorizer', context, (resource, here) => {
    const p = here.intrinsics.properties(resource, restKeys);
    return restAuthorizer(
      {
        name: textOf(p.Name) ?? resource.id,
        type: asText(p.Type),
        uri: asText(p.AuthorizerUri),
        identitySource: p.IdentitySource,
        validation: textOf(p.IdentityValidationExpression),
        cacheSeconds: numberOf(p.AuthorizerResultTtlInSeconds),
        poolArns: listOf(p.ProviderARNs).map(asText),
      },
      resource.path,
      here,
    );
  });
}

export interface RestAuthorizerWords {
  readonly name: string;
  /** `TOKEN`, `REQUEST`, `COGNITO_USER_POOLS`, in any case. */
  readonly type: string;
  readonly uri: string;
  readonly identitySource: unknown;
  readonly validation: string | undefined;
  readonly cacheSeconds: number | undefined;
  readonly poolArns: readonly string[];
}

/** As the resource and OpenAPI extensions have it. */
export function restAuthorizer(
  { type, ...words }: RestAuthorizerWords,
  path: Path,
  context: TriggerContext,
): RouteAuthorizer {
  const here = authorizerContext(context, path);
  if (type.toUpperCase() === 'COGNITO_USER_POOLS') return userPoolAuthorizer(words, here);
  return restFunctionAuthorizer(
    { ...words, type: type.toUpperCase() === 'REQUEST' ? 'request' : 'token' },
    here,
  );
}

const httpKeys = [
  ...['Name', 'AuthorizerType', 'AuthorizerUri', 'IdentitySource', 'AuthorizerPayloadFormatVersion'],
  ...['EnableSimpleResponses', 'AuthorizerResultTtlInSeconds', 'JwtConfiguration'],
];

export function lowerHttpAuthorizers(context: TriggerContext): Authorizers {
  return lowerAll('AWS::ApiGatewayV2::Authorizer', context, (resource, here) => {
    const p = here.intrinsics.properties(resource, httpKeys);
    const jwt = mapOf(p.JwtConfiguration);
    return httpAuthorizer(
      {
        name: textOf(p.Name) ?? resource.id,
        uri: asText(p.AuthorizerUri),
        identitySource: p.IdentitySource,
        payloadFormat: p.AuthorizerPayloadFormatVersion,
        simpleResponses: flagOf(p.EnableSimpleResponses) ?? false,
        cacheSeconds: numberOf(p.AuthorizerResultTtlInSeconds),
        ...(asText(p.AuthorizerType).toUpperCase() === 'JWT'
          ? { jwt: { issuer: asText(jwt.Issuer), audience: listOf(jwt.Audience).map(asText) } }
          : {}),
      },
      resource.path,
      here,
    );
  });
}

export interface HttpAuthorizerWords {
  readonly name: string;
  readonly uri: string;
  readonly identitySource: unknown;
  /** `2.0`, which YAML reads as a number. */
  readonly payloadFormat: unknown;
  readonly simpleResponses: boolean;
  readonly cacheSeconds: number | undefined;
  /** Absent = a function decides. */
  readonly jwt?: { readonly issuer: string; readonly audience: readonly string[] };
}

export function httpAuthorizer(
  { jwt, payloadFormat, ...words }: HttpAuthorizerWords,
  path: Path,
  context: TriggerContext,
): RouteAuthorizer {
  const here = authorizerContext(context, path);
  if (jwt) return jwtAuthorizer({ ...words, ...jwt }, here);
  const isFirst = asText(payloadFormat).startsWith('1');
  return httpFunctionAuthorizer({ ...words, payloadFormat: isFirst ? '1.0' : '2.0' }, here);
}

/** By type, for each stack: methods of one may name authorizers of another, which are told of but once. */
const lowered = new WeakMap<Intrinsics, Map<string, Authorizers>>();

function lowerAll(
  type: string,
  context: TriggerContext,
  lower: (resource: TemplateResource, context: TriggerContext) => RouteAuthorizer,
): Authorizers {
  return new Map(
    stacksOf(context).flatMap((intrinsics) => {
      const byType = lowered.get(intrinsics) ?? new Map<string, Authorizers>();
      lowered.set(intrinsics, byType);
      const known = byType.get(type) ?? ofStack(type, { ...context, intrinsics }, lower);
      byType.set(type, known);
      return [...known];
    }),
  );
}

function ofStack(
  type: string,
  context: TriggerContext,
  lower: (resource: TemplateResource, context: TriggerContext) => RouteAuthorizer,
): Authorizers {
  const { intrinsics } = context;
  return new Map(
    intrinsics.resources
      .filter((resource) => resource.type === type)
      .map((resource) => [intrinsics.refOf(resource.id), lower(resource, context)]),
  );
}

/** `AuthorizationType`, `AuthorizerId` and `AuthorizationScopes` of a method or route; `what` is it for people. */
export function authorizationOf(
  properties: Values,
  authorizers: Authorizers,
  { what, path }: { readonly what: string; readonly path: Path },
  context: TriggerContext,
): RouteAuthorizer | undefined {
  const type = asText(properties.AuthorizationType).toUpperCase();
  if (type === '' || type === 'NONE') return undefined;
  if (type === 'AWS_IAM') return { kind: 'iam' };
  const id = asText(properties.AuthorizerId);
  const authorizer = authorizers.get(id);
  if (authorizer) return withScopes(authorizer, listOf(properties.AuthorizationScopes).map(asText));
  warn(
    context,
    'not-emulated',
    [...path, 'Properties', 'AuthorizerId'],
    `authorizer "${id}" (${type}) of ${what} is not declared in this project: requests are let through`,
  );
  return { kind: 'foreign', name: id, what: `the authorizer ${id}` };
}

/** The API keys of the project's templates that have a value: the cloud makes up those of the others. */
export function apiKeysOf(context: TriggerContext): readonly ApiKey[] {
  return stacksOf(context).flatMap((intrinsics) =>
    intrinsics.resources
      .filter(({ type }) => type === 'AWS::ApiGateway::ApiKey')
      .flatMap((resource): ApiKey[] => {
        const { Name, Value, Enabled } = intrinsics.properties(resource, ['Name', 'Value', 'Enabled']);
        const value = textOf(Value);
        if (value === undefined || flagOf(Enabled) === false) return [];
        return [{ id: intrinsics.refOf(resource.id), name: textOf(Name) ?? resource.id, value }];
      }),
  );
}

/** Whether the keys of a REST API come as `x-api-key`; those an authorizer hands over are not checked, and that is told. */
export function takesKeyHeader(
  source: unknown,
  resource: TemplateResource,
  context: TriggerContext,
): boolean {
  if (asText(source).toUpperCase() !== 'AUTHORIZER') return true;
  warn(
    context,
    'not-emulated',
    [...resource.path, 'Properties', 'ApiKeySourceType'],
    `API keys that the authorizers of "${resource.id}" hand over (usageIdentifierKey) are not checked`,
  );
  return false;
}

/** `path`: of the policy. */
export function warnOfPolicy(resource: TemplateResource, path: Path, context: TriggerContext): void {
  warn(
    context,
    'not-emulated',
    path,
    `the resource policy of "${resource.id}" is not evaluated: it keeps nobody out`,
  );
}

/** Variables of the first stage of each API that has any. */
export function stageVariablesOf(
  types: Readonly<Record<string, string>>,
  apiKey: string,
  { intrinsics }: Pick<TriggerContext, 'intrinsics'>,
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const variables = new Map<string, Readonly<Record<string, string>>>();
  for (const resource of intrinsics.resources) {
    const key = types[resource.type];
    if (key === undefined || resource.properties[key] === undefined) continue;
    const properties = intrinsics.properties(resource, [apiKey, key]);
    const api = asText(properties[apiKey]);
    if (!variables.has(api)) variables.set(api, textMap(properties[key]));
  }
  return variables;
}

export function textMap(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(mapOf(value)).map(([key, one]) => [key, asText(one)]));
}
