/** UpdateContinuousBackups: point-in-time recovery on and off. */
import { describeRecovery } from '../backups/describe-recovery.ts';
import { DEFAULT_PERIOD_DAYS, type Recovery } from '../backups/recovery-window.ts';
import { validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { boolean, integer } from '../input/scalars.ts';
import { defineOperation } from '../service.ts';
import { backedUpTable } from '../tables/existing-table.ts';

export const updateContinuousBackups = defineOperation({
  name: 'UpdateContinuousBackups',
  input: structure('UpdateContinuousBackupsInput', {
    TableName: required(controlTableName),
    PointInTimeRecoverySpecification: required(
      structure('PointInTimeRecoverySpecification', {
        PointInTimeRecoveryEnabled: required(boolean),
        RecoveryPeriodInDays: integer({ min: 1, max: 35 }),
      }),
    ),
  }),
  precheck: checkTableName,
  run(request, service) {
    const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } =
      request.PointInTimeRecoverySpecification;
    if (!enabled && days !== undefined)
      throw validationError(
        'Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.',
      );
    const { recovery: present, ...others } = backedUpTable(service, request.TableName).record;
    const now = Math.floor(service.clock.now());
    const recovery: Recovery = {
      enabledAt: present?.enabledAt ?? now,
      periodDays: days ?? present?.periodDays ?? DEFAULT_PERIOD_DAYS,
    };
    const { record } = service.tables.update(enabled ? { ...others, recovery } : others);
    return { ContinuousBackupsDescription: describeRecovery(record, service.clock.now()) };
  },
});
