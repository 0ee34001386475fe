/** Makes authorizers of what project files say of them, whichever file it is. */
import type {
  IdentitySource,
  JwtAuthorizer,
  LambdaAuthorizer,
  RouteAuthorizer,
  UserPoolAuthorizer,
} from '../model/authorizers.ts';
import { readIdentitySources } from './identity-sources.ts';

export interface AuthorizerContext {
  /** Id of the project's function with this name, ARN or invocation address. */
  named(text: string): string | undefined;
  /** Whether the text holds an id that is only known in the cloud, and made up here. */
  isMadeUp(text: string): boolean;
  /** Something about the authorizer, or the key of it. */
  warn(code: string, message: string, hint?: string, key?: string): void;
}

/** Of both kinds of API, as resolved. */
interface Settings {
  readonly name: string;
  /** As in `readIdentitySources`; absent = the usual. */
  readonly identitySource?: unknown;
}

interface FunctionSettings extends Settings {
  /** What the file says runs it: a name, an ARN, an invocation address. */
  readonly uri: string;
  /** Absent = what the API takes for it. */
  readonly cacheSeconds?: number | undefined;
}

const usual: IdentitySource = { from: 'header', name: 'Authorization' };

export interface RestFunctionSettings extends FunctionSettings {
  readonly type: 'token' | 'request';
  readonly validation?: string | undefined;
}

/** Of a REST API. Default time of decisions: 300 s. */
export function restFunctionAuthorizer(
  settings: RestFunctionSettings,
  context: AuthorizerContext,
): RouteAuthorizer {
  const { name, uri, type } = settings;
  const functionId = context.named(uri);
  if (functionId === undefined) return foreign(name, uri, context);
  const sources = sourcesOf(settings, context);
  const validation = type === 'token' ? validationOf(settings.validation, context) : undefined;
  const authorizer: LambdaAuthorizer = {
    kind: 'lambda',
    name,
    functionId,
    type,
    // A token is one text; a request may be judged by nothing in particular.
    identitySources: type === 'token' ? [sources[0] ?? usual] : sources,
    ...(validation === undefined ? {} : { validation }),
    cacheSeconds: settings.cacheSeconds ?? 300,
  };
  return authorizer;
}

export interface HttpFunctionSettings extends FunctionSettings {
  readonly payloadFormat: '1.0' | '2.0';
  readonly simpleResponses: boolean;
}

/** Of an HTTP API. Decisions are not kept unless it is said how long. */
export function httpFunctionAuthorizer(
  settings: HttpFunctionSettings,
  context: AuthorizerContext,
): RouteAuthorizer {
  const { name, uri, payloadFormat, simpleResponses } = settings;
  const functionId = context.named(uri);
  if (functionId === undefined) return foreign(name, uri, context);
  return {
    kind: 'lambda',
    name,
    functionId,
    type: 'request',
    identitySources: sourcesOf(settings, context),
    cacheSeconds: settings.cacheSeconds ?? 0,
    payloadFormat,
    ...(simpleResponses && payloadFormat === '2.0' ? { simpleResponses: true } : {}),
  };
}

export interface JwtSettings extends Settings {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export function jwtAuthorizer(settings: JwtSettings, context: AuthorizerContext): JwtAuthorizer {
  const { name, issuer, audience } = settings;
  return {
    kind: 'jwt',
    name,
    identitySource: sourcesOf(settings, context)[0] ?? usual,
    ...(issuer === '' || context.isMadeUp(issuer) ? {} : { issuer }),
    // One that is not known could be any.
    audience: audience.some((one) => context.isMadeUp(one)) ? [] : audience,
    scopes: [],
  };
}

export interface UserPoolSettings extends Settings {
  readonly poolArns: readonly string[];
  readonly validation?: string | undefined;
}

export function userPoolAuthorizer(
  settings: UserPoolSettings,
  context: AuthorizerContext,
): UserPoolAuthorizer {
  const { name, poolArns } = settings;
  const validation = validationOf(settings.validation, context);
  return {
    kind: 'user-pool',
    name,
    identitySource: sourcesOf(settings, context)[0] ?? usual,
    ...(validation === undefined ? {} : { validation }),
    issuers: poolArns.some((arn) => context.isMadeUp(arn)) ? [] : poolArns.flatMap(issuerOf),
    scopes: [],
  };
}

/** `arn:aws:cognito-idp:eu-west-1:1234:userpool/eu-west-1_abc` → the issuer its tokens name. */
function issuerOf(arn: string): string[] {
  const [, , , region, , resource = ''] = arn.split(':');
  const id = resource.replace(/^userpool\//, '');
  return region && id ? [`https://cognito-idp.${region}.amazonaws.com/${id}`] : [];
}

/** What one route asks of the tokens its authorizer takes. */
export function withScopes(authorizer: RouteAuthorizer, scopes: readonly string[]): RouteAuthorizer {
  return scopes.length > 0 ? withOnlyScopes(authorizer, scopes) : authorizer;
}

/** As `withScopes`, but an empty list takes away those the authorizer has. */
export function withOnlyScopes(authorizer: RouteAuthorizer, scopes: readonly string[]): RouteAuthorizer {
  const takesScopes = authorizer.kind === 'jwt' || authorizer.kind === 'user-pool';
  return takesScopes ? { ...authorizer, scopes } : authorizer;
}

/** `uri`: what is named and is not here. */
export function foreign(name: string, uri: string, context: AuthorizerContext): RouteAuthorizer {
  const address = /arn:[^/]*:lambda:[^/]*:function:[^/]+/.exec(uri)?.[0] ?? uri;
  const what = address === '' ? 'its function' : address;
  context.warn(
    'not-emulated',
    `authorizer "${name}" is ${what}, which is not a function of this project: requests are let through`,
    'put its function into the project, or take it from the route',
  );
  return { kind: 'foreign', name, what };
}

function sourcesOf(
  { name, identitySource }: Settings,
  context: AuthorizerContext,
): readonly IdentitySource[] {
  if (identitySource === undefined || identitySource === null) return [];
  const { sources, unknown } = readIdentitySources(identitySource);
  for (const one of unknown)
    context.warn(
      'not-emulated',
      `the identity source "${one}" of authorizer "${name}" is not understood and left out`,
      'write method.request.header.NAME (REST API), $request.header.NAME (HTTP API), or the like with querystring',
      'identitySource',
    );
  return sources;
}

function validationOf(written: string | undefined, context: AuthorizerContext): string | undefined {
  if (written === undefined || written === '') return undefined;
  try {
    new RegExp(written);
    return written;
  } catch {
    context.warn(
      'not-emulated',
      `the identity validation expression ${written} is none JavaScript understands: tokens are not checked against it`,
    );
    return undefined;
  }
}
