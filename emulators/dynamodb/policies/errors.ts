/** What the service answers when a resource policy is not the expected one. */
import { ServiceError } from '../../_wire/service-error.ts';
import type { ResourcePolicy } from '../tables/table-record.ts';

/** `detail` is the ARN, or what was expected. */
export function policyNotFound(detail: string): ServiceError {
  return new ServiceError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${detail}`,
    { namespace: 'com.amazonaws.dynamodb.v20120810#' },
  );
}

export function revisionMismatch(
  tableName: string,
  expected: string,
  present: ResourcePolicy | undefined,
): ServiceError {
  if (!present)
    return policyNotFound(
      `Requested update for policy with revision id ${expected}, but table ${tableName} has no associated policy.`,
    );
  if (expected === 'NO_POLICY')
    return policyNotFound(
      `Requested policy update expecting none to be present for table ${tableName}, but a policy exists with revision id ${present.revision}.`,
    );
  return policyNotFound(
    `Requested update for policy with revision id ${expected}, but the policy associated to target table ${tableName} has revision id ${present.revision}.`,
  );
}
