/** DescribeTimeToLive. */
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

export const describeTimeToLive = defineOperation({
  name: 'DescribeTimeToLive',
  input: structure('DescribeTimeToLiveInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run(input, service) {
    const { ttlAttribute } = existingTable(service, input.TableName).record;
    return {
      TimeToLiveDescription:
        ttlAttribute === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
    };
  },
});
