/** DeleteBackup. */
import { describeBackup } from '../backups/describe-backup.ts';
import { failure } from '../backups/errors.ts';
import { existingBackup } from '../backups/existing-backup.ts';
import { backupArn } from '../backups/restore-shapes.ts';
import { validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';

export const deleteBackup = defineOperation({
  name: 'DeleteBackup',
  input: structure('DeleteBackupInput', { BackupArn: required(backupArn) }),
  run({ BackupArn: arn }, service) {
    const backup = existingBackup(service, arn);
    if (backup.type === 'SYSTEM')
      throw validationError(
        `User is not allowed to delete the system backup with arn ${arn}. ` +
          `It will automatically expire on ${new Date(backup.expiresAt ?? 0).toISOString()}`,
      );
    if (backup.status === 'CREATING')
      throw failure('BackupInUseException', `Backup is being created: ${arn}`);
    if (service.backups.restores.isSource(backup))
      throw failure('BackupInUseException', `Backup is being used to restore table: ${arn}`);
    service.backups.remove(backup);
    return { BackupDescription: describeBackup(service, backup, 'DELETED') };
  },
});
