/** Where items, or the entries of an index, stand by their keys. */
import type { StoreMap } from '../../src/model/platform.ts';
import type { PageShelf } from './recent-pages.ts';
import { StoredItem } from './stored-item.ts';
import type { Entry, PageOptions } from './table-store.ts';

export interface ItemMap {
  get(key: Uint8Array): StoredItem | undefined;
  /** All of it, read lazily. */
  all(): Iterable<Entry>;
  range(options: PageOptions): Iterable<Entry>;
  /** From `from` on, at most `limit`. */
  batch(from: Uint8Array | undefined, limit: number): readonly Entry[];
  put(key: Uint8Array, stored: StoredItem): void;
  remove(key: Uint8Array): void;
  clear(): void;
  count(): number;
}

/** Nobody else writes to `map`. */
export function makeItemMap(map: StoreMap<string>, shelf: PageShelf): ItemMap {
  return {
    get(key) {
      const text = map.get(key);
      return text === undefined ? undefined : StoredItem.read(text);
    },
    all: () => read(map, {}),
    range: (options) => shelf.range(options, (within) => read(map, within)),
    batch: (from, limit) => [...read(map, { ...(from && { from }), limit })],
    put(key, stored) {
      shelf.changes(key);
      map.put(key, stored.text);
    },
    remove(key) {
      shelf.changes(key);
      map.remove(key);
    },
    clear() {
      shelf.clear();
      map.clear();
    },
    count: map.count,
  };
}

function* read(
  map: StoreMap<string>,
  options: Partial<PageOptions> & { readonly limit?: number },
): Iterable<Entry> {
  for (const { key, value } of map.range(options))
    yield { key: key as Uint8Array, stored: StoredItem.read(value) };
}
