/** What the service answers around backups, exports and imports that it answers nowhere else. */
import { ServiceError } from '../../_wire/service-error.ts';

type Code =
  | 'BackupInUseException'
  | 'BackupNotFoundException'
  | 'ExportConflictException'
  | 'ExportNotFoundException'
  | 'ImportConflictException'
  | 'ImportNotFoundException'
  | 'InvalidExportTimeException'
  | 'InvalidRestoreTimeException'
  | 'PointInTimeRecoveryUnavailableException'
  | 'TableAlreadyExistsException'
  | 'TableInUseException';

export function failure(code: Code, message: string): ServiceError {
  return new ServiceError(code, message, { namespace: 'com.amazonaws.dynamodb.v20120810#' });
}

export function recoveryUnavailable(tableName: string): ServiceError {
  return failure(
    'PointInTimeRecoveryUnavailableException',
    `Point in time recovery is not enabled for table '${tableName}'`,
  );
}

/** Times in these messages have no fractions of seconds. */
export function printTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
