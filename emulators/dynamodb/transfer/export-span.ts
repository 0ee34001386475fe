/** Which time an export is about, with the service's checks of it. Times are epoch ms. */
import { failure, printTime, recoveryUnavailable } from '../backups/errors.ts';
import { recoveryWindow } from '../backups/recovery-window.ts';
import { validationError } from '../errors.ts';
import type { TableRecord } from '../tables/table-record.ts';
import type { ExportRecord, ExportView } from './transfer-records.ts';

export interface SpanRequest {
  readonly ExportTime?: number;
  readonly ExportType?: string;
  readonly IncrementalExportSpecification?: {
    readonly ExportFromTime?: number;
    readonly ExportToTime?: number;
    readonly ExportViewType?: ExportView;
  };
}

const MIN_WINDOW_MS = 15 * 60 * 1000;
const MAX_WINDOW_MS = 24 * 60 * 60 * 1000;

const invalidTime = (message: string) => failure('InvalidExportTimeException', message);

export function exportSpan(
  request: SpanRequest,
  table: TableRecord,
  now: number,
): Pick<ExportRecord, 'at' | 'window'> {
  const { ExportType: type, IncrementalExportSpecification: specification } = request;
  if (type !== 'INCREMENTAL_EXPORT') {
    if (specification)
      throw validationError(
        type === undefined
          ? 'Invalid Request: Export Type expected to be Incremental Export when incremental export specification is provided'
          : 'Invalid Request: When Export Type is Full Export , Incremental Export Specification should not be provided',
      );
    return { at: moment(request, table, now) };
  }
  if (!specification)
    throw validationError(
      'Invalid Request: Incremental Export Specification expected when export type is set as Incremental Export',
    );
  const {
    ExportFromTime: from,
    ExportToTime: to = now,
    ExportViewType: view = 'NEW_AND_OLD_IMAGES',
  } = specification;
  if (from === undefined)
    throw validationError(
      'Invalid Request: ExportFromTime must be provided in IncrementalExportSpecification',
    );
  checkWindow(from, to, table, now);
  return { window: { from, to, view } };
}

function moment({ ExportTime: at = 0 }: SpanRequest, { name, recovery }: TableRecord, now: number): number {
  if (!recovery) throw recoveryUnavailable(name);
  if (at === 0) return now;
  const { earliest, latest } = recoveryWindow(recovery, now);
  if (at < earliest || at > latest) throw invalidTime('Export Time is invalid');
  return at;
}

function checkWindow(
  from: number,
  to: number,
  { name, createdAt, recovery }: TableRecord,
  now: number,
): void {
  if (from < createdAt)
    throw invalidTime(
      `Incremental export period from time cannot be less than the table creation time : ${printTime(from)}`,
    );
  if (to > now)
    throw invalidTime(
      `Incremental export period to time cannot be greater than the current time : ${printTime(to)}`,
    );
  if (!recovery) throw recoveryUnavailable(name);
  const length = (limit: string) =>
    invalidTime(`Difference between export period from time and export period to time is ${limit}`);
  if (to - from < MIN_WINDOW_MS) throw length('less than 15 minutes');
  if (to - from > MAX_WINDOW_MS) throw length('greater than 24 hours');
  if (from < recoveryWindow(recovery, now).earliest)
    throw invalidTime('Point in Time Recovery is not available for specified export time');
}
