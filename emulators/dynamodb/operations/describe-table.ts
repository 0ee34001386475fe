/** DescribeTable. */
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation } from '../service.ts';
import { describeTable as describe } from '../tables/describe-table.ts';
import { knownTable } from '../tables/existing-table.ts';

export const describeTable = defineOperation({
  name: 'DescribeTable',
  input: structure('DescribeTableInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run(input, service) {
    const table = knownTable(service, input.TableName);
    return { Table: describe(service, table, table.record.loading ? 'CREATING' : 'ACTIVE') };
  },
});
