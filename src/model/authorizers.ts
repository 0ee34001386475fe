/** Who may call a route. */

/** A part of a request by which an authorizer tells callers apart. */
export interface IdentitySource {
  readonly from: 'header' | 'query' | 'stage-variable' | 'context';
  /** `Authorization`, `token`, `identity.sourceIp`. */
  readonly name: string;
}

/** Absent on a trigger = everybody may call it. */
export type RouteAuthorizer =
  | LambdaAuthorizer
  | JwtAuthorizer
  | UserPoolAuthorizer
  | IamAuthorizer
  | ForeignAuthorizer;

/** A function decides. */
export interface LambdaAuthorizer {
  readonly kind: 'lambda';
  /** What the project file calls it. */
  readonly name: string;
  /** Names `FunctionSpec.id`. */
  readonly functionId: string;
  /** `token`: the function gets the text of the one identity source alone (REST APIs). */
  readonly type: 'token' | 'request';
  /** A request that lacks one of them is refused without calling the function. */
  readonly identitySources: readonly IdentitySource[];
  /** Regular expression the token must match as a whole. */
  readonly validation?: string;
  /** How long a decision counts for the same identity; 0 = for this request. */
  readonly cacheSeconds: number;
  /** What an HTTP API hands to the function; REST APIs have but one format. */
  readonly payloadFormat?: '1.0' | '2.0';
  /** The function answers `{ isAuthorized }` instead of a policy (HTTP APIs). */
  readonly simpleResponses?: true;
}

/** The claims of a token decide (HTTP APIs). */
export interface JwtAuthorizer {
  readonly kind: 'jwt';
  readonly name: string;
  readonly identitySource: IdentitySource;
  /** Absent = it is only known in the cloud, and not checked. */
  readonly issuer?: string;
  /** The token is for one of them; empty = they are only known in the cloud, and not checked. */
  readonly audience: readonly string[];
  /** The token has one of them; empty = no matter which. */
  readonly scopes: readonly string[];
  /** Absolute path of the issuer's keys (a JSON Web Key Set). */
  readonly keySet?: string;
}

/** The claims of a user pool's token decide (REST APIs). */
export interface UserPoolAuthorizer {
  readonly kind: 'user-pool';
  readonly name: string;
  readonly identitySource: IdentitySource;
  readonly validation?: string;
  /** The token comes of one of them; empty = they are only known in the cloud, and not checked. */
  readonly issuers: readonly string[];
  /** The token has one of them; empty = an identity token is wanted. */
  readonly scopes: readonly string[];
  /** Absolute path of the pool's keys (a JSON Web Key Set). */
  readonly keySet?: string;
}

/** Issuers are the same with and without a slash at the end. */
export function bareIssuer(issuer: string): string {
  return issuer.replace(/\/+$/, '');
}

/** The request is signed with AWS credentials. */
export interface IamAuthorizer {
  readonly kind: 'iam';
}

/** Something that is not on this machine: nobody is refused. */
export interface ForeignAuthorizer {
  readonly kind: 'foreign';
  readonly name: string;
  /** What it is, for people: `the function arn:aws:lambda:…`. */
  readonly what: string;
}

/** A key that clients of a REST API send as `x-api-key`. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

export interface RouteGuard {
  readonly authorizer?: RouteAuthorizer;
  /** A request needs one of these keys, any key where the list is empty; absent = it needs none. */
  readonly apiKeys?: readonly ApiKey[];
}

/** `authorizer users`, `AWS_IAM`, `API key`; undefined where everybody may call. */
export function guardText({ authorizer, apiKeys }: RouteGuard): string | undefined {
  const parts = [...(authorizer ? [authorizerText(authorizer)] : []), ...(apiKeys ? ['API key'] : [])];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function authorizerText(authorizer: RouteAuthorizer): string {
  if (authorizer.kind === 'iam') return 'AWS_IAM';
  if (authorizer.kind === 'foreign') return `authorizer ${authorizer.name} (not here: open)`;
  const scopes = authorizer.kind === 'lambda' ? [] : authorizer.scopes;
  return `authorizer ${authorizer.name}${scopes.length === 0 ? '' : ` with ${scopes.join(' or ')}`}`;
}
