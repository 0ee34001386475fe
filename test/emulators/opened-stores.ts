/** Temporary stores that tests open and leave open: a worker of the test runner is ended without its exit handlers. */
import { type FileStore, openTemporaryStore } from '../../src/std/store.ts';

const opened = new Set<FileStore>();

export function openStoreOfTest(): FileStore {
  const store = openTemporaryStore();
  opened.add(store);
  return store;
}

export async function closeOpenedStores(): Promise<void> {
  for (const store of opened) await store.close();
  opened.clear();
}
