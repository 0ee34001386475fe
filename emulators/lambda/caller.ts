/** What the headers of an invocation say of the caller, as the function is told. */
import type { FunctionSpec } from '../../src/model/project.ts';
import { tenantMissing, tenantNotExpected, validation } from './errors.ts';

type Headers = Readonly<Record<string, string | undefined>>;

export interface Caller {
  readonly tenantId?: string;
  /** JSON text. */
  readonly identity?: string;
}

/** API model of Invoke: `TenantId`. */
const TENANT_ID = /^[a-zA-Z0-9._:/=+\-@ ]{1,256}$/;

/** A function takes a tenant when, and only when, it keeps tenants apart. */
export function readCaller(headers: Headers, fn: FunctionSpec): Caller {
  const tenantId = headers['x-amz-tenant-id'];
  if (tenantId !== undefined && !TENANT_ID.test(tenantId))
    throw validation(tenantId, 'tenantId', `satisfy regular expression pattern: ${TENANT_ID.source}`);
  if (fn.tenantIsolation && tenantId === undefined) throw tenantMissing();
  if (!fn.tenantIsolation && tenantId !== undefined) throw tenantNotExpected();
  const identity = identityOf(headers);
  return { ...(tenantId === undefined ? {} : { tenantId }), ...(identity === undefined ? {} : { identity }) };
}

/** The service takes them from the caller's credentials; here they are said, as between its own servers. */
function identityOf(headers: Headers): string | undefined {
  const cognitoIdentityId = headers['cognito-identity-id'];
  if (!cognitoIdentityId) return undefined;
  return JSON.stringify({
    cognitoIdentityId,
    cognitoIdentityPoolId: headers['cognito-identity-pool-id'] ?? '',
  });
}
