/** What is stored about a backup, apart from its items. */
import type { TableRecord } from '../tables/table-record.ts';

export interface BackupRecord {
  readonly arn: string;
  /** The end of the ARN: 14 digits of epoch ms, 8 hex. */
  readonly id: string;
  readonly name: string;
  /** `SYSTEM`: made when a table was deleted that recovered to points in time. */
  readonly type: 'USER' | 'SYSTEM';
  readonly status: 'CREATING' | 'AVAILABLE';
  /** Epoch ms. */
  readonly createdAt: number;
  readonly expiresAt?: number;
  /** The definition of the table when it was asked for. */
  readonly table: TableRecord;
  readonly itemCount: number;
  readonly sizeBytes: number;
  /** Where in the table's history it was asked for, in base64: with that, one that a kill interrupted is made anew. */
  readonly position?: string;
}

/** The ids of backups, exports and imports: they sort by time. */
export function timedId(at: number, suffix: string): string {
  return `${String(Math.floor(at)).padStart(14, '0')}-${suffix}`;
}
