/** DescribeContinuousBackups. */
import { describeRecovery } from '../backups/describe-recovery.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation } from '../service.ts';
import { backedUpTable } from '../tables/existing-table.ts';

export const describeContinuousBackups = defineOperation({
  name: 'DescribeContinuousBackups',
  input: structure('DescribeContinuousBackupsInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run: ({ TableName: name }, service) => ({
    ContinuousBackupsDescription: describeRecovery(backedUpTable(service, name).record, service.clock.now()),
  }),
});
