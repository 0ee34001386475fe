/** On-demand backups: made in the background as of the moment they were asked for, kept until they are deleted. */
import type { Clock, Ids, Store } from '../../../src/model/platform.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { Jobs } from '../jobs.ts';
import type { TableStore } from '../table-store.ts';
import type { Table } from '../tables/table.ts';
import { type BackupRecord, timedId } from './backup-record.ts';
import { openBackupStore } from './backup-store.ts';
import { BATCH_SIZE, copyItems, stillThere } from './copy-items.ts';
import type { History } from './history.ts';
import { DAY_MS } from './recovery-window.ts';
import { type Restores, startRestores } from './restores.ts';

export interface Backups {
  /** Begins one; a small table's is complete when this returns. The record is that of the beginning. */
  create(table: Table, name: string): BackupRecord;
  /** The backup the service makes of a table that recovers to points in time when it is deleted. */
  keepDeleted(table: Table): void;
  find(arn: string): BackupRecord | undefined;
  /** By ARN. */
  list(): readonly BackupRecord[];
  remove(record: BackupRecord): void;
  readonly restores: Restores;
}

export interface BackupsContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tables: TableStore;
  readonly history: History;
  readonly jobs: Jobs;
  readonly region: string;
  readonly accountId: string;
  readonly notice: (message: string) => void;
}

const SYSTEM_BACKUP_DAYS = 35;

export function openBackups(context: BackupsContext): Backups {
  const { clock, ids, tables, history, jobs, notice } = context;
  const storage = openBackupStore(context.store);

  const arnOf = (table: Table, id: string) =>
    `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${table.name}/backup/${id}`;

  const describe = (table: Table, createdAt: number, id: string) => ({
    arn: arnOf(table, id),
    id,
    status: 'CREATING' as const,
    createdAt,
    table: table.record,
    itemCount: tables.itemCount(table),
    sizeBytes: tables.sizeBytes(table),
  });

  function* copy(record: BackupRecord): Generator<void> {
    const { table: source, position } = record;
    const held = position === undefined ? undefined : history.hold(source.id);
    try {
      yield* copyItems({
        range: (options) => tables.range(stillThere(tables, source), undefined, options),
        ...(held && { since: { log: held.log, position: Buffer.from(position ?? '', 'base64') } }),
        write: (batch) => storage.write(record, batch),
      });
      storage.put({ ...record, status: 'AVAILABLE' });
    } finally {
      held?.release();
    }
  }

  const start = (record: BackupRecord) =>
    jobs.step(copy(record), (thrown) => {
      storage.remove(record);
      notice(`the backup ${record.name} of table ${record.table.name} was given up: ${messageOf(thrown)}`);
    });

  const expire = () => {
    for (const record of storage.list())
      if (record.expiresAt !== undefined && record.expiresAt <= clock.now()) storage.remove(record);
  };

  for (const record of storage.list()) if (record.status === 'CREATING') start(record);
  expire();
  const restores = startRestores(context, storage);
  history.dropForgotten();

  return {
    restores,

    create(table, name) {
      const createdAt = Math.floor(clock.now());
      const id = timedId(createdAt, ids.hex(4));
      const isLarge = tables.itemCount(table) >= BATCH_SIZE;
      const held = isLarge ? history.hold(table.record.id) : undefined;
      const position = held && Buffer.from(held.log.end(createdAt)).toString('base64');
      const record: BackupRecord = {
        ...describe(table, createdAt, id),
        name,
        type: 'USER',
        ...(position !== undefined && { position }),
      };
      storage.put(record);
      start(record);
      held?.release();
      return record;
    },

    keepDeleted(table) {
      const createdAt = Math.floor(clock.now());
      const record: BackupRecord = {
        ...describe(table, createdAt, timedId(createdAt, '00000000')),
        name: `${table.name}$DeletedTableBackup`,
        type: 'SYSTEM',
        expiresAt: createdAt + SYSTEM_BACKUP_DAYS * DAY_MS,
      };
      for (const _ of copy(record));
    },

    find(arn) {
      expire();
      return storage.find(arn);
    },

    list() {
      expire();
      return storage.list();
    },

    remove: (record) => storage.remove(record),
  };
}
