/** DescribeTable. */
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation } from '../service.ts';
import { describeTable as describe } from '../tables/describe-table.ts';
import { existingTable } from '../tables/existing-table.ts';

export const describeTable = defineOperation({
  name: 'DescribeTable',
  input: structure('DescribeTableInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run(input, service) {
    return { Table: describe(service, existingTable(service, input.TableName), 'ACTIVE') };
  },
});
