/** The backup an operation names by its ARN. */
import type { Service } from '../service.ts';
import type { BackupRecord } from './backup-record.ts';
import { failure } from './errors.ts';
import { checkTimedArn } from './timed-arn.ts';

export function existingBackup(service: Service, arn: string): BackupRecord {
  checkTimedArn(service, arn, 'backup');
  const backup = service.backups.find(arn);
  if (!backup) throw failure('BackupNotFoundException', `Backup not found: ${arn}`);
  return backup;
}
