/** DescribeBackup. */
import { describeBackup as describe } from '../backups/describe-backup.ts';
import { existingBackup } from '../backups/existing-backup.ts';
import { backupArn } from '../backups/restore-shapes.ts';
import { required, structure } from '../input/collections.ts';
import { defineOperation } from '../service.ts';

export const describeBackup = defineOperation({
  name: 'DescribeBackup',
  input: structure('DescribeBackupInput', { BackupArn: required(backupArn) }),
  run: ({ BackupArn: arn }, service) => ({
    BackupDescription: describe(service, existingBackup(service, arn)),
  }),
});
