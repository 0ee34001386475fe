/** DeleteResourcePolicy. */
import { required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import { revisionMismatch } from '../policies/errors.ts';
import { policyOf, resourceOf, withPolicy } from '../policies/resource-policy.ts';
import { defineOperation } from '../service.ts';

export const deleteResourcePolicy = defineOperation({
  name: 'DeleteResourcePolicy',
  input: structure('DeleteResourcePolicyInput', {
    ResourceArn: required(text({ minLength: 1, maxLength: 1283 })),
    ExpectedRevisionId: text({ minLength: 1, maxLength: 255 }),
  }),
  run({ ResourceArn: arn, ExpectedRevisionId: expected }, service) {
    const table = resourceOf(service, arn);
    const present = policyOf(table, arn);
    if (expected !== undefined && expected !== present?.revision)
      throw revisionMismatch(table.name, expected, present);
    if (!present) return {};
    service.tables.update(withPolicy(table, arn, undefined));
    return { RevisionId: present.revision };
  },
});
