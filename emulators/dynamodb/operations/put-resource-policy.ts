/** PutResourcePolicy. */
import { required, structure } from '../input/collections.ts';
import { boolean, text } from '../input/scalars.ts';
import { revisionMismatch } from '../policies/errors.ts';
import { newPolicy, policyNotice, policyOf, resourceOf, withPolicy } from '../policies/resource-policy.ts';
import { defineOperation } from '../service.ts';

/** As an expected revision: there must be none. */
const NO_POLICY = 'NO_POLICY';

export const putResourcePolicy = defineOperation({
  name: 'PutResourcePolicy',
  input: structure('PutResourcePolicyInput', {
    ResourceArn: required(text({ minLength: 1, maxLength: 1283 })),
    Policy: required(text()),
    ExpectedRevisionId: text({ minLength: 1, maxLength: 255 }),
    ConfirmRemoveSelfResourceAccess: boolean,
  }),
  run({ ResourceArn: arn, Policy: document, ExpectedRevisionId: expected }, service) {
    const table = resourceOf(service, arn);
    const present = policyOf(table, arn);
    if (expected !== undefined && expected !== (present?.revision ?? NO_POLICY))
      throw revisionMismatch(table.name, expected, present);
    const policy = newPolicy(document, service.clock.now());
    if (present?.text === policy.text) return { RevisionId: present.revision };
    policyNotice(service, table.name);
    service.tables.update(withPolicy(table, arn, policy));
    return { RevisionId: policy.revision };
  },
});
