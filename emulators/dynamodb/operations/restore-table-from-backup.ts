/** RestoreTableFromBackup. */
import { checkTargetName } from '../backups/check-target.ts';
import { failure } from '../backups/errors.ts';
import { existingBackup } from '../backups/existing-backup.ts';
import { backupArn, newTableName, overrideMembers } from '../backups/restore-shapes.ts';
import { restoredRecord } from '../backups/restored-record.ts';
import { required, structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';
import { describeTable } from '../tables/describe-table.ts';

export const restoreTableFromBackup = defineOperation({
  name: 'RestoreTableFromBackup',
  input: structure('RestoreTableFromBackupInput', {
    TargetTableName: required(newTableName),
    BackupArn: required(backupArn),
    ...overrideMembers,
  }),
  run(request, service) {
    const { BackupArn: arn } = request;
    const backup = existingBackup(service, arn);
    checkTargetName(service, request.TargetTableName);
    const record = restoredRecord(service, request, backup.table);
    if (backup.status === 'CREATING')
      throw failure('BackupInUseException', `Backup is being created: ${arn}`);
    // The service feeds one table at a time from a backup.
    if (service.backups.restores.isSource(backup))
      throw failure('BackupInUseException', `Backup is being used to restore another table: ${arn}`);
    const { name: tableName } = backup.table;
    const loading = { from: 'backup' as const, backupArn: arn, tableName, at: backup.createdAt };
    const restore = service.backups.restores.open({ ...record, loading });
    const description = describeTable(service, restore.table, 'CREATING');
    restore.start();
    return { TableDescription: description };
  },
});
