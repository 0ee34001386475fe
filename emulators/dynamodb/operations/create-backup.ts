/** CreateBackup. */
import { describeDetails } from '../backups/describe-backup.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { text } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';
import { backedUpTable } from '../tables/existing-table.ts';

export const createBackup = defineOperation({
  name: 'CreateBackup',
  input: structure('CreateBackupInput', {
    TableName: required(controlTableName),
    BackupName: required(text({ pattern: '[a-zA-Z0-9_.-]+', minLength: 3, maxLength: 255 })),
  }),
  precheck: checkTableName,
  run({ TableName: tableName, BackupName: name }, service) {
    return {
      BackupDetails: describeDetails(service.backups.create(backedUpTable(service, tableName), name)),
    };
  },
});
