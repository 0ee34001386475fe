/** Copies of tables that live no longer than the export that is made of them. */
import type { Store } from '../../../src/model/platform.ts';
import { StoredItem } from '../stored-item.ts';
import type { ItemState } from '../table-store.ts';

export interface Scratch {
  open(id: string): {
    write(batch: readonly ItemState[]): void;
    /** Read lazily, in the order of keys. */
    texts(): Iterable<StoredItem>;
    drop(): void;
  };
}

const PREFIX = 'dynamodb.scratch/';

/** Drops what a kill left. */
export function openScratch(store: Store): Scratch {
  for (const name of store.names()) if (name.startsWith(PREFIX)) store.drop(name);
  return {
    open(id) {
      const map = store.map<string>(PREFIX + id, { keys: 'bytes', values: 'string' });
      return {
        write(batch) {
          store.write(() => {
            for (const { key, stored } of batch) {
              if (stored) map.put(key, stored.text);
              else map.remove(key);
            }
          });
        },
        *texts() {
          for (const { value } of map.range()) yield StoredItem.read(value);
        },
        drop: () => store.drop(PREFIX + id),
      };
    },
  };
}
