/** Who temporary credentials stand for. */
import { createHash } from 'node:crypto';
import type { Role } from './input.ts';
import { base32, type Identity } from './sessions.ts';

/** A role in a session of this name. */
export function roleIdentity({ accountId, name }: Role, session: string): Identity {
  return {
    arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`,
    userId: `${opaqueId('AROA', `${accountId} ${name}`)}:${session}`,
    accountId,
  };
}

/** The same for the same name. */
function opaqueId(prefix: string, name: string): string {
  return prefix + base32(createHash('sha256').update(name).digest('hex').slice(0, 34));
}
