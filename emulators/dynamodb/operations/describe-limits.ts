/** DescribeLimits: the quotas of a new account. */
import { structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';

export const describeLimits = defineOperation({
  name: 'DescribeLimits',
  input: structure('DescribeLimitsInput', {}),
  run: () => ({
    AccountMaxReadCapacityUnits: 80000,
    AccountMaxWriteCapacityUnits: 80000,
    TableMaxReadCapacityUnits: 40000,
    TableMaxWriteCapacityUnits: 40000,
  }),
});
