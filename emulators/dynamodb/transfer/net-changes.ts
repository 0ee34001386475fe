/** What became of each item in a stretch of time: the content of an incremental export. */
import type { HistoryLog, PastChange } from '../backups/history-log.ts';
import { placeAt } from '../backups/history-log.ts';
import type { StoredItem } from '../stored-item.ts';
import type { TableStore } from '../table-store.ts';
import type { Table } from '../tables/table.ts';
import { type Item, pick } from '../values/attribute-value.ts';
import type { ExportView } from './transfer-records.ts';

export interface NetChange {
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  /** Epoch ms of the last write. */
  readonly at: number;
}

/** Changes read at once. */
const BATCH_SIZE = 1000;

/** `from` included, `to` excluded, epoch ms. An item that came and went in between is left out. */
export function netChanges(
  tables: TableStore,
  log: HistoryLog,
  table: Table,
  { from, to }: { readonly from: number; readonly to: number },
): readonly NetChange[] {
  const within = new Map<string, { key: Uint8Array; before: StoredItem | undefined; at: number }>();
  for (const { key, before, at } of changes(log, placeAt(from), placeAt(to))) {
    const name = Buffer.from(key).toString('base64');
    within.set(name, { key, before, ...within.get(name), at });
  }
  const later = new Map<string, StoredItem | undefined>();
  for (const { key, before } of changes(log, placeAt(to))) {
    const name = Buffer.from(key).toString('base64');
    if (within.has(name) && !later.has(name)) later.set(name, before);
  }
  return [...within]
    .map(([name, { key, before, at }]) => ({
      before,
      after: later.has(name) ? later.get(name) : tables.get(table, key),
      at,
    }))
    .filter(({ before, after }) => before ?? after);
}

/** A line of the data file, without its end. */
export function netChangeLine(
  { keyNames }: Table,
  { before, after, at }: NetChange,
  view: ExportView,
): string {
  const item: Item = (after ?? before)?.item ?? {};
  return JSON.stringify({
    Metadata: { WriteTimestampMicros: { N: String(at * 1000) } },
    Keys: pick(item, new Set(keyNames)),
    ...(before && view === 'NEW_AND_OLD_IMAGES' && { OldImage: before.item }),
    ...(after && { NewImage: after.item }),
  });
}

function* changes(log: HistoryLog, from: Uint8Array, to?: Uint8Array): Generator<PastChange> {
  let next: Uint8Array = from;
  for (;;) {
    const batch = log.read({ from: next, ...(to && { to }), limit: BATCH_SIZE });
    yield* batch;
    const last = batch.at(-1);
    if (!last || batch.length < BATCH_SIZE) return;
    next = Buffer.concat([last.position, Buffer.alloc(1)]);
  }
}
