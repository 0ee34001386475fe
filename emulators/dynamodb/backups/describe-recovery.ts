/** The ContinuousBackupsDescription of a table. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { recoveryWindow } from './recovery-window.ts';

/** `now` is epoch ms. Continuous backups as such are on for every table; the question is point-in-time recovery. */
export function describeRecovery({ recovery }: TableRecord, now: number): JsonObject {
  if (!recovery)
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    };
  const { earliest, latest } = recoveryWindow(recovery, now);
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: recovery.periodDays,
      EarliestRestorableDateTime: earliest / 1000,
      LatestRestorableDateTime: latest / 1000,
    },
  };
}
