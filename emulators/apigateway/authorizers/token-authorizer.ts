/** Authorizers that go by the claims of a token: JWT authorizers of HTTP APIs, user pools of REST APIs. */
import type { JwtAuthorizer, UserPoolAuthorizer } from '../../../src/model/authorizers.ts';
import type { Clock } from '../../../src/model/platform.ts';
import type { Found } from '../front-door.ts';
import type { Incoming } from '../incoming.ts';
import { type Access, allow, refuse } from './access.ts';
import { claimsOfHttpApi, claimsOfRestApi, grantedOf, isFor, isOf, timeFlaw } from './claims.ts';
import { identityOf, identityText } from './identity.ts';
import { decodeJwt } from './jwt.ts';
import { type KeySets, keySourceOf } from './key-sets.ts';
import { isValid } from './lambda-authorizer.ts';
import { type Refusal, refusalAnswer } from './refusals.ts';

export interface TokenOptions {
  readonly accountId: string;
  /** The services' time. */
  readonly clock: Pick<Clock, 'now'>;
  readonly keySets: KeySets;
  /** Tells something once. */
  readonly tell: (message: string) => void;
}

export async function checkJwt(
  authorizer: JwtAuthorizer,
  incoming: Incoming,
  { target }: Found,
  options: TokenOptions,
): Promise<Access> {
  const { name, scopes, issuer, audience, identitySource } = authorizer;
  const turnDown = (refusal: Refusal, why: string, challenge: string) =>
    refuse(refusalAnswer(target.api, refusal, { why: `authorizer ${name}: ${why}`, challenge }));
  const invalid = (why: string) =>
    turnDown(
      'unauthorized',
      why,
      `Bearer scope="${scopes.join(' ')}" error="invalid_token" error_description="${why.replaceAll('"', "'")}"`,
    );

  const sent = identityOf(identitySource, incoming, target, options.accountId);
  if (sent === undefined)
    return turnDown('unauthorized', `${identityText(identitySource)} is missing`, 'Bearer');
  const jwt = decodeJwt(withoutBearer(sent));
  if ('flawed' in jwt) return invalid(jwt.flawed);
  const { claims } = jwt;
  const source = keySourceOf(authorizer.keySet, issuer);
  const unsigned = source === undefined ? undefined : await options.keySets.flawOf(jwt, source);
  if (unsigned !== undefined) return invalid(unsigned);
  if (source === undefined) {
    const unknown = [
      ...(issuer === undefined ? ['issuer'] : []),
      ...(audience.length === 0 ? ['audience'] : []),
    ];
    tellUnchecked(name, issuer, unknown, options);
  }
  if (issuer !== undefined && !isOf(claims, issuer)) return invalid('the token does not have a valid issuer');
  if (audience.length > 0 && !isFor(claims, audience))
    return invalid('the token does not have a valid audience');
  const flaw = timeFlaw(claims, options.clock.now());
  if (flaw) return invalid(TIME_WORDS[flaw]);
  const granted = grantedOf(claims, scopes);
  if (scopes.length > 0 && granted.length === 0)
    return turnDown(
      'scope',
      `the token has none of the scopes ${scopes.join(', ')}`,
      `Bearer scope="${scopes.join(' ')}" error="insufficient_scope" error_description="expected scopes: [${scopes.join(' ')}]"`,
    );
  const shown = { claims: claimsOfHttpApi(claims), scopes: scopes.length === 0 ? null : granted };
  return allow({ authorizer: target.format === 'http-1.0' ? shown : { jwt: shown } });
}

/** Words of the service where they are known: an expired token and a wrong audience are. */
const TIME_WORDS = {
  expired: 'the token has expired',
  'no-expiry': 'the token does not have an expiry',
  early: 'the token is not valid yet',
} as const;

export async function checkUserPool(
  authorizer: UserPoolAuthorizer,
  incoming: Incoming,
  { target }: Found,
  options: TokenOptions,
): Promise<Access> {
  const { name, scopes, issuers, identitySource, validation } = authorizer;
  const turnDown = (why: string, refusal: Refusal = 'unauthorized') =>
    refuse(refusalAnswer(target.api, refusal, { why: `authorizer ${name}: ${why}` }));

  const sent = identityOf(identitySource, incoming, target, options.accountId);
  if (sent === undefined) return turnDown(`${identityText(identitySource)} is missing`);
  if (validation !== undefined && !isValid(validation, sent))
    return turnDown(`the token does not match ${validation}`);
  const jwt = decodeJwt(withoutBearer(sent));
  if ('flawed' in jwt) return turnDown(jwt.flawed);
  const { claims } = jwt;
  const issuer = issuers.find((one) => isOf(claims, one));
  if (issuers.length > 0 && issuer === undefined)
    return turnDown(`the token is of ${String(claims.iss)}, not of ${issuers.join(' or ')}`);
  const source = keySourceOf(authorizer.keySet, typeof claims.iss === 'string' ? claims.iss : undefined);
  const unsigned = source === undefined ? undefined : await options.keySets.flawOf(jwt, source);
  if (unsigned !== undefined) return turnDown(unsigned);
  if (source === undefined) {
    const unknown = issuers.length === 0 ? ['issuer'] : [];
    tellUnchecked(name, issuer, unknown, options);
  }
  const flaw = timeFlaw(claims, options.clock.now());
  if (flaw === 'expired') return turnDown(TIME_WORDS.expired, 'expired');
  if (flaw) return turnDown(TIME_WORDS[flaw]);
  // "If the method has no scopes, API Gateway treats the supplied token as an identity token."
  if (scopes.length === 0 && claims.token_use === 'access')
    return turnDown('it is an access token, and an identity token is wanted where a method has no scopes');
  if (scopes.length > 0 && grantedOf(claims, scopes).length === 0)
    return turnDown(`the token has none of the scopes ${scopes.join(', ')}`, 'scope');
  return allow({ authorizer: { claims: claimsOfRestApi(claims) } });
}

function withoutBearer(text: string): string {
  return text.replace(/^bearer\s+/i, '');
}

/** `unknown`: what would be checked, were it known here. */
function tellUnchecked(
  name: string,
  issuer: string | undefined,
  unknown: readonly string[],
  { tell }: TokenOptions,
): void {
  const missing =
    unknown.length === 0 ? '' : ` (not their ${unknown.join(' and ')}, which is only known in the cloud)`;
  tell(
    `authorizer ${name}: claims of tokens are checked${missing}, their signatures are not, because the keys of ${issuer ?? 'their issuer'} are not here (name a key set file: keySets of sls-local in the project file)`,
  );
}
