/** GetSessionToken and GetFederationToken: temporary credentials of the caller's own. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall, Operation } from '../../../src/model/service-api.ts';
import { checkPolicy, readDuration, readName } from '../input.ts';
import type { StsService } from '../service.ts';
import type { Identity } from '../sessions.ts';

const USUAL_SECONDS = 43_200;
const MOST_SECONDS = 129_600;

export function makeGetSessionToken(service: StsService): Operation {
  return (input, call) => {
    const { accountId } = service;
    const identity = {
      ...{ arn: `arn:aws:iam::${accountId}:user/sls-local`, userId: 'AIDASLSLOCALUSERAAAAA', accountId },
    };
    return { Credentials: issue(service, identity, input, call) };
  };
}

export function makeGetFederationToken(service: StsService): Operation {
  return (input, call) => {
    const { accountId } = service;
    const name = readName(input, 'Name', 32);
    checkPolicy(input);
    const identity = {
      ...{
        arn: `arn:aws:sts::${accountId}:federated-user/${name}`,
        userId: `${accountId}:${name}`,
        accountId,
      },
    };
    return {
      Credentials: issue(service, identity, input, call),
      FederatedUser: { FederatedUserId: identity.userId, Arn: identity.arn },
    };
  };
}

function issue(service: StsService, identity: Identity, input: JsonObject, call: ApiCall): JsonObject {
  const seconds = readDuration(input, USUAL_SECONDS, MOST_SECONDS);
  const { accessKeyId, credentials } = service.sessions.issue(identity, seconds);
  if (call.accessKeyId !== undefined) service.credentials?.lend(accessKeyId, call.accessKeyId);
  return credentials;
}
