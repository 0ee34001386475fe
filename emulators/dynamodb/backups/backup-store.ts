/** Backups on disk: their records, and the items of each in a map of its own. */
import type { Store, StoreMap } from '../../../src/model/platform.ts';
import { StoredItem } from '../stored-item.ts';
import type { Entry, ItemState, PageOptions } from '../table-store.ts';
import type { BackupRecord } from './backup-record.ts';

export interface BackupStore {
  /** By ARN: per table in order of time. */
  list(): readonly BackupRecord[];
  find(arn: string): BackupRecord | undefined;
  put(record: BackupRecord): void;
  remove(record: BackupRecord): void;
  /** Items by key, read lazily. */
  range(record: BackupRecord, options: PageOptions): Iterable<Entry>;
  write(record: BackupRecord, batch: readonly ItemState[]): void;
}

export function openBackupStore(store: Store): BackupStore {
  const records = store.map<BackupRecord>('dynamodb.backups');
  const itemsName = (record: BackupRecord) => `dynamodb.backup/${record.table.id}/${record.id}`;
  const items = (record: BackupRecord): StoreMap<string> =>
    store.map<string>(itemsName(record), { keys: 'bytes', values: 'string' });

  return {
    list: () => [...records.range()].map(({ value }) => value),
    find: (arn) => records.get(arn),
    put: (record) => records.put(record.arn, record),
    remove(record) {
      records.remove(record.arn);
      store.drop(itemsName(record));
    },
    *range(record, options) {
      for (const { key, value } of items(record).range(options))
        yield { key: key as Uint8Array, stored: StoredItem.read(value) };
    },
    write(record, batch) {
      const map = items(record);
      store.write(() => {
        for (const { key, stored } of batch) {
          if (stored) map.put(key, stored.text);
          else map.remove(key);
        }
      });
    },
  };
}
