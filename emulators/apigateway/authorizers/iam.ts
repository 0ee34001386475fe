/** AWS_IAM: a request that is signed is taken, whoever signed it; the signature itself is not checked. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import { readSignature } from '../../_wire/signature.ts';
import type { Found } from '../front-door.ts';
import type { Incoming } from '../incoming.ts';
import { type Access, allow, type Caller, refuse } from './access.ts';
import { refusalAnswer } from './refusals.ts';

export function checkSigned(
  incoming: Incoming,
  { target }: Found,
  context: EmulatorContext,
  tell: (message: string) => void,
): Access {
  const search = incoming.rawQuery === '' ? '' : `?${incoming.rawQuery}`;
  const signature = readSignature(incoming.headers.authorization, search);
  if (signature.status !== 'signed') {
    const why =
      signature.status === 'none'
        ? 'the request is not signed, which AWS_IAM asks for'
        : `the signature cannot be read: ${signature.failure.message}`;
    return refuse(refusalAnswer(target.api, 'unsigned', { why }));
  }
  tell('requests to routes with AWS_IAM need a signature, but neither it nor any policy is checked');
  return allow(callerOf(signature.accessKeyId, target.format, context));
}

function callerOf(accessKey: string, format: Found['target']['format'], context: EmulatorContext): Caller {
  const { accountId } = context;
  const fn = context.credentials?.functionOf(accessKey);
  const partition = (fn?.arn ?? 'arn:aws').split(':')[1] ?? 'aws';
  // A function has the credentials of a role, everybody else counts as a user.
  const userId = fn ? `AROALOCAL00000000000:${fn.name}` : 'AIDALOCAL00000000000';
  const userArn = fn
    ? `arn:${partition}:sts::${accountId}:assumed-role/${fn.name}/${fn.name}`
    : `arn:${partition}:iam::${accountId}:user/local`;
  if (format === 'http-2.0' || format === 'url')
    return {
      accountId,
      authorizer: {
        iam: {
          accessKey,
          accountId,
          callerId: userId,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn,
          userId,
        },
      },
    };
  return { identity: { accessKey, accountId, caller: userId, user: userId, userArn } };
}
