/** RestoreTableToPointInTime. */
import { checkTargetName } from '../backups/check-target.ts';
import { failure, printTime, recoveryUnavailable } from '../backups/errors.ts';
import { recoveryWindow } from '../backups/recovery-window.ts';
import { newTableName, overrideMembers } from '../backups/restore-shapes.ts';
import { restoredRecord } from '../backups/restored-record.ts';
import { invalidParameter, validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { boolean, text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { timestamp } from '../input/timestamp.ts';
import { defineOperation } from '../service.ts';
import { describeTable } from '../tables/describe-table.ts';
import { backedUpTable } from '../tables/existing-table.ts';
import type { Table } from '../tables/table.ts';

const input = structure('RestoreTableToPointInTimeInput', {
  SourceTableArn: text({ minLength: 1, maxLength: 1024 }),
  SourceTableName: newTableName,
  TargetTableName: required(newTableName),
  UseLatestRestorableTime: boolean,
  RestoreDateTime: timestamp,
  ...overrideMembers,
});
type RestoreInput = TypeOf<typeof input>;

export const restoreTableToPointInTime = defineOperation({
  name: 'RestoreTableToPointInTime',
  input,
  run(request, service) {
    checkTimeMembers(request);
    const source = backedUpTable(service, sourceOf(request));
    const at = timeOf(request, source, service.clock.now());
    checkTargetName(service, request.TargetTableName);
    const record = restoredRecord(service, request, source.record);
    const { id: tableId, name: tableName } = source.record;
    const restore = service.backups.restores.open({
      ...record,
      loading: { from: 'table', tableId, tableName, at },
    });
    const description = describeTable(service, restore.table, 'CREATING');
    restore.start();
    return { TableDescription: description };
  },
});

function sourceOf({ SourceTableArn: arn, SourceTableName: name }: RestoreInput): string {
  if (arn !== undefined && name !== undefined)
    throw validationError('Invalid Request: Must provide exactly one of: sourceTableArn, sourceTableName');
  const source = arn ?? name;
  if (source === undefined)
    throw validationError("The parameter 'TableName' is required but was not present in the request");
  if (arn !== undefined && !/^arn:[^:]*:dynamodb:[^:]*:\d+:table\/[^/]+$/.test(arn))
    throw invalidParameter('sourceTableArn is not a valid ARN');
  return source;
}

function checkTimeMembers({ RestoreDateTime: at, UseLatestRestorableTime: latest }: RestoreInput): void {
  if (at !== undefined && latest)
    throw validationError(
      'Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore request. Please specify only one of them',
    );
  if (at === undefined && !latest)
    throw validationError(
      'Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both',
    );
}

/** Epoch ms. */
function timeOf({ RestoreDateTime: asked }: RestoreInput, { name, record }: Table, now: number): number {
  if (!record.recovery) throw recoveryUnavailable(name);
  const { earliest, latest } = recoveryWindow(record.recovery, now);
  const at = asked ?? latest;
  if (at < earliest || at > latest)
    throw failure(
      'InvalidRestoreTimeException',
      `RestoreDateTime '${printTime(at)}' must be within EarliestRestorableDateTime '${printTime(earliest)}' ` +
        `and LatestRestorableDateTime '${printTime(latest)}'`,
    );
  return at;
}
