/** ListBackups. */
import type { BackupRecord } from '../backups/backup-record.ts';
import { describeSummary } from '../backups/describe-backup.ts';
import { backupArn } from '../backups/restore-shapes.ts';
import { validationError } from '../errors.ts';
import { structure } from '../input/collections.ts';
import { controlTableName } from '../input/members.ts';
import { integer, text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { timestamp } from '../input/timestamp.ts';
import { defineOperation, tableNameOf } from '../service.ts';

const MAX_BACKUPS = 100;

const input = structure('ListBackupsInput', {
  TableName: controlTableName,
  Limit: integer({ min: 1, max: MAX_BACKUPS }),
  TimeRangeLowerBound: timestamp,
  TimeRangeUpperBound: timestamp,
  ExclusiveStartBackupArn: backupArn,
  BackupType: text<'USER' | 'SYSTEM' | 'AWS_BACKUP' | 'ALL'>({
    oneOf: ['USER', 'SYSTEM', 'AWS_BACKUP', 'ALL'],
  }),
});
type ListBackupsInput = TypeOf<typeof input>;

export const listBackups = defineOperation({
  name: 'ListBackups',
  input,
  run(request, service) {
    const { Limit: limit = MAX_BACKUPS, ExclusiveStartBackupArn: start } = request;
    const { TimeRangeLowerBound: lower, TimeRangeUpperBound: upper } = request;
    if (lower !== undefined && upper !== undefined && lower > upper)
      throw validationError('Time range lower bound must be less than or equal to upper bound');
    const found = service.backups
      .list()
      .filter((backup) => isAsked(request, backup) && (start === undefined || backup.arn > start));
    const page = found.slice(0, limit);
    const last = found.length > page.length ? page.at(-1) : undefined;
    return {
      BackupSummaries: page.map((backup) => describeSummary(service, backup)),
      ...(last && { LastEvaluatedBackupArn: last.arn }),
    };
  },
});

function isAsked(request: ListBackupsInput, { table, type, createdAt }: BackupRecord): boolean {
  const { TableName: tableName, BackupType: wished = 'USER' } = request;
  const { TimeRangeLowerBound: lower = 0, TimeRangeUpperBound: upper = Number.POSITIVE_INFINITY } = request;
  if (tableName !== undefined && tableNameOf(tableName) !== table.name) return false;
  if (wished !== 'ALL' && wished !== type) return false;
  return createdAt >= lower && createdAt < upper;
}
