/** GetResourcePolicy. */
import { required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import { policyNotFound } from '../policies/errors.ts';
import { policyOf, resourceOf } from '../policies/resource-policy.ts';
import { defineOperation } from '../service.ts';

export const getResourcePolicy = defineOperation({
  name: 'GetResourcePolicy',
  input: structure('GetResourcePolicyInput', {
    ResourceArn: required(text({ minLength: 1, maxLength: 1283 })),
  }),
  run({ ResourceArn: arn }, service) {
    const policy = policyOf(resourceOf(service, arn), arn);
    if (!policy) throw policyNotFound(arn);
    return { Policy: policy.text, RevisionId: policy.revision };
  },
});
