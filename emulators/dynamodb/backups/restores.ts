/** Tables being filled from a backup, or from the past of another table. */
import { messageOf, unreachable } from '../../../src/std/errors.ts';
import type { Jobs } from '../jobs.ts';
import type { TableStore } from '../table-store.ts';
import type { Table } from '../tables/table.ts';
import type { Restoring, TableRecord } from '../tables/table-record.ts';
import type { BackupRecord } from './backup-record.ts';
import type { BackupStore } from './backup-store.ts';
import { type CopyOptions, copyItems, stillThere } from './copy-items.ts';
import type { History } from './history.ts';
import { placeAt } from './history-log.ts';

export interface Restores {
  /** Makes the table, empty and loading; `start` fills it. */
  open(record: TableRecord & { readonly loading: Restoring }): { readonly table: Table; start(): void };
  /** Is a table being filled from that backup? */
  isSource(backup: BackupRecord): boolean;
}

export interface RestoresContext {
  readonly tables: TableStore;
  readonly history: History;
  readonly jobs: Jobs;
  readonly notice: (message: string) => void;
}

type Source = Pick<CopyOptions, 'range' | 'since'> & { readonly release?: () => void };

/** Goes on with those a kill interrupted. */
export function startRestores(context: RestoresContext, backups: BackupStore): Restores {
  const { tables, history, jobs, notice } = context;

  const sourceOf = (loading: Restoring): Source => {
    switch (loading.from) {
      case 'backup': {
        const backup = backups.find(loading.backupArn);
        if (!backup) throw new Error(`there is no backup ${loading.backupArn}`);
        return { range: (options) => backups.range(backup, options) };
      }
      case 'table': {
        const { log, release } = history.hold(loading.tableId);
        const source = { name: loading.tableName, id: loading.tableId };
        return {
          range: (options) => tables.range(stillThere(tables, source), undefined, options),
          since: { log, position: placeAt(Math.floor(loading.at) + 1) },
          release,
        };
      }
      default:
        return unreachable(loading);
    }
  };

  function* fill(table: Table, loading: Restoring): Generator<void> {
    const { release, ...source } = sourceOf(loading);
    try {
      yield* copyItems({
        ...source,
        write: (batch) => tables.load(stillThere(tables, table.record), batch),
      });
      finishLoading(tables, stillThere(tables, table.record));
    } finally {
      release?.();
    }
  }

  const start = (table: Table, loading: Restoring) =>
    jobs.step(fill(table, loading), (thrown) => {
      if (tables.find(table.name)?.record.id === table.record.id) tables.remove(table);
      notice(`table ${table.name} was not restored and is removed again: ${messageOf(thrown)}`);
    });

  for (const name of tables.names()) {
    const table = tables.find(name);
    const loading = table?.record.loading;
    if (table && loading && loading.from !== 'files') start(table, loading);
  }

  return {
    open(record) {
      const table = tables.create(record);
      return { table, start: () => start(table, record.loading) };
    },
    isSource: (backup) =>
      tables.names().some((name) => {
        const loading = tables.find(name)?.record.loading;
        return loading?.from === 'backup' && loading.backupArn === backup.arn;
      }),
  };
}

/** From now on the table is there for everyone. */
export function finishLoading(tables: TableStore, { record }: Table): void {
  const { loading, ...others } = record;
  tables.update(loading && loading.from !== 'files' ? { ...others, restored: loading } : others);
}
