/** DescribeContinuousBackups: as for a table that never asked for point-in-time recovery. */
import { ServiceError } from '../../_wire/service-error.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation, tableNameOf } from '../service.ts';

export const describeContinuousBackups = defineOperation({
  name: 'DescribeContinuousBackups',
  input: structure('DescribeContinuousBackupsInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run(input, service) {
    const name = tableNameOf(input.TableName);
    if (!service.tables.find(name))
      throw new ServiceError('TableNotFoundException', `Table not found: ${name}`, {
        namespace: 'com.amazonaws.dynamodb.v20120810#',
      });
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    };
  },
});
