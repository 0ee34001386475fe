/** Exports: a table as of a moment, or what changed in a stretch of time, written as the service lays it out in a bucket. */
import { copyItems, stillThere } from '../backups/copy-items.ts';
import { type HistoryLog, placeAt } from '../backups/history-log.ts';
import { nextTurn } from '../jobs.ts';
import type { Table } from '../tables/table.ts';
import { keyUnder } from './bucket-files.ts';
import { filesManifest, type SummaryInput, summaryManifest } from './manifests.ts';
import { netChangeLine, netChanges } from './net-changes.ts';
import type { TransferContext } from './transfer-context.ts';
import type { ExportRecord } from './transfer-records.ts';
import { writeData } from './write-data.ts';

/** Lines handed to the compressor at once. */
const LINES_AT_ONCE = 200;

export interface ExportResult {
  readonly manifestKey: string;
  readonly itemCount: number;
  readonly sizeBytes: number;
}

/** `log` is that of the table, held by the caller. */
export async function writeExport(
  context: TransferContext,
  record: ExportRecord,
  table: Table,
  log: HistoryLog,
  signal: AbortSignal,
): Promise<ExportResult> {
  const { files, ids, clock } = context;
  const root = keyUnder(record.prefix, 'AWSDynamoDB');
  const folder = `${root}/${record.id}`;
  const { bucket, window } = record;
  await files.write(bucket, `${folder}/_started`, '');
  // Incremental exports share one folder of data.
  const dataKey = `${window ? root : folder}/data/${ids.hex(13)}.json.gz`;
  const counted = { itemCount: 0, sizeBytes: 0 };
  const lines = window
    ? changedLines(netChanges(context.tables, log, table, window), table, window.view, counted)
    : await snapshotLines(context, record, table, log, counted, signal);
  const data = await writeData(files.pathOf(bucket, dataKey), lines, signal);
  const manifestFilesKey = `${folder}/manifest-files.json`;
  const summary: SummaryInput = { record, ...counted, endedAt: clock.now(), manifestFilesKey };
  const write = async (name: string, content: { readonly text: string; readonly md5: string }) => {
    await files.write(bucket, `${folder}/${name}.json`, content.text);
    await files.write(bucket, `${folder}/${name}.md5`, content.md5);
  };
  await write('manifest-files', filesManifest([{ ...data, itemCount: counted.itemCount, dataKey }]));
  await write('manifest-summary', summaryManifest(summary));
  return { ...counted, manifestKey: `${folder}/manifest-summary.json` };
}

interface Counted {
  itemCount: number;
  sizeBytes: number;
}

function* changedLines(
  changes: ReturnType<typeof netChanges>,
  table: Table,
  view: NonNullable<ExportRecord['window']>['view'],
  counted: Counted,
): Generator<string> {
  for (const change of changes) {
    counted.itemCount++;
    counted.sizeBytes += (change.after ?? change.before)?.size ?? 0;
    yield `${netChangeLine(table, change, view)}\n`;
  }
}

/** The items go through a map of their own, which is complete before the first line is written. */
async function snapshotLines(
  { scratch, tables }: TransferContext,
  { id, at = 0 }: ExportRecord,
  { record }: Table,
  log: HistoryLog,
  counted: Counted,
  signal: AbortSignal,
): Promise<Iterable<string>> {
  const copy = scratch.open(id);
  const steps = copyItems({
    range: (options) => tables.range(stillThere(tables, record), undefined, options),
    since: { log, position: placeAt(Math.floor(at) + 1) },
    write: copy.write,
  });
  while (!steps.next().done) await nextTurn(signal);
  return itemLines(copy.texts(), counted, copy.drop);
}

function* itemLines(
  items: ReturnType<ReturnType<TransferContext['scratch']['open']>['texts']>,
  counted: Counted,
  done: () => void,
): Generator<string> {
  let lines = '';
  let count = 0;
  for (const { json, size } of items) {
    counted.itemCount++;
    counted.sizeBytes += size;
    lines += `{"Item":${json}}\n`;
    if (++count % LINES_AT_ONCE > 0) continue;
    yield lines;
    lines = '';
  }
  if (lines !== '') yield lines;
  done();
}
