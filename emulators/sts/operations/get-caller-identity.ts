/** GetCallerIdentity: an assumed role, the function an instance runs, or the one user there is here. */
import type { ApiCall, Operation } from '../../../src/model/service-api.ts';
import { roleIdentity } from '../identities.ts';
import type { StsService } from '../service.ts';
import type { Identity } from '../sessions.ts';

export function makeGetCallerIdentity(service: StsService): Operation {
  return (_input, call) => {
    const { arn, userId, accountId } = callerOf(service, call);
    return { UserId: userId, Account: accountId, Arn: arn };
  };
}

function callerOf(
  { sessions, credentials, accountId }: StsService,
  { accessKeyId = 'none' }: ApiCall,
): Identity {
  const assumed = sessions.identityOf(accessKeyId);
  if (assumed) return assumed;
  const fn = credentials?.functionOf(accessKeyId);
  // The role's name is not in the project: it is called after its function.
  if (fn) return roleIdentity({ accountId, name: `${fn.name}-role` }, fn.name);
  return { arn: `arn:aws:iam::${accountId}:user/sls-local`, userId: 'AIDASLSLOCALUSERAAAAA', accountId };
}
