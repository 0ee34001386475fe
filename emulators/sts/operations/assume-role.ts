/** AssumeRole and AssumeRoleWithWebIdentity. Any role may be assumed: nothing enforces trust policies. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import type { ApiCall, Operation } from '../../../src/model/service-api.ts';
import { expiredToken, invalidIdentityToken } from '../errors.ts';
import { roleIdentity } from '../identities.ts';
import { checkPolicy, optionalText, readDuration, readName, readRole, requiredText } from '../input.ts';
import type { StsService } from '../service.ts';

const USUAL_SECONDS = 3600;
const MOST_SECONDS = 43_200;

export function makeAssumeRole(service: StsService): Operation {
  return (input, call) => {
    const answer = assume(service, input, call);
    const source = optionalText(input, 'SourceIdentity');
    return { ...answer, ...(source !== undefined && { SourceIdentity: source }) };
  };
}

export function makeAssumeRoleWithWebIdentity(service: StsService): Operation {
  return (input, call) => {
    const claims = readClaims(requiredText(input, 'WebIdentityToken'));
    if (typeof claims.exp === 'number' && claims.exp * 1000 <= service.now()) throw expiredToken();
    const audience = Array.isArray(claims.aud) ? claims.aud[0] : claims.aud;
    return {
      ...assume(service, input, call),
      SubjectFromWebIdentityToken: String(claims.sub),
      ...(claims.iss !== undefined && { Provider: String(claims.iss) }),
      ...(audience !== undefined && { Audience: String(audience) }),
    };
  };
}

function assume(
  { sessions, credentials: lending }: StsService,
  input: JsonObject,
  call: ApiCall,
): JsonObject {
  const role = readRole(input);
  const name = readName(input, 'RoleSessionName', 64);
  const seconds = readDuration(input, USUAL_SECONDS, MOST_SECONDS);
  checkPolicy(input);
  const identity = roleIdentity(role, name);
  const { accessKeyId, credentials } = sessions.issue(identity, seconds);
  if (call.accessKeyId !== undefined) lending?.lend(accessKeyId, call.accessKeyId);
  return {
    Credentials: credentials,
    AssumedRoleUser: { AssumedRoleId: identity.userId, Arn: identity.arn },
    ...(input.Policy !== undefined && { PackedPolicySize: 1 }),
  };
}

/** Of a JSON web token; its signature is not checked. */
function readClaims(token: string): { readonly [name: string]: JsonValue | undefined } {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
    if (typeof claims.sub === 'string') return claims;
  } catch {
    // Said below.
  }
  throw invalidIdentityToken();
}
