/**
 * A copy of a table as it was at one moment, while others go on writing: all items are read batch by batch, whatever they are
 * by then, and the changes made since that moment are taken back, newest first. The first change of an item after the moment
 * comes last, with what the item was.
 */
import type { Entry, ItemState, PageOptions, TableStore } from '../table-store.ts';
import type { Table } from '../tables/table.ts';
import type { HistoryLog } from './history-log.ts';

/** Items handled in one transaction, about ten milliseconds' worth; the event loop turns in between. */
export const BATCH_SIZE = 1000;

export interface CopyOptions {
  /** In the order of keys. Throws when there is nothing to read from any more. */
  range(options: PageOptions): Iterable<Entry>;
  /** Where to go back to, unless the items do not change. */
  readonly since?: { readonly log: HistoryLog; readonly position: Uint8Array };
  write(batch: readonly ItemState[]): void;
}

export function* copyItems({ range, since, write }: CopyOptions): Generator<void> {
  let from: Uint8Array = Buffer.alloc(1);
  for (;;) {
    const batch = take(range({ from }), BATCH_SIZE);
    const last = batch.at(-1);
    if (last) write(batch);
    if (!last || batch.length < BATCH_SIZE) break;
    from = Buffer.concat([last.key, Buffer.alloc(1)]);
    yield;
  }
  if (since) yield* takeBack(since, write);
}

function* takeBack(
  { log, position }: NonNullable<CopyOptions['since']>,
  write: CopyOptions['write'],
): Generator<void> {
  let to: Uint8Array | undefined;
  for (;;) {
    const changes = log.read({ from: position, ...(to && { to }), reverse: true, limit: BATCH_SIZE });
    if (changes.length > 0) write(changes.map(({ key, before }) => ({ key, stored: before })));
    to = changes.at(-1)?.position;
    if (changes.length < BATCH_SIZE) return;
    yield;
  }
}

function take(entries: Iterable<Entry>, count: number): Entry[] {
  const taken: Entry[] = [];
  for (const entry of entries) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
}

/** The table a copy under way reads. Throws when it was removed. */
export function stillThere(
  tables: TableStore,
  { name, id }: { readonly name: string; readonly id: string },
): Table {
  const table = tables.find(name);
  if (table?.record.id !== id) throw new Error(`table ${name} was removed while it was read`);
  return table;
}
