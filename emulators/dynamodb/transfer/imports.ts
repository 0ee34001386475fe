/** Imports: objects of a bucket → items of a new table. What does not fit is left out and counted. */
import { messageOf } from '../../../src/std/errors.ts';
import { ServiceError } from '../../_wire/service-error.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { nextTurn } from '../jobs.ts';
import { StoredItem } from '../stored-item.ts';
import type { ItemState } from '../table-store.ts';
import { checkItemSize, checkPutItem } from '../tables/check-keys.ts';
import type { Table } from '../tables/table.ts';
import { validateItem } from '../values/validate-value.ts';
import { readItems, type SourceItem } from './source-items.ts';
import type { TransferContext } from './transfer-context.ts';
import type { ImportCounts, ImportRecord } from './transfer-records.ts';

export interface ImportResult {
  readonly counts: ImportCounts;
  /** The first thing that was left out, and why. */
  readonly firstProblem?: string;
}

interface Progress {
  sizeBytes: number;
  processed: number;
  imported: number;
  errors: number;
  firstProblem?: string;
}

export async function importFiles(
  { files, tables }: TransferContext,
  record: ImportRecord,
  table: Table,
  signal: AbortSignal,
): Promise<ImportResult> {
  const progress: Progress = { sizeBytes: 0, processed: 0, imported: 0, errors: 0 };

  const leaveOut = (where: string, reason: string) => {
    progress.errors++;
    progress.firstProblem ??= `${where}: ${reason}`;
  };

  const load = (key: string, items: readonly SourceItem[]) => {
    const batch: ItemState[] = [];
    for (const source of items) {
      progress.processed++;
      const read = 'problem' in source ? source.problem : stateOf(table, source);
      if (typeof read === 'string') leaveOut(`${key} line ${source.line}`, read);
      else batch.push(read);
    }
    if (batch.length > 0) tables.load(table, batch);
    progress.imported += batch.length;
  };

  for (const key of await files.list(record.bucket, record.prefix ?? '')) {
    try {
      for await (const { items, bytes } of readItems(
        files.pathOf(record.bucket, key),
        record,
        table.record,
        signal,
      )) {
        progress.sizeBytes += bytes;
        load(key, items);
        await nextTurn(signal);
      }
    } catch (thrown) {
      signal.throwIfAborted();
      progress.processed++;
      leaveOut(key, messageOf(thrown));
    }
  }
  const { firstProblem, ...counts } = progress;
  return { counts, ...(firstProblem !== undefined && { firstProblem }) };
}

/** The complaint a put of the item would be answered with, where it is no item of the table. */
function stateOf(table: Table, { item: raw }: Extract<SourceItem, { item: unknown }>): ItemState | string {
  try {
    const item = validateItem(attributeMap.decode(raw, 'field'));
    checkPutItem(table, item);
    const stored = StoredItem.of(item, table.key.range);
    checkItemSize(stored.size);
    return { key: table.layout.keyOf(item), stored };
  } catch (thrown) {
    if (!(thrown instanceof ServiceError)) throw thrown;
    return thrown.message || String(thrown.fields.Message);
  }
}
