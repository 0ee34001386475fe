/** Exports and imports: begun by their operations, done in the background, remembered for as long as the service does. */
import { messageOf } from '../../../src/std/errors.ts';
import { finishLoading } from '../backups/restores.ts';
import type { Table } from '../tables/table.ts';
import { makeBucketFiles } from './bucket-files.ts';
import { writeExport } from './exports.ts';
import { importFiles } from './imports.ts';
import { openScratch } from './scratch.ts';
import type { TransferContext, TransfersContext } from './transfer-context.ts';
import {
  type ExportRecord,
  type ImportRecord,
  openRecordStore,
  type RecordStore,
} from './transfer-records.ts';

export interface Transfers {
  readonly exports: RecordStore<ExportRecord>;
  readonly imports: RecordStore<ImportRecord>;
  startExport(record: ExportRecord, table: Table): void;
  /** `table` was made for it and is loading. */
  startImport(record: ImportRecord, table: Table): void;
}

const SESSION_ENDED = { code: 'UNKNOWN', message: 'the session of sls-local ended before it was complete' };
const LEFT_OUT = {
  code: 'ItemValidationError',
  message:
    'Some of the items failed validation checks and were not imported. Please check CloudWatch error logs for more details.',
};
const NO_BUCKET = { code: 'S3NoSuchBucket', message: 'The specified bucket does not exist' };

export function openTransfers(given: TransfersContext): Transfers {
  const { store, clock, tables, history, jobs, notice } = given;
  const context: TransferContext = {
    ...given,
    files: makeBucketFiles(given.folder),
    scratch: openScratch(store),
  };
  const exports = openRecordStore<ExportRecord>(store, 'dynamodb.exports');
  const imports = openRecordStore<ImportRecord>(store, 'dynamodb.imports');
  const now = () => Math.floor(clock.now());

  const failExport = (record: ExportRecord, failure: ExportRecord['failure'] & object) =>
    exports.put({ ...record, status: 'FAILED', endedAt: now(), failure });

  const failImport = (record: ImportRecord, failure: ImportRecord['failure'] & object) =>
    imports.put({ ...record, status: 'FAILED', endedAt: now(), failure });

  const present = (record: ImportRecord): Table | undefined => {
    const table = tables.find(record.tableName);
    return table?.record.id === record.tableId ? table : undefined;
  };

  /** A kill ends them; what was imported stays. */
  const endInterrupted = () => {
    for (const record of exports.list(0))
      if (record.status === 'IN_PROGRESS') failExport(record, SESSION_ENDED);
    for (const record of imports.list(0)) {
      if (record.status !== 'IN_PROGRESS') continue;
      failImport(record, SESSION_ENDED);
      const table = present(record);
      if (table) finishLoading(tables, table);
    }
  };
  endInterrupted();

  const runImport = async (record: ImportRecord, table: Table, signal: AbortSignal) => {
    if (!context.files.hasBucket(record.bucket)) {
      tables.remove(table);
      failImport(record, NO_BUCKET);
      return;
    }
    const { counts, firstProblem } = await importFiles(context, record, table, signal);
    const done = present(record);
    if (done) finishLoading(tables, done);
    if (firstProblem === undefined) {
      imports.put({ ...record, counts, status: 'COMPLETED', endedAt: now() });
      return;
    }
    failImport({ ...record, counts }, LEFT_OUT);
    notice(
      `import into table ${record.tableName}: ${counts.errors} of ${counts.processed} items were left out; the first: ${firstProblem}`,
    );
  };

  return {
    exports,
    imports,

    startExport(record, table) {
      exports.put(record);
      const { log, release } = history.hold(table.record.id);
      jobs.run(
        async (signal) => {
          try {
            const result = await writeExport(context, record, table, log, signal);
            exports.put({ ...record, ...result, status: 'COMPLETED', endedAt: now() });
          } finally {
            release();
          }
        },
        (thrown) => failExport(record, { code: 'UNKNOWN', message: messageOf(thrown) }),
      );
    },

    startImport(record, table) {
      imports.put(record);
      jobs.run(
        (signal) => runImport(record, table, signal),
        (thrown) => {
          failImport(record, { code: 'UNKNOWN', message: messageOf(thrown) });
          const left = present(record);
          if (left) finishLoading(tables, left);
        },
      );
    },
  };
}
