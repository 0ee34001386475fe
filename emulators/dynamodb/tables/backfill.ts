/** Fills new indexes of large tables in the background. */
import type { Jobs } from '../jobs.ts';
import type { TableStore } from '../table-store.ts';
import type { Index, Table } from './table.ts';

export interface Backfills {
  /** Goes on with every index of the table that is backfilling. */
  start(table: Table): void;
}

/** Smaller tables are indexed before UpdateTable answers. */
export const LARGE_TABLE_ITEMS = 1000;
const BATCH_SIZE = 500;

/** Goes on with what a restart interrupted. */
export function startBackfills(tables: TableStore, jobs: Jobs, notice: (message: string) => void): Backfills {
  /** Undefined once the table or the index was removed, or the index was made otherwise. */
  const present = ({ record }: Table, indexName: string): [Table, Index] | undefined => {
    const table = tables.find(record.name);
    const index = table?.record.id === record.id ? table.index(indexName) : undefined;
    return table && index?.record.backfilling ? [table, index] : undefined;
  };

  function* fill(table: Table, indexName: string): Generator<void> {
    for (;;) {
      const found = present(table, indexName);
      if (!found) return;
      if (tables.backfill(...found, BATCH_SIZE))
        return void tables.update(withReadyIndex(found[0], indexName));
      yield;
    }
  }

  const start = (table: Table) => {
    for (const { name, record } of table.indexes)
      if (record.backfilling)
        jobs.step(fill(table, name), (thrown) =>
          notice(`index ${name} of table ${table.name} was not filled: ${String(thrown)}`),
        );
  };

  for (const name of tables.names()) {
    const table = tables.find(name);
    if (table) start(table);
  }
  return { start };
}

function withReadyIndex({ record }: Table, indexName: string) {
  return {
    ...record,
    globalIndexes: record.globalIndexes.map((index) => {
      if (index.name !== indexName) return index;
      const { backfilling: _, ...ready } = index;
      return ready;
    }),
  };
}
